import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder bench/. */
export const here = dirname(fileURLToPath(import.meta.url));
