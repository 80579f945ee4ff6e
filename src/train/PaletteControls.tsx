/** Which side, whose colours; and where they are to be fitted, how many, from which seed. */
import type { DatasetInfo } from '../../workers/contract.ts';
import { useDatasets } from '../state/datasets.ts';
import { COLOUR_RANGE, type PaletteSource, sideFor, sidesFor, sourceFor, usePalettes } from '../state/palettes.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { Choice } from '../ui/Choice.tsx';
import { Progress } from '../ui/Progress.tsx';
import { SeedField } from '../ui/SeedField.tsx';
import { Slider } from '../ui/Slider.tsx';
import styles from './PaletteControls.module.css';

const SOURCES = [
  { value: 'model', label: "The model's palette" },
  { value: 'fit', label: 'Fitted to the data' },
] as const satisfies readonly { value: PaletteSource; label: string }[];

export function PaletteControls({ dataset }: { dataset: DatasetInfo }) {
  const side = usePalettes((s) => sideFor(dataset, s.side));
  const wished = usePalettes((s) => s.source);
  const choose = usePalettes((s) => s.choose);
  const model = useSession((s) => s.model);
  const phase = useSession((s) => s.phase);
  const source = sourceFor(wished, { model, phase });
  return (
    <>
      <div>
        <p className={styles.label} aria-hidden="true">
          Side in pixels
        </p>
        <Choice
          label="Side in pixels"
          options={sidesFor(dataset).map((one) => ({ value: String(one), label: String(one) }))}
          value={String(side)}
          onChange={(one) => choose({ side: Number(one) })}
        />
      </div>
      <div>
        <p className={styles.label} aria-hidden="true">
          Palette
        </p>
        <Choice label="Palette" options={SOURCES} value={source} onChange={(one) => choose({ source: one })} />
      </div>
      {source === 'fit' && <Fitting dataset={dataset} />}
      {source === 'model' && !model && (
        <p className={styles.hint}>
          {phase === 'failed' ? 'No model could be loaded: fit a palette instead.' : 'The model is being loaded.'}
        </p>
      )}
    </>
  );
}

function Fitting({ dataset: { id } }: { dataset: DatasetInfo }) {
  const colours = usePalettes((s) => s.colours);
  const seed = usePalettes((s) => s.seed);
  const isFitted = usePalettes((s) => s.fits.has(id));
  const done = usePalettes((s) => (s.fitting?.dataset === id ? s.fitting.done : null));
  const choose = usePalettes((s) => s.choose);
  const fitPalette = usePalettes((s) => s.fitPalette);
  const cancel = usePalettes((s) => s.cancel);
  // The worker does one of the two at a time, and data on its way is worth more.
  const adding = useDatasets((s) => s.adding !== null);
  return (
    <>
      <div className={styles.numbers}>
        <Slider
          label="Number of colours"
          {...COLOUR_RANGE}
          value={colours}
          onChange={(wanted) => choose({ colours: wanted })}
        />
        <SeedField seed={seed} onChange={(wanted) => choose({ seed: wanted })} />
      </div>
      <div className={styles.work}>
        <Button disabled={adding} onClick={() => void (done === null ? fitPalette() : cancel())}>
          {done !== null ? 'Cancel' : isFitted ? 'Fit again' : 'Fit a palette'}
        </Button>
        {done !== null && <Progress label="Fitting a palette" share={done} text={`${Math.floor(100 * done)} %`} />}
      </div>
    </>
  );
}
