/** Which workspace is open. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Workspace } from './url.ts';

interface WorkspaceState {
  open: Workspace;
  show: (workspace: Workspace) => void;
}

export const workspace = createStore<WorkspaceState>()((set) => ({
  open: 'complete',
  show: (open) => set({ open }),
}));

/** Resolves as soon as it is open. */
export function whenOpen(wanted: Workspace): Promise<void> {
  return new Promise((resolve) => {
    if (workspace.getState().open === wanted) return resolve();
    const stop = workspace.subscribe(({ open }) => {
      if (open !== wanted) return;
      stop();
      resolve();
    });
  });
}

export const useWorkspace = <T>(select: (state: WorkspaceState) => T): T => useStore(workspace, select);
