import fc from 'fast-check';
import { toArray, type Observable } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { CUTS, cut, JSON_TEXT } from '../json/texts.js';

/** The text of a tool's input as a model may write it: an object, in any spelling, and the pieces it comes in. */
export const INPUT: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    JSON_TEXT.map((text) => (text.trimStart().startsWith('{') ? text : `{"value":${text}}`)),
    CUTS,
  )
  .map(([text, cuts]) => cut(text, cuts));

/** The events of a call in a block of its own. */
export function callOf(index: number, pieces: readonly string[]): StreamEvent[] {
  return [
    events.toolUseStart(index, `toolu_${index}`, 'draw'),
    ...pieces.map((piece) => events.inputJsonDelta(index, piece)),
    events.blockStop(index),
  ];
}

/** A message with these blocks' events, and why it ended. */
export function replyOf(
  content: readonly StreamEvent[],
  ...[reason]: Parameters<typeof events.messageDelta>
): StreamEvent[] {
  return [events.messageStart({}), ...content, events.messageDelta(reason), events.messageStop()];
}

/** The same texts with something deleted, doubled or put in between, mostly no JSON any more. */
export const MUTATED: fc.Arbitrary<readonly string[]> = fc
  .tuple(INPUT, fc.nat(), fc.constantFrom('', '}', ']', '"', ',', '\\', '\u0000', 'nul', '0x', '{"'), CUTS)
  .map(([pieces, place, inserted, cuts]) => {
    const text = pieces.join('');
    const at = place % (text.length + 1);
    return cut(`${text.slice(0, at)}${inserted}${text.slice(at + 1)}`, cuts);
  });

/** Whether `JSON.parse` takes it. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Everything that comes out of a source that speaks at once. */
export function all<T>(source: Observable<T>): readonly T[] {
  let values: readonly T[] = [];
  source.pipe(toArray()).subscribe((every) => (values = every));
  return values;
}
