/** Image GPT in three small drawings: pixels in reading order, a stack of layers, a probability for every colour. */
import styles from './Figure.module.css';

const SIDE = 8;
/** A hill under an evening sky, as far as it is drawn; one letter a colour. */
const ROWS = ['aaaaaaaa', 'aaaabbbb', 'aabbbbbb', 'bbbccbbb', 'bbccccbb', 'dcc'];
const COLOURS: Record<string, string> = { a: '#3f6fb5', b: '#8fb3dc', c: '#f2c38b', d: '#3d6b4f' };
const DRAWN = ROWS.join('').length;

/** What might come next, and how likely. */
const GUESSES = [
  { colour: '#f2c38b', share: 0.46 },
  { colour: '#3d6b4f', share: 0.27 },
  { colour: '#d9a066', share: 0.14 },
  { colour: '#8fb3dc', share: 0.08 },
  { colour: '#5b8f6a', share: 0.05 },
];

export function Figure() {
  return (
    <figure className={styles.figure} aria-label="How Image GPT chooses a pixel">
      <div className={styles.step}>
        <svg viewBox="0 0 96 96" aria-hidden="true">
          {[...ROWS.join('')].map((letter, i) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a pixel is its place
              key={i}
              x={(i % SIDE) * 12}
              y={Math.floor(i / SIDE) * 12}
              width="12"
              height="12"
              fill={COLOURS[letter]}
              shapeRendering="crispEdges"
            />
          ))}
          <path className={styles.grid} d={gridPath()} />
          <rect
            className={styles.next}
            x={(DRAWN % SIDE) * 12 + 1}
            y={Math.floor(DRAWN / SIDE) * 12 + 1}
            width="10"
            height="10"
          />
        </svg>
        <p>Pixels are read like text, row by row. Each is one of 512 colours.</p>
      </div>
      <div className={styles.step}>
        <svg viewBox="0 0 96 96" aria-hidden="true">
          {[68, 44, 20].map((y) => (
            <g key={y}>
              <rect className={styles.layer} x="8" y={y - 8} width="80" height="16" rx="3" />
              <path
                className={styles.look}
                d={`M20 ${y + 16}L76 ${y + 8}M34 ${y + 16}L76 ${y + 8}M48 ${y + 16}L76 ${y + 8}M62 ${y + 16}L76 ${y + 8}M76 ${y + 16}V${y + 8}`}
              />
            </g>
          ))}
          {[20, 34, 48, 62, 76].map((x) => (
            <circle key={x} className={styles.input} cx={x} cy="87" r="3" />
          ))}
        </svg>
        <p>Every layer lets each pixel look at all pixels before it, and at none after it.</p>
      </div>
      <div className={styles.step}>
        <svg viewBox="0 0 96 96" aria-hidden="true">
          {GUESSES.map(({ colour, share }, i) => (
            <g key={colour}>
              <rect x="4" y={8 + i * 17} width="12" height="12" fill={colour} />
              <rect className={styles.bar} x="22" y={11 + i * 17} width={share * 140} height="6" rx="1" />
            </g>
          ))}
        </svg>
        <p>The outcome is a probability for every colour. One is drawn, and the next pixel follows.</p>
      </div>
    </figure>
  );
}

function gridPath(): string {
  return Array.from({ length: SIDE + 1 }, (_, i) => `M${i * 12} 0V96M0 ${i * 12}H96`).join('');
}
