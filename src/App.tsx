/** The shell: the name, the workspaces, what the model runs on, and the one place for notices. */
import { Direction, Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './App.module.css';
import { CompleteWorkspace } from './complete/CompleteWorkspace.tsx';
import { WORKSPACES, type Workspace } from './state/url.ts';
import { useWorkspace } from './state/workspace.ts';
import { Announcements } from './ui/Announcements.tsx';
import { deferred } from './ui/deferred.tsx';
import { Notices } from './ui/Notices.tsx';
import { DeviceBadge } from './ui/shell/DeviceBadge.tsx';
import { ModelChooser } from './ui/shell/ModelChooser.tsx';
import { ThemeSwitch } from './ui/shell/ThemeSwitch.tsx';
import { useDirection } from './ui/useDirection.ts';

const TrainWorkspace = deferred(() => import('./train/TrainWorkspace.tsx').then((part) => part.TrainWorkspace));
const About = deferred(() => import('./about/About.tsx').then((part) => part.About));
const ProbeWorkspace = deferred(() => import('./probe/ProbeWorkspace.tsx').then((part) => part.ProbeWorkspace));

const PANELS: Record<Workspace, { name: string; panel: ReactNode }> = {
  complete: { name: 'Complete', panel: <CompleteWorkspace /> },
  train: { name: 'Train', panel: <TrainWorkspace /> },
  probe: { name: 'Probe', panel: <ProbeWorkspace /> },
  about: { name: 'About', panel: <About /> },
};

export function App() {
  const open = useWorkspace((s) => s.open);
  const show = useWorkspace((s) => s.show);
  const direction = useDirection();
  return (
    <Direction.Provider dir={direction}>
      <Tabs.Root value={open} onValueChange={(id) => show(id as Workspace)}>
        <header className={styles.header}>
          <h1 className={styles.name}>
            Image GPT<span className={styles.where}> in a tab</span>
          </h1>
          <Tabs.List className={styles.tabs} aria-label="Workspaces">
            {WORKSPACES.map((id) => (
              <Tabs.Trigger
                key={id}
                value={id}
                className={styles.tab}
                // Radix gives the focus by script, and a browser would draw the ring of a keyboard for that.
                onMouseDown={({ currentTarget }) => currentTarget.focus({ focusVisible: false })}
              >
                {PANELS[id].name}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <div className={styles.tools}>
            <DeviceBadge />
            <ModelChooser />
            <ThemeSwitch />
          </div>
        </header>
        <main>
          {WORKSPACES.map((id) => (
            <Tabs.Content key={id} value={id} className={styles.workspace} tabIndex={-1}>
              {PANELS[id].panel}
            </Tabs.Content>
          ))}
        </main>
        <Notices />
        <Announcements />
      </Tabs.Root>
    </Direction.Provider>
  );
}
