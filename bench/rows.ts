/** A row of the bench: one thing measured on our side and on a peer's, in one run on one machine. */

export interface Row {
  name: string;
  /** null: not measured; `note` says why. */
  ours: number | null;
  peer: number | null;
  /** How many times better ours is: ours / peer where more is better, peer / ours where less is. */
  ratio: number | null;
  unit: string;
  /** Where it ran, e.g. "Chromium 156, cross-origin isolated". */
  env: string;
  /** What did the arithmetic, e.g. "SwiftShader Device" or "WebAssembly". */
  adapter: string;
  /** How the sides ran, or the one sentence that says why a number is missing. */
  note: string;
}

/** Where a suite runs; stands in every row of it. */
export interface Place {
  env: string;
  adapter: string;
}

/** One side's number, or why there is none. */
export type Outcome = { value: number } | { failure: string };

export type Better = 'more' | 'less';

/** A ratio exists only where both sides were measured. */
export function compare(
  place: Place,
  name: string,
  unit: string,
  ours: Outcome,
  peer: Outcome,
  note: string,
  better: Better = 'more',
): Row {
  const [a, b] = [numberOf(ours), numberOf(peer)];
  const ratio = a === null || b === null ? null : better === 'more' ? a / b : b / a;
  const missing = [
    ...('failure' in ours ? [`Ours: ${ours.failure}`] : []),
    ...('failure' in peer ? [`Peer: ${peer.failure}`] : []),
  ];
  return { name, ours: a, peer: b, ratio, unit, ...place, note: [...missing, note].filter(Boolean).join(' ') };
}

/** A number that has no peer. */
export function alone(place: Place, name: string, unit: string, ours: Outcome, note: string): Row {
  return { ...compare(place, name, unit, ours, ours, note), peer: null, ratio: null };
}

function numberOf(outcome: Outcome): number | null {
  return 'value' in outcome && Number.isFinite(outcome.value) ? outcome.value : null;
}

/** A peer that computes something else is no comparison: its number is withheld and the row says so. */
export function voided(outcome: Outcome, difference: number, tolerance: number, what: string): Outcome {
  if ('failure' in outcome || difference <= tolerance) return outcome;
  return { failure: `void: its ${what} differ by ${difference.toPrecision(2)}, more than ${tolerance}.` };
}

/** Largest absolute difference over the entries that both have; NaN anywhere counts as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Math.abs(a[i] - b[i]);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return worst;
}

/** Three significant digits, without an exponent. */
export function shown(x: number | null): string {
  if (x === null) return '–';
  if (x === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x))));
  return x.toFixed(Math.min(digits, 6)).replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ',');
}

/** A table a place, in the order in which the places first appear. */
export function markdown(rows: Row[]): string {
  const places = [...new Set(rows.map(({ env, adapter }) => `${env} · ${adapter}`))];
  return places
    .map((place) => {
      const lines = rows
        .filter(({ env, adapter }) => `${env} · ${adapter}` === place)
        .map(({ name, ours, peer, ratio, unit, note }) =>
          [`\`${name}\``, shown(ours), shown(peer), ratio === null ? '–' : `${shown(ratio)}×`, unit, note].join(' | '),
        );
      return [
        `### ${place}`,
        '',
        '| row | ours | peer | ratio | unit | how |',
        '|---|---:|---:|---:|---|---|',
        ...lines.map((line) => `| ${line} |`),
      ].join('\n');
    })
    .join('\n\n');
}
