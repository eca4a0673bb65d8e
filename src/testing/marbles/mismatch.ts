import type { Letters } from '../letters/letters.js';
import type { Span } from '../letters/notation.js';
import { marbleRow, type MarbleRow } from '../letters/row.js';
import { difference } from './difference.js';
import { Legend, type Notice } from './notice.js';
import { show, showDifference } from './show.js';

/** How many notices are drawn before and after the first difference. */
const AROUND = 20;

/** The longest wait that is drawn as dashes. */
const DASHES = 60;

/** What stands before the marbles of a row, and takes as much room in each. */
const HEADS = { expected: 'expected  ', actual: 'actual    ' };

/**
 * Says how what happened differs from what is expected: the first difference, both as marbles one above the other,
 * and what their letters stand for. `undefined` where all is as expected.
 */
export function parted(
  expected: readonly Notice[],
  actual: readonly Notice[],
  letters: Letters,
): string | undefined {
  const at = firstApart(expected, actual);
  if (at === undefined) return undefined;
  const legend = new Legend(letters);
  const from = Math.max(0, at - AROUND);
  const [wanted, given] = [shown(expected, from, at, legend), shown(actual, from, at, legend)];
  return [
    ...heading(expected[at], actual[at], legend),
    '',
    `${HEADS.expected}${wanted.marbles}`,
    `${HEADS.actual}${given.marbles}`,
    `${' '.repeat(HEADS.actual.length + columnOf(wanted, given, at - from))}^`,
    ...explained(legend, expected[at], actual[at]),
  ].join('\n');
}

/** As {@link parted}, for the subscriptions that a source has seen; their order does not matter. */
export function subscribedOtherwise(expected: readonly Span[], actual: readonly Span[]): string | undefined {
  const rows = (spans: readonly Span[]): string =>
    spans
      .map(subscriptionRow)
      .sort()
      .join(`\n${' '.repeat(HEADS.actual.length)}`) || 'none';
  const [wanted, given] = [rows(expected), rows(actual)];
  if (wanted === given) return undefined;
  return `The subscriptions differ\n\n${HEADS.expected}${wanted}\n${HEADS.actual}${given}`;
}

function firstApart(expected: readonly Notice[], actual: readonly Notice[]): number | undefined {
  const length = Math.max(expected.length, actual.length);
  for (let at = 0; at < length; at++) if (difference(expected[at], actual[at])) return at;
  return undefined;
}

/** The frame, and what should have come then and what did. */
function heading(wanted: Notice | undefined, given: Notice | undefined, legend: Legend): string[] {
  const frame = `The marbles differ in frame ${Math.min(wanted?.frame ?? Infinity, given?.frame ?? Infinity)}`;
  const found = difference(wanted, given);
  if (!found || wanted?.frame !== given?.frame || wanted?.notification.kind !== given?.notification.kind) {
    return [`${frame}:`, `  expected ${noticed(wanted, legend)}`, `  got      ${noticed(given, legend)}`];
  }
  const { place, expected, actual } = showDifference({
    ...found,
    path: found.path.replace(/^\.notification\.(value|error)/, ''),
  });
  return [`${frame}${place && `, at ${place}`}:`, `  expected ${expected}`, `  got      ${actual}`];
}

function noticed(notice: Notice | undefined, legend: Legend): string {
  if (!notice) return 'nothing';
  const { frame, notification } = notice;
  if (notification.kind === 'C') return `completion in frame ${frame}`;
  const what = notification.kind === 'N' ? notification.value : notification.error;
  return `${legend.symbolOf(notice)} in frame ${frame}: ${show(what)}`;
}

type Row = Pick<MarbleRow, 'marbles' | 'columns'>;

/** A row with what stands around the first difference; all of it, where it is not long. */
function shown(notices: readonly Notice[], from: number, at: number, legend: Legend): Row {
  const to = at + AROUND;
  const start = (notices[from - 1]?.frame ?? -1) + 1;
  const symbols = notices
    .slice(from, to)
    .map((notice) => ({ at: notice.frame, symbol: legend.symbolOf(notice) }));
  const { marbles, columns } = marbleRow(symbols, DASHES, start);
  const [before, after] = [from > 0 ? '… ' : '', notices.length > to ? ' …' : ''];
  return {
    marbles: `${before}${marbles || 'nothing'}${after}`,
    columns: columns.map((column) => before.length + column),
  };
}

/** Where the rows differ: one may have nothing there, or have it later. */
function columnOf(wanted: Row, given: Row, nth: number): number {
  return Math.min(wanted.columns[nth] ?? Infinity, given.columns[nth] ?? Infinity);
}

/** What the symbols of the rows stand for, those of the errors too. */
function explained(legend: Legend, ...notices: readonly (Notice | undefined)[]): string[] {
  const errors = notices.flatMap((notice, nth) => {
    if (notice?.notification.kind !== 'E') return [];
    return [`#  ${show(notice.notification.error)} (${nth === 0 ? 'expected' : 'actual'})`];
  });
  const lines = [...legend.lines(), ...errors];
  return lines.length === 0 ? [] : ['', ...lines];
}

function subscriptionRow({ subscribedFrame, unsubscribedFrame }: Span): string {
  const symbols = [
    { at: subscribedFrame, symbol: '^' },
    { at: unsubscribedFrame, symbol: '!' },
  ];
  if (Number.isFinite(unsubscribedFrame)) return marbleRow(symbols, DASHES).marbles;
  return `${marbleRow(symbols.slice(0, 1), DASHES).marbles}-- and on`;
}
