import type { SkipKind } from '../../src/codecs/skip.js';
import { streamErrorOf } from '../../src/errors/streamError.js';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';
import { ProtocolChecker } from '../../src/fold/order/protocolChecker.js';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { linksOf } from './chain.js';
import type { Reading } from './reading.js';
import { run } from './run.js';
import type { Turns } from './slices.js';

/** Something that is wrong with a stream, or strange in it. */
export interface Finding {
  readonly weight: 'wrong' | 'strange';
  /** In a word: the code of an error, the kind of what was passed over. */
  readonly code: string;
  readonly what: string;
  readonly at: number;
  /** Which event, frame or chunk it is, where it is one: for those who want to see it. */
  readonly event?: number | undefined;
}

/** What the codes of errors mean, in the words of docs/reliability.md and of the README. */
export const CODES: Readonly<Partial<Record<StreamErrorCode, string>>> = {
  network: 'The connection broke.',
  'not-a-stream': 'It is a page, a document or nothing instead of a stream.',
  malformed: 'A frame is not JSON, or a known event has the wrong shape.',
  protocol: 'Events contradict each other.',
  api: 'The provider itself says that it failed.',
  truncated: 'The stream ended before it was finished: the answer is cut, and must not pass for a whole one.',
  limit: 'The stream, a frame, a block or a message is beyond its limits.',
};

const SKIPS: Readonly<Record<SkipKind, string>> = {
  'no-event': 'no data, or a time stamp, a comment or a [DONE] sent as data: it is passed over',
  line: 'lines between the frames that no field begins: they are passed over',
  stray: 'an event that changes nothing where it stands: it is passed over',
  unknown: 'an event of an unknown type, passed over',
  malformed: 'a frame that cannot be read, passed over',
};

/** A silence is told if it is so long, and so many times as long as is usual. */
const STALL_MS = 1_000;
const STALL_TIMES = 8;

/** What is wrong with a stream, in the order in which it came. */
export async function findingsOf(
  reading: Reading,
  recording: Recording,
  turns: Turns,
): Promise<readonly Finding[]> {
  const found = [
    ...(await ending(reading, recording, turns)),
    ...violation(recording),
    ...strangers(recording),
    ...passedOver(reading),
    ...stalls(recording),
  ];
  return found.sort((one, other) => one.at - other.at);
}

async function ending(
  { failure, beyond, last }: Reading,
  recording: Recording,
  turns: Turns,
): Promise<readonly Finding[]> {
  if (failure) return [wrong(failure.value, failure.at)];
  const { end, entries } = recording;
  if (end.end === 'unsubscribe') return [];
  if (beyond.events > 0) {
    if (end.end === 'complete' && last.some(({ type }) => type === 'message_stop')) return [];
    return [{ weight: 'wrong', code: 'truncated', what: CODES.truncated ?? '', at: end.at }];
  }
  // Those before the last message have been followed by another.
  const begun = lastMessageOf(recording);
  const lastly = { ...recording, entries: entries.slice(Math.max(0, begun)) };
  const [row] = await run(lastly, linksOf([{ name: 'untilTerminal', options: {} }]), turns);
  if (row?.end?.kind !== 'error') return [];
  const at = row.end.at;
  const isLast = entries.map(({ event }) => event.type).lastIndexOf('error');
  return [{ ...wrong(row.end.error, at), ...(isLast !== -1 && { event: isLast }) }];
}

/** Where the last message begins; -1 where none does. */
export function lastMessageOf({ entries }: Recording): number {
  return entries.map(({ event }) => event.type === 'message_start' && !event.lane).lastIndexOf(true);
}

function wrong(error: unknown, at: number): Finding {
  const { code, message } = streamErrorOf(error);
  return { weight: 'wrong', code, what: `${CODES[code] ?? ''} ${message}`.trim(), at };
}

/** The first event that is out of order, as `checkProtocol()` has it. */
function violation({ entries }: Recording): readonly Finding[] {
  const checker = new ProtocolChecker();
  for (const [event, entry] of entries.entries()) {
    try {
      checker.check(entry.event);
    } catch (error) {
      return [{ ...wrong(error, entry.at), event }];
    }
  }
  return [];
}

function strangers({ entries }: Recording): readonly Finding[] {
  const first = new Map<string, { nth: number; count: number }>();
  for (const [nth, { event }] of entries.entries()) {
    if (event.type !== 'unknown') continue;
    const known = first.get(event.name);
    first.set(event.name, { nth: known?.nth ?? nth, count: (known?.count ?? 0) + 1 });
  }
  return Array.from(first, ([name, { nth, count }]) => ({
    weight: 'strange',
    code: 'unknown',
    what: `${count === 1 ? 'An event' : `${count} events`} of the type ${name}, which this version does not know: passed on as it came`,
    at: entries[nth]?.at ?? 0,
    event: nth,
  }));
}

function passedOver({ skips }: Reading): readonly Finding[] {
  const kinds = new Map<SkipKind, { at: number; count: number; raw: string }>();
  for (const { at, value } of skips) {
    const known = kinds.get(value.kind);
    kinds.set(value.kind, {
      at: known?.at ?? at,
      count: (known?.count ?? 0) + 1,
      raw: known?.raw ?? value.raw,
    });
  }
  return Array.from(kinds, ([kind, { at, count, raw }]) => ({
    weight: 'strange',
    code: kind,
    what: `${count === 1 ? 'Once' : `${count} times`} ${SKIPS[kind]}. The first: ${JSON.stringify(raw.slice(0, 80))}`,
    at,
  }));
}

function stalls({ entries }: Recording): readonly Finding[] {
  const waits = entries.map(({ at }, nth) => at - (entries[nth - 1]?.at ?? at));
  const usual = [...waits].sort((one, other) => one - other)[Math.floor(waits.length / 2)] ?? 0;
  return waits.flatMap((wait, event): Finding[] => {
    if (wait < STALL_MS || wait < usual * STALL_TIMES) return [];
    const seconds = (wait / 1_000).toFixed(1);
    const isPing = entries[event]?.event.type === 'ping';
    const what = `Nothing came for ${seconds} s${isPing ? ', and then a ping' : ''}. A connection that is open proves nothing: streamTimeout({ idle }) notices it.`;
    return [{ weight: 'strange', code: 'stall', what, at: entries[event]?.at ?? 0, event }];
  });
}
