/** One pixel in figures: what was chosen, how surprising that was, how open the choice, and which colours were weighed. */
import { TOP_COLOURS, UNKNOWN } from '../../workers/contract.ts';
import { hex, paletteColour } from '../canvas/colour.ts';
import { useAttention } from '../state/attention.ts';
import type { Run } from '../state/completion.ts';
import { spotOf, useInspection } from '../state/inspection.ts';
import { percent } from '../ui/format.ts';
import styles from './PixelFacts.module.css';
import { colourAt, describe, placeOf } from './pixel.ts';
import { classOf } from './starts.ts';
import type { Variant } from './variant.ts';
import { gazeOf, toBits } from './views.ts';
import type { Which } from './which.ts';

interface Props {
  run: Run | null;
  which: Which;
  variant: Variant | null;
}

export function PixelFacts({ run, which, variant }: Props) {
  const pixel = useInspection((s) => (spotOf(s).which === which ? spotOf(s).pixel : null));
  if (!run || !variant || pixel === null || pixel >= variant.tokens.length) return <HowTo />;

  const { palette } = run;
  const token = variant.tokens[pixel];
  const known = !Number.isNaN(variant.nll[pixel]);
  return (
    <div className={styles.facts}>
      <div className={styles.head}>
        <Swatch palette={palette} token={token} />
        <p>
          <span className={styles.place}>{placeOf(run, pixel)}</span>
          <br />
          {colourAt(run, variant, pixel)}
        </p>
      </div>
      <dl className={styles.measures}>
        <div>
          <dt>Surprise</dt>
          <dd>{known ? `${toBits(variant.nll[pixel]).toFixed(2)} bits` : '–'}</dd>
        </div>
        <div>
          <dt>Uncertainty</dt>
          <dd>{Number.isNaN(variant.entropy[pixel]) ? '–' : `${toBits(variant.entropy[pixel]).toFixed(2)} bits`}</dd>
        </div>
        <StartShare begun={classOf(run, which)} variant={variant} pixel={pixel} />
      </dl>
      <Weighed run={run} which={which} variant={variant} pixel={pixel} />
    </div>
  );
}

function HowTo() {
  return (
    <div className={styles.facts}>
      <p className={styles.hint}>
        Point at a pixel of a completion, tap it, or use the arrow keys on one: the colours that the model weighed there
        appear here.
      </p>
    </div>
  );
}

function Swatch({ palette, token }: { palette: Uint8Array; token: number }) {
  return (
    <span
      className={styles.swatch}
      data-unknown={token === UNKNOWN}
      style={token === UNKNOWN ? undefined : { background: hex(paletteColour(palette, token)) }}
    />
  );
}

/** How much a head took from what the picture began with, which has no place in it. */
function StartShare({ begun, variant, pixel }: { begun: string | undefined; variant: Variant; pixel: number }) {
  const view = useInspection((s) => s.view);
  const map = useAttention((s) => (s.shown?.tokens === variant.tokens ? s.shown : null));
  if (view !== 'attention') return null;
  return (
    <div>
      <dt>Looks at the {begun === undefined ? 'start symbol' : `class, ${begun}`}</dt>
      <dd>{map ? percent(gazeOf(map, pixel).start) : '…'}</dd>
    </div>
  );
}

/** The likeliest colours, or why there are none. */
function Weighed({ run, which, variant, pixel }: { run: Run; which: Which; variant: Variant; pixel: number }) {
  const from = pixel * TOP_COLOURS;
  const colours = [...variant.topColours.subarray(from, from + TOP_COLOURS)];
  if (colours[0] === UNKNOWN) return <p className={styles.hint}>{whyNone(run, which)}</p>;
  const probabilities = variant.topProbabilities.subarray(from, from + TOP_COLOURS);
  return (
    <ol className={styles.weighed} aria-label="Likeliest colours">
      {colours.map((token, rank) => (
        <li key={token} data-chosen={token === variant.tokens[pixel]}>
          <Swatch palette={run.palette} token={token} />
          <span className={styles.bar}>
            <span style={{ transform: `scaleX(${probabilities[rank] / probabilities[0]})` }} />
          </span>
          <span className={styles.share}>
            {percent(probabilities[rank])}
            <span className={styles.spoken}>
              {describe(run.palette, token)}
              {token === variant.tokens[pixel] ? ', chosen' : ''}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function whyNone(run: Run, which: Which): string {
  if (which === 'original') return 'The colours weighed are kept for completions only.';
  if (run.origin === 'earlier')
    return 'This completion was made earlier. The colours weighed appear when it is made here.';
  return 'The model has not come to this pixel yet.';
}
