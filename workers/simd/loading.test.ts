/** Fetching and choosing the kernels: what a person meets on a bad connection or an old engine. */
import { afterEach, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { instantiate, setKernels } from './kernels.ts';

afterEach(() => vi.restoreAllMocks());

const addresses = { plain: 'http://localhost/plain.wasm', relaxed: 'http://localhost/relaxed.wasm' };

it('fetches one build, once for all instances, and asks again after a download that broke off', async () => {
  const { plain } = await simdKernels();
  const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed'));
  fetched.mockImplementation(async () => new Response(plain));
  setKernels(addresses);
  await expect(instantiate()).rejects.toThrow('fetch failed');
  await Promise.all([instantiate(), instantiate()]);
  expect(fetched).toHaveBeenCalledTimes(2);
}, 60_000);

it('says which file is missing', async () => {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 404 }));
  setKernels(addresses);
  await expect(instantiate()).rejects.toThrow(/\/(plain|relaxed)\.wasm could not be fetched \(status 404\)\.$/);
});

it('takes relaxed SIMD where the engine has it', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 404 }));
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(true);
  setKernels(addresses);
  await instantiate().catch(() => {});
  expect(fetched).toHaveBeenCalledWith(addresses.relaxed);
});

it('leaves an engine without SIMD to the reference', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  setKernels(addresses);
  await expect(instantiate()).rejects.toThrow(RangeError);
});
