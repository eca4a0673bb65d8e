import { difference } from '../../src/testing/marbles/difference.js';
import { showDifference } from '../../src/testing/marbles/show.js';
import type { Row, RowEnd } from './run.js';

/** Where two rows differ. */
export interface Apart {
  readonly at: number;
  /** For a person. */
  readonly what: string;
}

/** So many differences are told. */
const MOST = 500;

/** Compares what two chains give, value by value and in time. */
export function apart(one: Row, other: Row): readonly Apart[] {
  const found: Apart[] = [];
  let [a, b] = [0, 0];
  while (found.length < MOST && (a < one.values.length || b < other.values.length)) {
    const [here, there] = [one.times[a] ?? Infinity, other.times[b] ?? Infinity];
    if (here < there) {
      found.push({ at: here, what: 'Only A has a value here' });
      a++;
    } else if (there < here) {
      found.push({ at: there, what: 'Only B has a value here' });
      b++;
    } else {
      const what = inWords(one.values[a++], other.values[b++]);
      if (what !== undefined) found.push({ at: here, what });
    }
  }
  const ends = betweenEnds(one.end, other.end);
  return ends === undefined ? found : [...found, ends];
}

function inWords(one: unknown, other: unknown): string | undefined {
  const found = difference(one, other);
  if (!found) return undefined;
  const { place, expected, actual } = showDifference(found);
  return `${place === '' ? 'It' : place} is ${expected} in A, ${actual} in B`;
}

function betweenEnds(one: RowEnd | undefined, other: RowEnd | undefined): Apart | undefined {
  if (one?.kind === other?.kind && one?.at === other?.at && inWords(one?.error, other?.error) === undefined)
    return undefined;
  return {
    at: Math.min(one?.at ?? Infinity, other?.at ?? Infinity),
    what: `A ${ended(one)}, B ${ended(other)}`,
  };
}

function ended(end: RowEnd | undefined): string {
  if (!end) return 'stays open';
  if (end.kind === 'complete') return `completes at ${end.at} ms`;
  if (end.kind === 'unsubscribe') return `is left at ${end.at} ms`;
  const { code, name = 'error' } = (end.error ?? {}) as { code?: string; name?: string };
  return `fails with ${code ?? name} at ${end.at} ms`;
}
