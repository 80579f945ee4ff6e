/** One completed picture with its bits per pixel and what can be done with it. */
import type { Run } from '../state/completion.ts';
import { useInspection } from '../state/inspection.ts';
import { Button } from '../ui/Button.tsx';
import { More } from '../ui/icons.tsx';
import { PixelPicture } from './PixelPicture.tsx';
import { SaveMenu } from './save/SaveMenu.tsx';
import { classOf } from './starts.ts';
import styles from './VariantCard.module.css';
import type { Variant } from './variant.ts';
import { fullName, nameOf, type Which } from './which.ts';

interface Props {
  run: Run;
  which: Which;
  variant: Variant;
}

export function VariantCard({ run, which, variant }: Props) {
  const name = fullName(run, which);
  /** Where they differ. */
  const begun = run.starts && run.starts.length > 1 ? classOf(run, which) : undefined;
  const selected = useInspection((s) => s.selected.which === which);
  return (
    <figure className={styles.card} data-selected={selected}>
      <PixelPicture run={run} which={which} variant={variant} label={name} />
      <figcaption className={styles.caption}>
        <span className={styles.name} title={begun}>
          {begun ?? (which === 'original' ? nameOf(which) : which + 1)}
        </span>
        <span className={styles.bits} title="Mean surprise over the pixels that were not given">
          <span className={styles.number}>{variant.bits === null ? '–' : variant.bits.toFixed(2)}</span>{' '}
          {variant.bits !== null && <span className={styles.unit}>bits/px</span>}
        </span>
        <SaveMenu
          run={run}
          which={which}
          trigger={
            <Button look="quiet" square aria-label={`${name}: use, save, share`}>
              <More />
            </Button>
          }
        />
      </figcaption>
    </figure>
  );
}
