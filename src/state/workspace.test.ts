import { expect, test, vi } from 'vitest';
import { whenOpen, workspace } from './workspace.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('what waits for a workspace goes on when that one is opened, and at once where it is open', async () => {
  const opened = vi.fn();
  workspace.getState().show('about');
  void whenOpen('complete').then(opened);
  workspace.getState().show('train');
  await settled();
  expect(opened).not.toHaveBeenCalled();
  workspace.getState().show('complete');
  await settled();
  expect(opened).toHaveBeenCalledOnce();
  await whenOpen('complete');
});
