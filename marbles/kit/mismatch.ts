import { difference, show } from './difference.js';
import type { Letters } from './letters.js';
import type { Span } from './notation.js';

/** What a subscriber was told, and in which frame. */
export interface Notice {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/**
 * Says how what happened departs from what is drawn: both as marbles, one above the other, and the first
 * difference.
 *
 * @returns the words, or `undefined` where all is as drawn
 */
export function parted(
  expected: readonly Notice[],
  actual: readonly Notice[],
  letters: Letters,
): string | undefined {
  const first = firstDifference(expected, actual, letters);
  if (first === undefined) return undefined;
  return [`drawn     ${rowOf(expected, letters)}`, `happened  ${rowOf(actual, letters)}`, first].join('\n');
}

/** As {@link parted}, for the subscriptions that the source has seen; their order does not matter. */
export function subscribedOtherwise(expected: readonly Span[], actual: readonly Span[]): string | undefined {
  const [drawn, happened] = [expected, actual].map((spans) => spans.map(spanOf).sort().join('  '));
  return drawn === happened
    ? undefined
    : `subscriptions drawn     ${drawn || 'none'}\nsubscriptions happened  ${happened || 'none'}`;
}

function firstDifference(
  expected: readonly Notice[],
  actual: readonly Notice[],
  letters: Letters,
): string | undefined {
  const nth = Math.max(expected.length, actual.length);
  for (let at = 0; at < nth; at++) {
    const [wanted, given] = [expected[at], actual[at]];
    const found = difference(wanted, given);
    if (!found) continue;
    const frame = `frame ${Math.min(wanted?.frame ?? Infinity, given?.frame ?? Infinity)}`;
    if (wanted?.frame !== given?.frame || wanted?.notification.kind !== given?.notification.kind) {
      return `${frame}: expected ${noticed(wanted, letters)}, got ${noticed(given, letters)}`;
    }
    const path = found.path.replace(/^\.notification\.(value|error)/, '');
    return `${frame}${path && `, at ${path}`}: expected ${show(found.expected)}, got ${show(found.actual)}`;
  }
  return undefined;
}

function noticed(notice: Notice | undefined, letters: Letters): string {
  if (!notice) return 'nothing';
  const { frame, notification } = notice;
  if (notification.kind === 'C') return `completion in frame ${frame}`;
  const what = notification.kind === 'N' ? notification.value : notification.error;
  return `${symbolOf(notice, letters)} in frame ${frame}, which is ${show(what)}`;
}

/** Marbles for what happened, with `?` for a value that no letter stands for. */
function rowOf(notices: readonly Notice[], letters: Letters): string {
  let row = '';
  let frame = 0;
  for (const group of byFrame(notices)) {
    const at = group[0]?.frame ?? 0;
    const gap = Math.max(0, at - frame);
    const symbols = group.map((notice) => symbolOf(notice, letters)).join('');
    const marks = symbols.length > 1 ? `(${symbols})` : symbols;
    row += (gap > 60 ? ` ${gap}ms ` : '-'.repeat(gap)) + marks;
    frame = at + marks.length;
  }
  return row || 'nothing';
}

function byFrame(notices: readonly Notice[]): Notice[][] {
  const groups: Notice[][] = [];
  for (const notice of notices) {
    const last = groups.at(-1);
    if (last?.[0]?.frame === notice.frame) last.push(notice);
    else groups.push([notice]);
  }
  return groups;
}

function symbolOf({ notification }: Notice, letters: Letters): string {
  if (notification.kind === 'C') return '|';
  if (notification.kind === 'E') return '#';
  const { value } = notification;
  return Object.keys(letters).find((letter) => difference(letters[letter], value) === undefined) ?? '?';
}

function spanOf({ subscribedFrame, unsubscribedFrame }: Span): string {
  const end = Number.isFinite(unsubscribedFrame) ? `frame ${unsubscribedFrame}` : 'open';
  return `${String(subscribedFrame).padStart(4)} to ${end}`;
}
