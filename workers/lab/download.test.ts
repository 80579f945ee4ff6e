/** Shipped models on their way, from a local server: what arrives is what was built, or the person is told. */
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { knownFile } from '../../tools/shipped-models.ts';
import type { LoadProgress } from '../contract.ts';
import { fetchModel, type ShippedModels } from './download.ts';

const NAMES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
const whole = (name: string) => Buffer.from(`the bytes of ${name}`.repeat(1000));
const ignore = () => {};

let server: Server;
/** How a file is sent for the n-th time. */
let send: (name: string, time: number) => Uint8Array;
let times: Map<string, number>;
let models: ShippedModels;
beforeEach(async () => {
  times = new Map();
  send = whole;
  server = createServer((request, response) => {
    const name = request.url!.split('/').at(-1)!;
    times.set(name, (times.get(name) ?? 0) + 1);
    response.end(send(name, times.get(name)!));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  const files = Object.fromEntries(NAMES.map((name) => [`small/${name}`, knownFile(whole(name))]));
  models = { address: `http://localhost:${port}/models/`, files };
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const damaged = (bytes: Buffer) => {
  bytes[bytes.length - 1] ^= 1;
  return bytes;
};

it('takes files that are whole, and says how far they are in bytes of the build', async () => {
  const told: LoadProgress[] = [];
  const files = await fetchModel('small', models, (progress) => told.push(progress));
  expect([...files.keys()]).toEqual(NAMES);
  for (const name of NAMES) expect(Buffer.from(files.get(name)!).equals(whole(name))).toBe(true);
  const total = NAMES.reduce((sum, name) => sum + whole(name).length, 0);
  expect(told.at(-1)).toEqual({ loaded: total, total });
});

it('fetches a damaged file anew, past the cache, and only it', async () => {
  send = (name, time) => (name === 'model.safetensors' && time === 1 ? damaged(whole(name)) : whole(name));
  const asked = vi.spyOn(globalThis, 'fetch');
  const told: LoadProgress[] = [];
  const files = await fetchModel('small', models, (progress) => told.push(progress));
  expect(Buffer.from(files.get('model.safetensors')!).equals(whole('model.safetensors'))).toBe(true);
  expect([...times.values()].sort()).toEqual([1, 1, 2]);
  expect(asked.mock.calls.map(([, init]) => init?.cache).filter((cache) => cache === 'reload')).toHaveLength(1);
  expect(told.at(-1)!.loaded).toBe(told.at(-1)!.total);
  asked.mockRestore();
});

it('refuses a file that stays damaged, with a sentence', async () => {
  send = (name) => (name === 'model.safetensors' ? damaged(whole(name)) : whole(name));
  await expect(fetchModel('small', models, ignore)).rejects.toThrow(
    'The model file /models/small/model.safetensors arrived damaged: try again, or reload the page.',
  );
  send = (name) => (name === 'config.json' ? whole(name).subarray(1) : whole(name));
  await expect(fetchModel('small', models, ignore)).rejects.toThrow('small/config.json arrived damaged');
});

it('says in the console where a browser cannot check, and goes on', async () => {
  vi.stubGlobal('crypto', { subtle: undefined });
  const info = vi.spyOn(console, 'info').mockImplementation(ignore);
  send = (name) => damaged(whole(name));
  expect((await fetchModel('small', models, ignore)).size).toBe(3);
  expect(info).toHaveBeenCalledOnce();
  info.mockRestore();
});
