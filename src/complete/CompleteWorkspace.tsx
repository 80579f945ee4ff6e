/** The Complete workspace: the drawing goes in, completions come out, and a lens shows what the model weighed. */
import { useEffect } from 'react';
import { Editor } from '../canvas/Editor.tsx';
import { completion } from '../state/completion.ts';
import { openPicture } from '../state/gallery.ts';
import { models } from '../state/models.ts';
import { session } from '../state/session.ts';
import { Zone } from '../ui/Zone.tsx';
import zones from '../ui/zones.module.css';
import styles from './CompleteWorkspace.module.css';
import { Completions } from './Completions.tsx';
import { DrawingLabels } from './DrawingLabels.tsx';
import { ExampleStrip } from './ExampleStrip.tsx';
import { FirstStep } from './FirstStep.tsx';
import { Inspector } from './Inspector.tsx';
import { speakOfCompletions, speakOfPixels } from './spoken.ts';

speakOfCompletions();
speakOfPixels();

export function CompleteWorkspace() {
  useShortcuts();
  return (
    <div className={zones.zones}>
      <div className={`${zones.in} ${styles.in}`}>
        <Zone title="Drawing">
          <ExampleStrip />
          <Editor onPicture={(file) => void openPicture(file)} onModel={(files) => void models.getState().add(files)} />
          <FirstStep />
          <DrawingLabels />
        </Zone>
      </div>
      <div className={zones.out}>
        <Completions />
      </div>
      <div className={`${zones.meaning} ${styles.meaning}`}>
        <Inspector />
      </div>
    </div>
  );
}

/** Ctrl or Cmd with Enter completes; Escape stops, unless something else took it to close itself. */
function useShortcuts() {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && session.getState().phase === 'ready') {
        event.preventDefault();
        void completion.getState().complete();
      }
      if (event.key === 'Escape') completion.getState().stop();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
}
