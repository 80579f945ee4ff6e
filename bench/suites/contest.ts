/**
 * Ours against one peer after the other: each is made and warmed up, what it computes is compared, then the two are
 * measured in turn and the row goes out at once. So both sides of a ratio lie close together in time, and a run that is
 * stopped keeps what it has.
 */
import { inTurn, median, type Sample, sentence } from '../measure.ts';
import { compare, largestDifference, type Outcome, type Place, voided } from '../rows.ts';
import type { Context } from './suite.ts';

/** A side that is warm. */
export interface Ready {
  /** What it has computed and the other side must have computed too; may still grow while samples are taken. */
  values: number[];
  sample: () => Promise<Sample>;
  /** How it ran, for the row. */
  how: string;
}

export interface Contest {
  place: Place;
  /** What `values` are, for the row; those of a peer may differ by 1e-3. */
  what: string;
  ours: () => Promise<Ready>;
  /** By the names of their rows. */
  peers: Record<string, () => Promise<Ready>>;
}

const TOLERANCE = 1e-3;

/** Tokens a second of ours over all rows. */
export async function contest(context: Context, { place, what, ours, peers }: Contest): Promise<Outcome> {
  const { wanted, emit, begin, log, effort } = context;
  const prepare = async (name: string, make: () => Promise<Ready>): Promise<Ready | { failure: string }> => {
    try {
      begin();
      const ready = await make();
      log(`${name}: ${what} ${ready.values.map((x) => x.toFixed(4)).join(', ')}`);
      return ready;
    } catch (error) {
      log(`${name}: ${sentence(error)}`);
      return { failure: sentence(error) };
    }
  };
  const us = await prepare('ours', ours);
  const rates: number[] = [];
  for (const [row, make] of Object.entries(peers)) {
    if (!wanted(row)) continue;
    const peer = await prepare(row, make);
    const sides = Object.entries({ us, peer }).flatMap(([name, side]) =>
      'failure' in side ? [] : [{ name, sample: side.sample }],
    );
    const results = await inTurn(sides, effort);
    const outcomeOf = (name: 'us' | 'peer', side: Ready | { failure: string }): Outcome =>
      'failure' in side ? side : results.get(name)!.outcome;
    const [a, b] = [outcomeOf('us', us), outcomeOf('peer', peer)];
    if ('value' in a) rates.push(a.value);
    if ('failure' in us || 'failure' in peer) {
      emit(compare(place, row, 'tokens/s', a, b, ''));
      continue;
    }
    const difference = us.values.length && peer.values.length ? largestDifference(us.values, peer.values) : Number.NaN;
    const samples = `Median of ${results.get('us')!.samples} and ${results.get('peer')!.samples}.`;
    const agreed = peer.values.length ? `${what} agree within ${difference.toPrecision(1)}.` : '';
    const how = [us.how, peer.how, agreed, samples].filter(Boolean).join(' ');
    emit(compare(place, row, 'tokens/s', a, peer.values.length ? voided(b, difference, TOLERANCE, what) : b, how));
    log(`${row}: ${[a, b].map((o) => ('value' in o ? o.value.toFixed(1) : o.failure)).join(' against ')} tokens/s`);
  }
  if ('failure' in us) return us;
  return rates.length ? { value: median(rates) } : (await inTurn([{ name: 'us', ...us }], effort)).get('us')!.outcome;
}
