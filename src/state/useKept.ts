/** What is kept is listed as soon as there is a worker to ask, and again whenever another tab has changed it. */
import { useEffect } from 'react';
import { hearOtherTabs, type Kept } from '../otherTabs.ts';
import { useSession } from './session.ts';

export function useKept(kept: Kept, refresh: () => Promise<void>): void {
  const worker = useSession((s) => s.worker);
  useEffect(() => {
    if (!worker) return;
    void refresh();
    return hearOtherTabs(kept, () => void refresh());
  }, [worker, kept, refresh]);
}
