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

export const useWorkspace = <T>(select: (state: WorkspaceState) => T): T => useStore(workspace, select);
