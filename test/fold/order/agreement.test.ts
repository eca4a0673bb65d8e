import fc from 'fast-check';
import { from, type MonoTypeOperatorFunction } from 'rxjs';
import { StreamError } from '../../../src/errors/streamError.js';
import { isTerminal, type StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { GrowingReply } from '../../../src/fold/message/growingReply.js';
import { Reply } from '../../../src/fold/message/reply.js';
import { growingInput } from '../../../src/fold/calls/inputReader.js';
import { wholeInput } from '../../../src/fold/message/wholeInput.js';
import { TurnState } from '../../../src/fold/turn/streamState.js';
import { Attempt } from '../../../src/fold/order/attempt.js';
import { OpenBlocks } from '../../../src/fold/order/openBlocks.js';
import { ProtocolChecker, type ProtocolViolation } from '../../../src/fold/order/protocolChecker.js';
import { ProtocolRepairer } from '../../../src/fold/order/protocolRepair.js';
import { MessageUsage } from '../../../src/fold/usage/messageUsage.js';
import { UsageSum } from '../../../src/fold/usage/usageSum.js';
import { retryBeforeOutput } from '../../../src/operators/retryBeforeOutput.js';
import { retryWithReset } from '../../../src/operators/retryWithReset.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { runs } from '../../seed.js';
import { isThorough } from '../../thorough.js';
import { DISORDER } from './disorder.js';

type Events = readonly StreamEvent[];

/**
 * What somebody makes of a stream that completes: whether it ended in a whole message, is still to end, or neither; or
 * which event it failed at, counted from 0, and by what.
 */
type Verdict = 'whole' | 'unfinished' | 'nothing' | `${string} at ${number}`;

interface Judge {
  add(event: StreamEvent): unknown;
  readonly hasEnded: boolean;
  readonly isUnfinished: boolean;
}

function failure(error: unknown, at: number): Verdict {
  if (!(error instanceof StreamError)) throw error;
  return `${error.code}${error.retryable ? ', retryable,' : ''} at ${at}`;
}

function verdictOf(judge: Judge, all: Events): Verdict {
  for (const [at, event] of all.entries()) {
    try {
      judge.add(event);
    } catch (error) {
      return failure(error, at);
    }
  }
  if (judge.hasEnded) return 'whole';
  return judge.isUnfinished ? 'unfinished' : 'nothing';
}

const byReply = (all: Events): Verdict => verdictOf(new Reply(wholeInput), all);
const byUsage = (all: Events): Verdict => verdictOf(new MessageUsage(), all);

/** The sum does not say whether the last message is whole, only whether something is still to end. */
function bySum(all: Events): Verdict {
  const sum = new UsageSum();
  const judge = {
    add: (event: StreamEvent) => sum.add(event),
    hasEnded: false,
    get isUnfinished() {
      return sum.isUnfinished;
    },
  };
  return verdictOf(judge, all);
}

/** Up to the first terminal, which is as far as one attempt goes: whether it is whole, or what it failed by. */
function firstAttempt(all: Events): Events {
  const end = all.findIndex(isTerminal);
  return end < 0 ? all : all.slice(0, end + 1);
}

function byAttempt(all: Events): Verdict {
  const attempt = new Attempt();
  for (const [at, event] of all.entries()) {
    try {
      attempt.add(event);
    } catch (error) {
      return error instanceof StreamError && error.code === 'truncated' ? 'nothing' : failure(error, at);
    }
  }
  return attempt.isWhole ? 'whole' : 'nothing';
}

/** The code that a stream behind an operator ends with; `undefined` where it completes. */
function codeBehind(operator: MonoTypeOperatorFunction<StreamEvent>, all: Events): string | undefined {
  let code: string | undefined;
  from(all)
    .pipe(operator)
    .subscribe({ error: (error: unknown) => (code = (error as StreamError).code) });
  return code;
}

/** What comes before an event that is wrong with a block: of that, only those who gather blocks know. */
function withoutBlockFaults(all: Events): Events {
  const reply = new Reply(wholeInput);
  const fault = all.findIndex((event) => {
    try {
      reply.add(event);
      return false;
    } catch {
      return 'index' in event;
    }
  });
  return fault < 0 ? all : all.slice(0, fault);
}

const m = events.messageStart({ id: 'msg_1' });
const n = events.messageStart({ id: 'msg_2' });
/** A message without an id. */
const a = events.messageStart();
const o = events.textStart(0);
const t = events.textDelta(0, 'la');
const c = events.blockStop(0);
const s = events.messageDelta('end_turn');
const z = events.messageStop();
const e = events.error('overloaded_error', 'Overloaded');
const r = events.reset(2, 'lost');
const [mixed, failed] = ['protocol, retryable,', 'api, retryable,'];

/** What each order of events is, by hand. */
const ORDERS: readonly (readonly [string, Events, Verdict])[] = [
  ['no event', [], 'nothing'],
  ['a message', [m, o, t, c, s, z], 'whole'],
  ['an empty message', [m, z], 'whole'],
  ['a message without an id', [a, o, t, c, s, z], 'whole'],
  ['a message that has begun', [m], 'unfinished'],
  ['a message that says why it ends', [m, o, c, s], 'unfinished'],
  ['a message that ends inside a block', [m, o, t, z], 'whole'],
  ['a message that begins twice', [m, m], 'unfinished'],
  ['a message that begins twice and ends', [m, o, m, t, c, z], 'whole'],
  ['a message without an id that begins twice', [a, a, z], `${mixed} at 1`],
  ['a message without an id inside one that has one', [m, o, a, z], `${mixed} at 2`],
  ['a message with an id inside one that has none', [a, m], `${mixed} at 1`],
  ['a message inside another', [m, o, t, n, z], `${mixed} at 3`],
  ['a message after another', [m, z, n, z], 'whole'],
  ['the same message after its end', [m, z, m], 'unfinished'],
  ['an end alone', [z], 'nothing'],
  ['an end alone, twice', [z, z], 'nothing'],
  ['an end after a reason to end', [s, z], 'nothing'],
  ['an end after blocks without a message', [o, t, c, z], 'nothing'],
  ['an end inside a block without a message', [o, t, z], 'nothing'],
  ['a message after an end alone', [z, m, z], 'whole'],
  ['a block without a message', [o, t], 'unfinished'],
  ['a block without a message, which ends', [o, t, c], 'nothing'],
  ['a message after a block', [o, c, m, z], 'protocol at 2'],
  ['a message inside a block', [o, m, c, z], 'protocol at 1'],
  ['an end twice', [m, z, z], 'whole'],
  ['a block after the end', [m, z, o, t], 'whole'],
  ['a block after an end alone', [z, o, t], 'nothing'],
  ['a reason to end after the end', [m, z, s], 'whole'],
  ['an error after the end', [m, z, e], 'whole'],
  ['an error', [e], `${failed} at 0`],
  ['an error inside a message', [m, o, e], `${failed} at 2`],
  ['an error after an end alone', [z, e], 'nothing'],
  ['an attempt that is repeated', [m, o, t, r, n, o, c, z], 'whole'],
  ['an attempt that is to be repeated', [m, o, r], 'nothing'],
  ['an attempt that is repeated after its end', [m, z, r], 'nothing'],
  ['an end after a reset', [m, r, z], 'nothing'],
  ['a message after a reset of blocks without one', [o, r, m, z], 'whole'],
  ['the same message after a reset', [a, r, a, z], 'whole'],
];

/** Each order of up to so many of these events. */
function* everyOrder(letters: Events, length: number): Generator<Events> {
  yield [];
  if (length === 0) return;
  for (const rest of everyOrder(letters, length - 1)) for (const letter of letters) yield [letter, ...rest];
}

/** Fails unless everybody agrees on what these events are. */
function expectAgreement(all: Events): void {
  const known = withoutBlockFaults(all);
  const verdict = byReply(known);
  expect([byUsage(known), bySum(known)]).toEqual([verdict, verdict.replace('whole', 'nothing')]);
  expectSameState(known, verdict);
  expectSameAttempt(firstAttempt(known));
  expectSameBlocks(known);
  expectSameViolation(all);
}

function expectSameState(all: Events, verdict: Verdict): void {
  const state = new TurnState();
  const judge = {
    add: (event: StreamEvent) => state.add(event).state,
    get hasEnded() {
      return state.end().state.status === 'done';
    },
    isUnfinished: verdict === 'unfinished',
  };
  const seen = verdictOf(judge, all);
  // Without a message there is no state to show: it fails at the block that has none.
  const orphan = all.findIndex((event, at) => 'index' in event && byReply(all.slice(0, at)) !== 'unfinished');
  if (seen === verdict) expect(state.state.status === 'done').toBe(verdict === 'whole');
  else expect([seen, orphan >= 0]).toEqual([expect.stringMatching(/^protocol at/) as string, true]);
}

function expectSameAttempt(all: Events): void {
  const verdict = byReply(all).replace('unfinished', 'nothing');
  expect(byAttempt(all)).toBe(verdict);
  const code =
    verdict === 'whole' ? undefined : verdict === 'nothing' ? 'truncated' : /^\w+/.exec(verdict)?.[0];
  expect(codeBehind(retryWithReset({ count: 0 }), all)).toBe(code);
  // A message that is mixed up with another is for those who gather it; this one only sees how it ends.
  if (code !== 'protocol') expect(codeBehind(untilTerminal(), all)).toBe(code);
  // What it held back passes as it came, and whoever gathers it behind finds the same.
  const seen: StreamEvent[] = [];
  from(all)
    .pipe(retryBeforeOutput({ count: 0 }))
    .subscribe((event) => seen.push(event));
  expect(byReply(seen)).toBe(byReply(all));
}

/** At each event, the same blocks are open for who gathers them and for who only gives them up. */
function expectSameBlocks(all: Events): void {
  const reply = new Reply(wholeInput);
  const open = new OpenBlocks('stopped');
  const streaming = (): readonly number[] =>
    reply.blocks.filter(({ status }) => status === 'streaming').map(({ index }) => index);
  for (const event of all) {
    const before = streaming();
    const aborts = open.add(event);
    try {
      reply.add(event);
    } catch {
      // A failure gives up what was open.
      expect(aborts.map(({ index }) => index)).toEqual(before);
      return;
    }
    const aborted = event.type === 'message_stop' ? reply.touched.map(({ index }) => index) : [];
    expect(aborts.map(({ index }) => index)).toEqual([...aborted].sort((x, y) => x - y));
  }
  expect(open.abort('').map(({ index }) => index)).toEqual(streaming());
}

/** What the first event that is not in order is for who adds the events up. */
const MEANINGS: Readonly<Record<ProtocolViolation, readonly ('passes' | 'fails' | 'counts')[]>> = {
  'no-message': ['passes', 'counts'],
  'message-repeated': ['passes'],
  'message-unfinished': ['fails'],
  'block-repeated': ['fails'],
  'index-taken': ['fails'],
  'bad-index': ['fails'],
  'block-unknown': ['fails'],
  'block-ended': ['fails'],
  'wrong-delta': ['fails'],
  'blocks-open': ['counts'],
  'after-terminal': ['passes'],
};

function expectSameViolation(all: Events): void {
  const checker = new ProtocolChecker();
  const reply = new GrowingReply(growingInput);
  for (const event of all) {
    const violation = checker.violationOf(event);
    const before = [reply.hasEnded, reply.isUnfinished, reply.blocks, reply.partial];
    let meaning: 'passes' | 'fails' | 'counts' = 'counts';
    try {
      reply.add(event);
      const after = [reply.hasEnded, reply.isUnfinished, reply.blocks, reply.partial];
      if (after.every((value, at) => value === before[at])) meaning = 'passes';
    } catch (error) {
      meaning = 'fails';
      // After an error event the checker waits for the next message, but nobody who gathers goes on.
      if (event.type === 'error') return expect(violation).toBeUndefined();
      if (violation !== undefined) {
        const { retryable } = checker.errorOf(violation, event);
        expect((error as StreamError).retryable).toBe(retryable);
      }
    }
    if (violation !== undefined) return expect(MEANINGS[violation]).toContain(meaning);
    expect(meaning).not.toBe('fails');
    checker.take(event);
  }
}

describe('of the order of events', () => {
  it.each(ORDERS)('%s means the same to all', (_, all, verdict) => {
    expect(byReply(all)).toBe(verdict);
    expectAgreement(all);
  });

  it.each<[number, Events]>([
    [isThorough ? 3 : 2, [m, n, a, o, c, z, e, r]],
    [isThorough ? 4 : 3, [m, a, o, z]],
  ])('all agree on every order of up to %i events', (length, letters) => {
    for (const all of everyOrder(letters, length)) expectAgreement(all);
  });

  it('all agree, whatever comes', () => {
    fc.assert(fc.property(DISORDER, expectAgreement), { numRuns: runs(1_000) });
  });

  it('what is repaired is as whole as its end says', () => {
    fc.assert(
      fc.property(DISORDER, (all) => {
        const reply = new Reply(wholeInput);
        const repairer = new ProtocolRepairer(() => undefined);
        let last: StreamEvent | undefined;
        const gather = (event: StreamEvent): void => {
          const isFailure = event.type === 'error';
          reply.add(isFailure ? events.reset(2, event) : event);
          if (isFailure || ['message_start', 'message_stop', 'reset'].includes(event.type)) last = event;
        };
        try {
          for (const event of all) repairer.next<StreamEvent>(event, gather);
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol' });
        }
        expect(reply.hasEnded).toBe(last?.type === 'message_stop');
        expect(reply.isUnfinished).toBe(last?.type === 'message_start');
      }),
      { numRuns: runs(1_000) },
    );
  });
});
