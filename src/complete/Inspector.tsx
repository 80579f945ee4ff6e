/** What it means: the chosen picture large, seen in one of four ways, and what the model weighed at one of its pixels. */
import type { ComponentProps } from 'react';
import { useCompletion } from '../state/completion.ts';
import { spotOf, useInspection, VIEWS } from '../state/inspection.ts';
import { Button } from '../ui/Button.tsx';
import { Choice } from '../ui/Choice.tsx';
import { ChevronDown } from '../ui/icons.tsx';
import { Zone } from '../ui/Zone.tsx';
import styles from './Inspector.module.css';
import { PixelFacts } from './PixelFacts.tsx';
import { PixelPicture } from './PixelPicture.tsx';
import { SaveMenu } from './save/SaveMenu.tsx';
import { takeAsDrawing } from './save/takeAsDrawing.ts';
import { ViewLegend } from './ViewLegend.tsx';
import { VIEW_TEXTS } from './views.ts';
import { fullName, variantOf, type Which } from './which.ts';

const OPTIONS = VIEWS.map((value) => ({ value, label: VIEW_TEXTS[value].name }));

export function Inspector() {
  const view = useInspection((s) => s.view);
  const show = useInspection((s) => s.show);
  const run = useCompletion((s) => s.run);
  const wanted = useInspection((s) => spotOf(s).which);
  /** A run with fewer variants than the one before may lack the chosen one. */
  const which: Which = variantOf(run, wanted) ? wanted : 0;
  const variant = variantOf(run, which);

  return (
    <Zone title="Inspect" aside={run && <p className={styles.which}>{fullName(run, which)}</p>}>
      <Choice label="View" options={OPTIONS} value={view} onChange={show} />
      <ViewLegend />
      <div className={styles.lens}>
        <div className={styles.side}>
          {run && variant ? (
            <PixelPicture run={run} which={which} variant={variant} label={`${fullName(run, which)}, enlarged`} />
          ) : (
            <div className={styles.place} />
          )}
          <div className={styles.actions}>
            <Button disabled={!variant} onClick={() => run && variant && takeAsDrawing(run, variant.tokens)}>
              Use this one
            </Button>
            {run ? <SaveMenu run={run} which={which} trigger={<SaveButton />} /> : <SaveButton disabled />}
          </div>
        </div>
        <PixelFacts run={run} which={which} variant={variant} />
      </div>
    </Zone>
  );
}

function SaveButton(props: ComponentProps<typeof Button>) {
  return (
    <Button {...props}>
      Save
      <ChevronDown />
    </Button>
  );
}
