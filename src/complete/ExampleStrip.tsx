/** The example pictures, one click away. */
import { PixelCanvas } from '../canvas/PixelCanvas.tsx';
import { useDrawing } from '../state/drawing.ts';
import { openExample, useGallery } from '../state/gallery.ts';
import { useSession } from '../state/session.ts';
import styles from './ExampleStrip.module.css';

export function ExampleStrip() {
  const examples = useGallery((s) => s.examples);
  const fits = useSession((s) => !s.model || s.model.id === examples?.model);
  const original = useDrawing((s) => s.original);
  if (!examples) return <div className={styles.strip} />;
  if (!fits) return null;
  return (
    <ul className={styles.strip} aria-label="Examples">
      {examples.pictures.map((example) => (
        <li key={example.name}>
          <button
            type="button"
            className={styles.example}
            aria-label={`Example: ${example.name}`}
            aria-pressed={original?.every((token, i) => token === example.tokens[i]) ?? false}
            title={`${example.name}. ${example.credit}`}
            onClick={() => openExample(examples, example)}
          >
            <PixelCanvas tokens={example.drawing} palette={examples.palette} side={examples.side} label="" />
          </button>
        </li>
      ))}
    </ul>
  );
}
