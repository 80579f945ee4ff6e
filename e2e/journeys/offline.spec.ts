/** The page in every engine when its host has gone, after one visit. */

import { startStaticHost } from '../static-host.ts';
import { expect, test } from './journey.ts';
import { CompleteWorkspace, WORK } from './workspaces.ts';

test('after one visit the page opens, completes and shows its other parts without its host', async ({ newVisit }) => {
  const host = await startStaticHost('/');
  try {
    const visit = await newVisit(host.address);
    const complete = new CompleteWorkspace(visit);
    await complete.open('n=2');
    const pictures = await complete.completions();
    await visit.whenKept();
    host.close();
    await visit.tab.reload();
    await complete.completed();
    expect(await complete.completions()).toEqual(pictures);
    await visit.find('tab', 'Train').click();
    await visit.find('button', /^10,000 of CIFAR-10/).appears(WORK);
    await visit.find('tab', 'About').click();
    await visit.find('heading', 'Published numbers').appears(WORK);
    expect(await visit.find('region', 'Notices').read()).toBe('');
  } finally {
    host.close();
  }
});
