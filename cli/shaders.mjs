/** Lets Node import shaders as the bundler does: `import code from './x.wgsl?raw'` gives the text. */
import { readFile } from 'node:fs/promises';

export async function load(url, context, next) {
  if (!url.endsWith('.wgsl?raw')) return next(url, context);
  const text = await readFile(new URL(url.slice(0, -'?raw'.length)), 'utf8');
  return { format: 'module', source: `export default ${JSON.stringify(text)};`, shortCircuit: true };
}
