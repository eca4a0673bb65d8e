import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { runs } from '../../seed.js';
import { answers } from './answers.js';
import { ALL, EVERYTHING, scopeOf } from './scope.js';
import { flaws, isWhole } from './wellFormed.js';

const START = events.messageStart();
const END = [events.messageDelta('end_turn'), events.messageStop()];
const TEXT = [events.textStart(0), events.textDelta(0, 'Hi'), events.blockStop(0)];

describe('a stream is well-formed', () => {
  it.each<[string, readonly StreamEvent[]]>([
    ['that is empty', []],
    ['that has no blocks', [START, ...END]],
    ['that comes at once', [events.messageStart({ stop_reason: 'end_turn' }), events.messageStop()]],
    ['that has not ended', [START, ...TEXT.slice(0, 2)]],
    ['that fails at once', [events.error('api_error', 'No')]],
    [
      'that fails after a block was given up',
      [START, events.textStart(0), events.blockAbort(0, 'No'), events.error('api_error', 'No')],
    ],
    [
      'whose blocks grow side by side',
      [START, events.textStart(0), events.thinkingStart(1), ...TEXT.slice(1), events.blockStop(1), ...END],
    ],
    ['of two messages', [START, ...TEXT, ...END, START, ...TEXT, ...END]],
    [
      'that begins anew after a reset',
      [START, ...TEXT.slice(0, 1), events.reset(2, null), START, ...TEXT, ...END],
    ],
    [
      'with pings and strangers anywhere',
      [events.ping(), START, events.unknown('new', {}), ...TEXT, ...END, events.ping()],
    ],
    [
      'with what a tool gave',
      [START, events.toolUseStart(0, 'a', 'f'), events.blockStop(0), events.toolResult('a', ''), ...END],
    ],
  ])('%s', (_what, stream) => {
    expect(flaws(stream)).toEqual([]);
  });

  it('as it is generated, within any features', () => {
    fc.assert(
      fc.property(
        fc.subarray([...ALL]).chain((features) => answers(scopeOf(new Set(features)))),
        (stream) => {
          expect(flaws(stream)).toEqual([]);
          expect(isWhole(stream)).toBe(true);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it('but for blocks that an error left open, as it is generated without restraint', () => {
    fc.assert(
      fc.property(answers(EVERYTHING), (stream) => {
        expect(flaws(stream).filter((flaw) => !/^\d+ error: \d blocks are open$/.test(flaw))).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('a stream is not well-formed', () => {
  it.each<[string, readonly StreamEvent[], string]>([
    ['whose block has no message', TEXT.slice(0, 1), '0 content_block_start: no message has begun'],
    ['that begins twice', [START, START], '1 message_start: another message is unfinished'],
    [
      'whose block begins twice',
      [START, ...TEXT, events.textStart(0)],
      '4 content_block_start: block 0 began before',
    ],
    ['whose index is none', [START, events.textStart(-1)], '1 content_block_start: the index is none'],
    [
      'whose delta has no block',
      [START, events.textDelta(0, '')],
      '1 content_block_delta: block 0 is not open',
    ],
    [
      'whose delta comes too late',
      [START, ...TEXT, events.textDelta(0, '')],
      '4 content_block_delta: block 0 is not open',
    ],
    [
      'whose delta is of another kind',
      [START, events.textStart(0), events.thinkingDelta(0, '')],
      '2 content_block_delta: a text takes no thinking_delta',
    ],
    [
      'whose block stops twice',
      [START, ...TEXT, events.blockStop(0)],
      '4 content_block_stop: block 0 is not open',
    ],
    [
      'whose block is given up after it stopped',
      [START, ...TEXT, events.blockAbort(0, '')],
      '4 block_abort: block 0 is not open',
    ],
    ['that ends inside a block', [START, events.textStart(0), ...END], '3 message_stop: 1 blocks are open'],
    [
      'that fails inside a block',
      [START, events.textStart(0), events.error('x', '')],
      '2 error: 1 blocks are open',
    ],
    [
      'that does not say why it ends',
      [START, events.messageStop()],
      '1 message_stop: nothing said why the message ends',
    ],
    ['that ends twice', [START, ...END, events.messageStop()], '3 message_stop: no message has begun'],
    [
      'that goes on after its end',
      [START, ...END, events.textStart(0)],
      '3 content_block_start: no message has begun',
    ],
    [
      'that goes on after a reset',
      [START, events.reset(2, null), events.textStart(0)],
      '2 content_block_start: no message has begun',
    ],
    ['with a result of nothing', [START, events.toolResult('a', '')], '1 tool_result: there was no call a'],
  ])('%s', (_what, stream, flaw) => {
    expect(flaws(stream)).toEqual([flaw]);
  });
});

describe('a stream is whole', () => {
  it('when a message_stop or an error is the last that is said', () => {
    expect(isWhole([START, ...END, events.ping()])).toBe(true);
    expect(isWhole([START, events.error('x', '')])).toBe(true);
    expect(isWhole([START, ...TEXT])).toBe(false);
    expect(isWhole([START, ...END, START])).toBe(false);
    expect(isWhole([])).toBe(false);
  });
});
