/** The worker's entry: starts the lab, which lies in a chunk of its own (tools/entries.ts says why). */
import './lab/serve.ts';
