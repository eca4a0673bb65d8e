import fc from 'fast-check';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { ProtocolChecker, type ProtocolViolation } from '../../../src/fold/order/protocolChecker.js';
import { Reply } from '../../../src/fold/message/reply.js';
import { wholeInput } from '../../../src/fold/message/wholeInput.js';
import { streamEventSequence } from '../../codecs/streamEvent.js';
import { runs } from '../../seed.js';
import { DISORDER } from './disorder.js';

/** The violation of the last event, after those before it. */
function violationOf(...all: readonly StreamEvent[]): ProtocolViolation | undefined {
  const checker = new ProtocolChecker();
  all.slice(0, -1).forEach((event) => checker.check(event));
  const last = all.at(-1);
  return last && checker.violationOf(last);
}

/** How many events are in order. */
function orderly(all: readonly StreamEvent[]): number {
  const checker = new ProtocolChecker();
  const first = all.findIndex((event) => {
    if (checker.violationOf(event) !== undefined) return true;
    checker.take(event);
    return false;
  });
  return first < 0 ? all.length : first;
}

const start = events.messageStart({ id: 'msg_1' });
const text = events.textStart(0);
const call = events.toolUseStart(0, 'toolu_1', 'draw');
const [stop, end] = [events.blockStop(0), events.messageStop()];

describe('an event out of order', () => {
  it.each<[ProtocolViolation, string, readonly StreamEvent[]]>([
    ['no-message', 'a block without a message', [text]],
    ['no-message', 'a reason to end without a message', [events.messageDelta('end_turn')]],
    ['no-message', 'an end without a message', [end]],
    ['no-message', 'a block after a reset', [start, events.reset(2, 'lost'), text]],
    ['message-repeated', 'a start with the same id', [start, text, start]],
    ['message-unfinished', 'a start with another id', [start, events.messageStart({ id: 'msg_2' })]],
    ['message-unfinished', 'starts without ids', [events.messageStart(), events.messageStart()]],
    ['block-repeated', 'the same start', [start, text, text]],
    ['block-repeated', 'a start that reads the same', [start, call, structuredClone(call)]],
    ['index-taken', 'another call at the index', [start, call, events.toolUseStart(0, 'toolu_2', 'draw')]],
    ['index-taken', 'the same start after it grew', [start, text, events.textDelta(0, 'la'), text]],
    ['index-taken', 'the same start after its stop', [start, text, stop, text]],
    [
      'index-taken',
      'a block that the message began with',
      [events.messageStart({ id: 'msg_1', content: [text.content_block] }), text],
    ],
    ['bad-index', 'an index below zero', [start, events.textStart(-1)]],
    ['bad-index', 'an index between two', [start, events.textDelta(0.5, 'la')]],
    ['bad-index', 'an index far too high', [start, events.blockStop(10_000_000)]],
    ['bad-index', 'an index that is text', [start, events.blockAbort('__proto__' as never, 'stopped')]],
    ['block-unknown', 'a delta for no block', [start, events.textDelta(0, 'la')]],
    ['block-unknown', 'a stop for no block', [start, stop]],
    ['block-unknown', 'an abort for no block', [start, events.blockAbort(0, 'stopped')]],
    ['block-ended', 'a delta after the stop', [start, text, stop, events.textDelta(0, 'la')]],
    ['block-ended', 'a second stop', [start, text, stop, stop]],
    ['block-ended', 'a stop after the abort', [start, text, events.blockAbort(0, 'stopped'), stop]],
    ['wrong-delta', 'text for a call', [start, call, events.textDelta(0, 'la')]],
    ['wrong-delta', 'JSON for a text', [start, text, events.inputJsonDelta(0, '{}')]],
    ['wrong-delta', 'a signature for a text', [start, text, events.signatureDelta(0, 'signed')]],
    ['blocks-open', 'a reason to end', [start, text, events.messageDelta('end_turn')]],
    ['blocks-open', 'an end without a reason', [start, text, end]],
    ['after-terminal', 'a second end', [start, end, end]],
    ['after-terminal', 'a block after the end', [start, end, text]],
    ['after-terminal', 'an error after the end', [start, end, events.error('api_error', 'No')]],
    [
      'after-terminal',
      'a reason after an error',
      [events.error('api_error', 'No'), events.messageDelta(null)],
    ],
  ])('is %s for %s', (violation, _, all) => {
    expect(violationOf(...all)).toBe(violation);
  });

  it('is a protocol error whose message says what came, and nothing of what it holds', () => {
    const checker = new ProtocolChecker();
    checker.check(start);
    const raised = (): void => checker.check(events.textDelta(7, 'a secret'));
    expect(raised).toThrow(StreamError);
    expect(raised).toThrow('A content_block_delta came for block 7, which never began');
  });

  it.each([
    [events.messageStart({ id: 'msg_2' }), true],
    [start, false],
    [events.blockStop(0), false],
  ])('is worth a retry only where two answers were mixed: %j', (event, retryable) => {
    const checker = new ProtocolChecker();
    checker.check(start);
    expect(() => checker.check(event)).toThrow(expect.objectContaining({ code: 'protocol', retryable }));
  });

  it('leaves the checker as it was', () => {
    const checker = new ProtocolChecker();
    for (const event of [start, text]) checker.check(event);
    expect(() => checker.check(events.inputJsonDelta(0, '{}'))).toThrow('takes no input_json_delta');
    for (const event of [stop, events.messageDelta('end_turn'), end]) checker.check(event);
  });
});

describe('in order are', () => {
  it.each<[string, readonly StreamEvent[]]>([
    [
      'blocks that grow in turn',
      [start, text, events.textStart(1), events.textDelta(0, 'la'), events.textDelta(1, 'la')],
    ],
    ['blocks that begin from the back', [start, events.textStart(1), text]],
    ['a block that the model was cut off inside', [start, call, events.messageDelta('max_tokens'), end]],
    ['usage while a block is open', [start, text, events.messageDelta(null, { output_tokens: 3 })]],
    ['several messages', [start, end, start, end, events.messageStart({ id: 'msg_2' })]],
    ['an error before the message', [events.error('overloaded_error', 'Overloaded')]],
    ['a message after an error', [events.error('overloaded_error', 'Overloaded'), start]],
    [
      'pings, results and news after the end',
      [start, end, events.ping(), events.toolResult('a', 'b'), events.unknown('x', 1)],
    ],
    ['an attempt after a failed one', [start, text, events.reset(2, 'lost'), start, text, stop]],
    ['a message without a reason to end', [start, end]],
  ])('%s', (_, all) => {
    expect(orderly(all)).toBe(all.length);
  });

  it('whole answers', () => {
    fc.assert(
      fc.property(fc.array(streamEventSequence), (answers) => {
        const all = answers.flat();
        expect(orderly(all)).toBe(all.length);
      }),
    );
  });

  it('no events that contradict each other for whoever adds them up', () => {
    fc.assert(
      fc.property(DISORDER, (all) => {
        const reply = new Reply(wholeInput);
        const add = (event: StreamEvent) =>
          reply.add(event.type === 'error' ? events.reset(2, event.error.message) : event);
        expect(() => all.slice(0, orderly(all)).forEach(add)).not.toThrow();
      }),
      { numRuns: runs(2000) },
    );
  });
});
