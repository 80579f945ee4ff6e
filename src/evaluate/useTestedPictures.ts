/** Pictures of a data set by their numbers, as soon as the worker has brought them. */
import { useEffect, useState } from 'react';
import type { DatasetSheet } from '../../workers/contract.ts';
import { report } from '../state/notices.ts';
import { runningWorker } from '../state/session.ts';

export function useTestedPictures(dataset: string, numbers: Uint32Array): DatasetSheet | null {
  const [brought, setBrought] = useState<{ numbers: Uint32Array; sheet: DatasetSheet } | null>(null);
  useEffect(() => {
    let wanted = true;
    const bring = async () => {
      try {
        const sheet = await runningWorker().testedPictures(dataset, numbers);
        if (wanted) setBrought({ numbers, sheet });
      } catch (error) {
        if (wanted) report(error);
      }
    };
    void bring();
    return () => {
      wanted = false;
    };
  }, [dataset, numbers]);
  return brought?.numbers === numbers ? brought.sheet : null;
}
