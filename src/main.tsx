/** The page's entry: starts the page, which lies in a chunk of its own (tools/entries.ts says why). */
import './start.tsx';
