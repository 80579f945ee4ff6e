/** Opens the device, runs the parts that were asked for, and prints their figures. */
import { adapterName } from '../../workers/contract.ts';
import { dawnGpu } from '../../workers/engine/dawn.ts';
import { sentence } from '../measure.ts';
import { markdown, type Row, shown } from '../rows.ts';
import { ownDevice } from '../sides/devices.ts';
import type { Bench } from './bench.ts';
import { decoding } from './decoding.ts';
import { type Part, type Precision, parse } from './options.ts';
import { products } from './products.ts';
import { profiles } from './profile.ts';
import { training } from './training.ts';

const PART: Record<Part, (bench: Bench, precisions: Precision[]) => Promise<void>> = {
  products,
  training,
  decoding,
  profile: profiles,
};

try {
  const options = parse(process.argv.slice(2));
  const gpu = await dawnGpu();
  if ('missing' in gpu) throw new Error(gpu.missing);
  const env = `Node ${process.versions.node.split('.')[0]}, Dawn`;
  const open = await ownDevice({ env, gpu, wasm: {}, threads: 1, load: async () => undefined });
  const rows: Row[] = [];
  const emit = (row: Row) => {
    rows.push(row);
    if (options.json) console.log(JSON.stringify(row));
    console.error(
      `${row.name}: ${shown(row.ours)}${row.peer ? ` of ${shown(row.peer)}` : ''} ${row.unit}. ${row.note}`,
    );
  };
  const bench = { open, place: { env, adapter: adapterName(open.info) }, options, emit };
  const precisions = options.precisions.filter((p) => p === 'f32' || open.features.includes('shader-f16'));
  for (const part of options.parts) await PART[part](bench, precisions);
  if (!options.json) console.log(markdown(rows));
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}
// Dawn keeps Node alive.
process.exit();
