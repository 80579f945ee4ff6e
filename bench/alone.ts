/**
 * The engine alone, on the machine's own GPU: see alone/options.ts for the options.
 *
 *   npx tsx bench/alone.ts --parts training,decoding,profile --sizes small-32-b8
 */
import { register } from 'node:module';

register('../cli/shaders.mjs', import.meta.url);
await import('./alone/main.ts');
