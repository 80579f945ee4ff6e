/** What a newcomer can do with the drawing, in one line that goes as soon as anything has been done; its place stays. */
import { useDrawing } from '../state/drawing.ts';
import { useGallery } from '../state/gallery.ts';
import styles from './FirstStep.module.css';

export function FirstStep() {
  const untouched = useDrawing((s) => !s.canUndo);
  const examples = useGallery((s) => s.examples !== null);
  return (
    <p className={styles.step} data-done={!untouched}>
      {examples ? 'Draw here or take another picture, then complete.' : 'Draw here or open a picture, then complete.'}
    </p>
  );
}
