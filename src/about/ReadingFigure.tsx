/** The visitor's own drawing, read pixel by pixel by the model that is at work: tokens, prediction and attention side by side. */
import { type ReactNode, useMemo, useState } from 'react';
import { TOP_COLOURS, UNKNOWN } from '../../workers/contract.ts';
import { colourName, hex, paletteColour } from '../canvas/colour.ts';
import { PixelCanvas } from '../canvas/PixelCanvas.tsx';
import { gazeOf, toBits } from '../complete/views.ts';
import type { AttentionMap } from '../state/attention.ts';
import { chosenName, useSession } from '../state/session.ts';
import { workspace } from '../state/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { percent } from '../ui/format.ts';
import { Slider } from '../ui/Slider.tsx';
import styles from './ReadingFigure.module.css';
import { type Reading, useGaze, useReading } from './reading.ts';
import { PaletteChart, Sequence } from './Tokens.tsx';

export function ReadingFigure() {
  const phase = useSession((s) => s.phase);
  const name = useSession(chosenName);
  const reading = useReading();
  return (
    <figure className={styles.figure} aria-label="The model reads your drawing">
      {reading ? (
        <Panels reading={reading} />
      ) : (
        <p className={styles.waiting}>
          {phase === 'failed'
            ? 'No model is running: open the device badge above to try again.'
            : 'As soon as the model has read your drawing, its reading appears here.'}
        </p>
      )}
      <figcaption className={styles.caption}>
        <span>The drawing of Complete, read by the model “{name}” on this device.</span>
        <Button look="quiet" onClick={() => workspace.getState().show('complete')}>
          Change the drawing
        </Button>
      </figcaption>
    </figure>
  );
}

function Panels({ reading }: { reading: Reading }) {
  const { side, given } = reading;
  /** Null until it is chosen: the middle of the first row that the model filled in. */
  const [chosen, setChosen] = useState<number | null>(null);
  const open = given.indexOf(UNKNOWN);
  const first = (open < 0 ? given.length / 2 : open - (open % side)) + Math.floor(side / 2);
  const pixel = Math.min(chosen ?? first, given.length - 1);
  const shared = { reading, pixel, onPixel: setChosen };
  return (
    <>
      <div className={styles.walk}>
        <Slider
          label="Pixel"
          min={0}
          max={given.length - 1}
          step={1}
          value={pixel}
          format={(i) => `${i + 1} of ${given.length}: row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}`}
          onChange={setChosen}
        />
        <Button disabled={pixel === 0} onClick={() => setChosen(pixel - 1)}>
          Back
        </Button>
        <Button disabled={pixel === given.length - 1} onClick={() => setChosen(pixel + 1)}>
          Next pixel
        </Button>
      </div>
      <div className={styles.panels}>
        <TokensPanel {...shared} />
        <PredictionPanel {...shared} />
        <AttentionPanel {...shared} />
      </div>
    </>
  );
}

interface PanelProps {
  reading: Reading;
  pixel: number;
  onPixel: (pixel: number) => void;
}

interface FrameProps {
  title: string;
  picture: ReactNode;
  children: ReactNode;
}

function Panel({ title, picture, children }: FrameProps) {
  return (
    <section className={styles.panel} aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <div className={styles.picture}>{picture}</div>
      {children}
    </section>
  );
}

const named = (palette: Uint8Array, token: number): string => colourName(paletteColour(palette, token));

/** (a) From the picture to the palette to a sequence of numbers. */
function TokensPanel({ reading: { side, palette, given, variant }, pixel, onPixel }: PanelProps) {
  const token = variant.tokens[pixel];
  return (
    <Panel
      title="1. Colours become numbers"
      picture={
        <PixelCanvas
          tokens={variant.tokens}
          palette={palette}
          side={side}
          highlight={pixel}
          label="Your drawing, completed by the model"
          onPixelHover={(i) => i !== null && onPixel(i)}
        />
      }
    >
      <PaletteChart palette={palette} token={token} />
      <Sequence tokens={variant.tokens} palette={palette} pixel={pixel} />
      <p className={styles.text}>
        Each pixel is one of {palette.length / 3} colours, this one number <strong>{token}</strong>,{' '}
        {named(palette, token)}
        {given[pixel] === UNKNOWN ? ', chosen by the model.' : ', drawn.'} Row after row they make a sentence of{' '}
        {given.length} words.
      </p>
    </Panel>
  );
}

