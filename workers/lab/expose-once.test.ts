import * as Comlink from 'comlink';
import { afterEach, expect, it, vi } from 'vitest';
import type { Lab } from '../contract.ts';
import { exposeOnce } from './expose-once.ts';

afterEach(() => vi.restoreAllMocks());

it('answers each call once, however often the script of the worker is run', async () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { port1: page, port2: worker } = new MessageChannel();
  const start = vi.fn(async () => ({}));
  const create = vi.fn(() => ({ start }) as unknown as Lab);
  exposeOnce(create, worker);
  exposeOnce(create, worker);
  await Comlink.wrap<Lab>(page).start('auto');
  page.close();
  expect(create).toHaveBeenCalledOnce();
  expect(start).toHaveBeenCalledOnce();
  expect(complain).toHaveBeenCalledOnce();
});
