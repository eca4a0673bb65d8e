import { alphabet, connectionLost } from '../../src/testing/letters/alphabet.js';
import { valueOf } from '../../src/testing/letters/letters.js';
import { timeline } from '../../src/testing/letters/notation.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Feed } from './feed.js';
import { spelledFeed } from './spelled.js';

/** A row is not longer than this. */
const LONGEST = 20_000;

/** Whether a text is a row of marbles: the signs of the notation, letters of the alphabet, nothing else. */
export function isMarbles(text: string): boolean {
  const row = text.trim();
  if (row === '' || row.length > LONGEST || row.includes('\n')) return false;
  return /^(?:[-|#() a-zA-Z]|\d+(?:\.\d+)?(?:ms|s|m)(?= |$))+$/.test(row) && /[-|#(]/.test(row);
}

/**
 * The stream that a row of marbles draws, with the letters of the alphabet.
 *
 * @throws Error naming a letter that stands for nothing, or what is wrong with the notation
 */
export function marbleFeed(text: string): Feed {
  const { marks, length } = timeline(text.trim());
  const last = marks.find(({ symbol }) => symbol === '|' || symbol === '#');
  const letters: Readonly<Record<string, StreamEvent>> = alphabet;
  const events = marks
    .filter(({ symbol }) => symbol !== '|' && symbol !== '#')
    .map(({ frame, symbol }) => ({ at: frame, event: valueOf(symbol, text, letters) }));
  if (last === undefined) return spelledFeed(events, { at: length, isOpen: true });
  return spelledFeed(events, { at: last.frame, ...(last.symbol === '#' && { error: connectionLost }) });
}