/** (b) What the model expected here, of which it has seen only what comes before. */
function PredictionPanel({ reading: { side, palette, variant }, pixel, onPixel }: PanelProps) {
  const seen = useMemo(() => variant.tokens.map((token, i) => (i < pixel ? token : UNKNOWN)), [variant.tokens, pixel]);
  const token = variant.tokens[pixel];
  const from = pixel * TOP_COLOURS;
  const colours = [...variant.topColours.subarray(from, from + TOP_COLOURS)].filter((one) => one !== UNKNOWN);
  const shares = variant.topProbabilities.subarray(from, from + TOP_COLOURS);
  const share = Math.exp(-variant.nll[pixel]);
  return (
    <Panel
      title="2. The next one is foreseen"
      picture={
        <PixelCanvas
          tokens={seen}
          palette={palette}
          side={side}
          highlight={pixel}
          label={`What the model has read so far: ${pixel} pixels`}
          onPixelHover={(i) => i !== null && onPixel(i)}
        />
      }
    >
      <ol className={styles.weighed} aria-label="Likeliest next colours">
        {colours.map((one, rank) => (
          <li key={one} data-came={one === token}>
            <span className={styles.swatch} style={{ background: hex(paletteColour(palette, one)) }} />
            <span className={styles.colour}>{named(palette, one)}</span>
            <span className={styles.bar}>
              <span style={{ transform: `scaleX(${shares[rank] / shares[0]})` }} />
            </span>
            <span>
              {percent(shares[rank])}
              {one === token && <span className={styles.spoken}>, and it came</span>}
            </span>
          </li>
        ))}
      </ol>
      <p className={styles.text}>
        From the pixels before it alone, the model gave the colour that came <strong>{percent(share)}</strong>: a
        surprise of {toBits(variant.nll[pixel]).toFixed(1)} bits.
      </p>
    </Panel>
  );
}

/** (c) Which pixels one head took its evidence from. */
function AttentionPanel({ reading, pixel, onPixel }: PanelProps) {
  const { side, palette, variant } = reading;
  const model = useSession((s) => s.model);
  const layers = model?.layers ?? 1;
  const heads = model?.heads ?? 1;
  // At first a middle layer: the heads of the first ones look little further than the pixel before.
  const [layer, setLayer] = useState(Math.ceil(layers / 2) - 1);
  const [head, setHead] = useState(0);
  const looked = { layer: Math.min(layer, layers - 1), head: Math.min(head, heads - 1) };
  const map = useGaze(reading, looked.layer, looked.head);
  const gaze = useMemo(() => map && gazeOf(map, pixel), [map, pixel]);
  return (
    <Panel
      title="3. Attention finds the evidence"
      picture={
        <PixelCanvas
          tokens={variant.tokens}
          palette={palette}
          side={side}
          overlay={gaze?.heat}
          highlight={pixel}
          label={`Where head ${looked.head + 1} of layer ${looked.layer + 1} looked`}
          onPixelHover={(i) => i !== null && onPixel(i)}
        />
      }
    >
      <Slider label="Layer" min={1} max={layers} step={1} value={looked.layer + 1} onChange={(n) => setLayer(n - 1)} />
      <Slider label="Head" min={1} max={heads} step={1} value={looked.head + 1} onChange={(n) => setHead(n - 1)} />
      <p className={styles.text}>{map && gaze ? gazeText(map, pixel, side, gaze.start) : 'Looking…'}</p>
    </Panel>
  );
}

/** weights: [pixels, pixels]; input 0 is the start symbol or the class, input j the pixel j - 1. */
function gazeText({ weights, start: begun }: AttentionMap, pixel: number, side: number, start: number): string {
  const pixels = side * side;
  const row = weights.subarray(pixel * pixels, (pixel + 1) * pixels);
  let most = 1;
  for (let j = 1; j <= pixel; j++) if (row[j] > row[most]) most = j;
  const toStart = `${percent(start)} of this head's attention went to the ${begun === undefined ? 'start symbol' : 'class'}`;
  if (pixel === 0) return `${toStart}: there is nothing else before the first pixel.`;
  const at = most - 1;
  const place = `row ${Math.floor(at / side) + 1}, column ${(at % side) + 1}`;
  return `${toStart}, ${percent(row[most])} to ${place}, more than to any other pixel.`;
}
