import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { growingInput } from '../../../src/fold/calls/inputReader.js';
import { GrowingReply } from '../../../src/fold/message/growingReply.js';
import { cpuTime } from '../../cpuTime.js';
import '../../seed.js';

function replyTo(...all: StreamEvent[]): GrowingReply {
  const reply = new GrowingReply(growingInput);
  for (const event of all) reply.add(event);
  return reply;
}

/** What is raised by the last of these events. */
function failureOf(...all: StreamEvent[]): StreamError {
  const last = all.pop();
  const reply = replyTo(...all);
  try {
    if (last) reply.add(last);
  } catch (error) {
    return error as StreamError;
  }
  throw new Error('nothing was raised');
}

const start = events.messageStart({ id: 'msg_1' });

function textStartingWith(index: number): StreamEvent {
  return events.blockStart(index, { type: 'text', text: `${index}:`, citations: null });
}

describe('GrowingReply', () => {
  it('writes interleaved blocks by their index, in the order of the index', () => {
    const reply = replyTo(
      start,
      events.textStart(1),
      events.textStart(0),
      events.textDelta(1, 'second'),
      events.textDelta(0, 'first'),
      events.blockStop(1),
      events.blockStop(0),
    );
    expect(reply.blocks).toMatchObject([
      { text: 'first', index: 0, status: 'complete' },
      { text: 'second', index: 1, status: 'complete' },
    ]);
  });

  it('keeps the same object for what did not change', () => {
    const reply = replyTo(start, events.textStart(0), events.textStart(1), events.textDelta(0, 'a'));
    const [message, blocks] = [reply.message, reply.blocks];
    reply.add(events.ping()).add(events.textDelta(1, ''));
    expect(reply.message).toBe(message);
    expect(reply.blocks).toBe(blocks);
    reply.add(events.textDelta(1, 'b'));
    expect(reply.message).not.toBe(message);
    expect(reply.message?.content[0]).toBe(message?.content[0]);
    expect(reply.blocks[0]).toBe(blocks[0]);
    expect(message?.content[1]).toMatchObject({ text: '' });
  });

  it('has at most 128 members in the message and in its usage, each', () => {
    const withMembers = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, nth) => [`x${nth}`, nth]));
    const known = Object.keys(start.message).length;
    const room = 128 - known;
    const begun = (message: object, usage: object): StreamEvent =>
      ({
        type: 'message_start',
        message: { ...start.message, ...message, usage },
      }) as StreamEvent;
    expect(replyTo(begun(withMembers(room), withMembers(128))).message).toMatchObject({ id: 'msg_1' });
    const tooMany = [begun(withMembers(room + 1), {}), begun({}, withMembers(129))];
    for (const event of tooMany) expect(failureOf(event)).toMatchObject({ code: 'limit' });
  });

  it('overwrites usage and ending where they are told, and leaves them where they are not', () => {
    const reply = replyTo(
      events.messageStart({ id: 'msg_1', usage: { input_tokens: 7, output_tokens: 1 } }),
      events.messageDelta('end_turn', { output_tokens: 5 }),
      {
        type: 'message_delta',
        delta: { stop_reason: null },
        usage: { output_tokens: 9, input_tokens: null },
      } as never,
    );
    expect(reply.message).toMatchObject({
      stop_reason: 'end_turn',
      usage: { input_tokens: 7, output_tokens: 9 },
    });
  });

  it('survives messages and endings without usage', () => {
    const reply = replyTo(
      { type: 'message_start', message: { id: 'msg_1', content: [] } } as never,
      { type: 'message_delta', delta: {} } as never,
      events.messageStop(),
    );
    expect(reply.message).toMatchObject({ id: 'msg_1', content: [] });
  });

  it('keeps what it does not know: blocks as they came, deltas beside them', () => {
    const block = { type: 'hologram', depth: 3 };
    const delta = { type: 'hologram_delta', more: 1 };
    const reply = replyTo(
      start,
      events.blockStart(0, block as never),
      events.blockDelta(0, delta as never),
      events.blockStop(0),
    );
    expect(reply.message?.content).toEqual([block]);
    expect(reply.blocks).toEqual([{ ...block, index: 0, status: 'complete', unknownDeltas: [delta] }]);
  });

  it('keeps a delta of another block beside a block that has no deltas of its own', () => {
    const block = { type: 'redacted_thinking', data: 'secret' } as const;
    const { delta } = events.textDelta(0, 'Hello');
    const reply = replyTo(
      start,
      events.blockStart(0, block),
      events.textDelta(0, 'Hello'),
      events.blockStop(0),
    );
    expect(reply.blocks).toEqual([{ ...block, index: 0, status: 'complete', unknownDeltas: [delta] }]);
  });

  it('reads the input of a tool when its block stops', () => {
    const reply = replyTo(
      start,
      events.toolUseStart(0, 'toolu_1', 'get_weather'),
      events.inputJsonDelta(0, '{"city":'),
      events.inputJsonDelta(0, '"Paris"}'),
      events.blockStop(0),
    );
    expect(reply.blocks).toMatchObject([{ status: 'complete', input: { city: 'Paris' } }]);
  });

  it('takes the empty input for the one of the start', () => {
    const reply = replyTo(
      start,
      events.toolUseStart(0, 'toolu_1', 'now'),
      events.inputJsonDelta(0, ''),
      events.blockStop(0),
    );
    expect(reply.blocks).toMatchObject([{ status: 'complete', input: {} }]);
  });

  it('keeps an input that is no JSON, with the text and the reason', () => {
    const reply = replyTo(
      start,
      events.toolUseStart(0, 'toolu_1', 'get_weather'),
      events.inputJsonDelta(0, '{"city": oops}'),
      events.blockStop(0),
    );
    expect(reply.message?.content).toMatchObject([{ input: { INVALID_JSON: '{"city": oops}' } }]);
    expect(reply.blocks).toMatchObject([
      { status: 'invalid', raw: '{"city": oops}', reason: expect.stringContaining('position 9') as string },
    ]);
  });

  it('aborts what is open when the message ends, with what is certain of its input', () => {
    const reply = replyTo(
      start,
      events.toolUseStart(0, 'toolu_1', 'make_file'),
      events.inputJsonDelta(0, '{"name":"a.txt","lines":["one","tw'),
      events.messageStop(),
    );
    expect(reply.touched.map(({ block }) => block)).toMatchObject([
      {
        status: 'aborted',
        reason: 'The message ended inside this block',
        input: { name: 'a.txt', lines: ['one'] },
      },
    ]);
  });

  it('passes over what comes after the end', () => {
    const reply = replyTo(start, events.messageStop());
    const { message } = reply;
    reply.add(events.textDelta(0, 'extra')).add(events.error('api_error', 'late')).add(events.messageStop());
    expect(reply.message).toBe(message);
    expect(reply.endedNow).toBe(false);
  });

  it('passes over a repeated start of the same message', () => {
    const reply = replyTo(start, events.textStart(0), events.textDelta(0, 'a'), start);
    expect(reply.blocks).toMatchObject([{ text: 'a' }]);
  });

  it('begins anew with another message after the end, whatever its id', () => {
    const reply = replyTo(start, events.textStart(0, 'a'), events.blockStop(0), events.messageStop(), start);
    expect(reply.message?.content).toEqual([]);
    expect(reply.hasEnded).toBe(false);
  });

  it('never mixes two messages', () => {
    expect(failureOf(start, events.messageStart({ id: 'msg_2' }))).toMatchObject({
      code: 'protocol',
      retryable: true,
    });
  });

  it('has the blocks that a message holds from its start', () => {
    const message = { ...start.message, content: [events.textStart(0, 'whole').content_block] };
    const reply = replyTo({ type: 'message_start', message });
    expect(reply.touched.map(({ block }) => block)).toMatchObject([
      { index: 0, status: 'complete', text: 'whole' },
    ]);
    expect(reply.message).toEqual(message);
  });

  it('drops everything at a reset', () => {
    const reply = replyTo(
      start,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.reset(2, 'overloaded'),
    );
    expect(reply.partial).toBeUndefined();
    expect(reply.isUnfinished).toBe(false);
    expect(reply.blocks).toEqual([]);
  });

  it.each([
    ['a delta without a start', [start, events.textDelta(0, 'a')]],
    ['a delta after the stop', [start, events.textStart(0), events.blockStop(0), events.textDelta(0, 'a')]],
    ['a stop without a start', [start, events.blockStop(0)]],
    ['a block that begins twice', [start, events.textStart(0), events.textStart(0)]],
    ['a delta of another type of block', [start, events.textStart(0), events.inputJsonDelta(0, '{}')]],
    ['a negative index', [start, events.textStart(-1)]],
    ['a fractional index', [start, events.textStart(0.5)]],
    ['a huge index', [start, events.textStart(1e9)]],
    ['an index that is a name', [start, events.textStart('__proto__' as never)]],
    ['a delta at an index that is a name', [start, events.textDelta('__proto__' as never, 'a')]],
  ])('raises %s as a protocol error', (_, all) => {
    expect(failureOf(...all)).toMatchObject({ name: 'StreamError', code: 'protocol' });
    expect(({} as Record<string, unknown>)['text']).toBeUndefined();
  });

  it('raises an error event with what it stands for', () => {
    expect(failureOf(start, events.error('overloaded_error', 'Overloaded', 'req_1'))).toMatchObject({
      code: 'api',
      errorType: 'overloaded_error',
      status: 529,
      requestId: 'req_1',
      retryable: true,
    });
  });

  it('raises blocks without a message when the message is asked for', () => {
    expect(() => replyTo(events.textStart(0)).message).toThrow('A block began before its message');
  });

  it('names the model that a fallback went to', () => {
    const fallback = {
      type: 'fallback',
      from: { model: 'a' },
      to: { model: 'b' },
    } as never;
    expect(replyTo(start, events.blockStart(0, fallback)).message?.model).toBe('b');
  });

  it('says the same of 200 blocks however late a snapshot is read', () => {
    const reply = replyTo(start);
    const snapshots = [];
    for (let index = 0; index < 200; index++) {
      reply.add(events.textStart(index)).add(events.textDelta(index, `t${index}`));
      snapshots.push(reply.message);
      reply.add(events.textDelta(index, '!')).add(events.blockStop(index));
    }
    for (const [index, snapshot] of snapshots.entries()) {
      expect(snapshot?.content).toHaveLength(index + 1);
      expect(snapshot?.content.at(-1)).toMatchObject({ text: `t${index}` });
      if (index > 0) expect(snapshot?.content.at(-2)).toBe(reply.message?.content[index - 1]);
    }
  });

  it('tells 200 blocks that are open at once apart, in any order, however late it is read', () => {
    const indexes = Array.from({ length: 200 }, (_, at) => (at * 7) % 200);
    const reply = replyTo(start, ...indexes.map((index) => events.textStart(index)));
    const snapshots = indexes.map((index) => reply.add(events.textDelta(index, `t${index}`)).message);
    for (const [at, snapshot] of snapshots.entries()) {
      const written = new Set(indexes.slice(0, at + 1));
      const texts = snapshot?.content.map((block) => block.type === 'text' && block.text);
      expect(texts).toEqual(
        Array.from({ length: 200 }, (_, index) => (written.has(index) ? `t${index}` : '')),
      );
    }
  });

  it('shows the same however often it is read, and keeps each block that did not change, in any order of the blocks', () => {
    const step = fc.record({
      index: fc.nat({ max: 6 }),
      isStop: fc.boolean(),
      isReset: fc.nat({ max: 20 }).map((one) => one === 0),
      reads: fc.subarray(['message', 'blocks'] as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const given: StreamEvent[] = [];
        const reply = replyTo();
        const add = (event: StreamEvent): unknown => given.push(event) && reply.add(event);
        add(start);
        const open = new Map<number, boolean>();
        const seen: { message: readonly object[]; blocks: readonly object[] } = { message: [], blocks: [] };
        for (const { index, isStop, isReset, reads } of steps) {
          if (isReset) {
            add(events.reset(2, 'Lost'));
            add(start);
            open.clear();
            seen.message = seen.blocks = [];
          } else if (!open.has(index)) {
            open.set(index, true);
            add(index % 2 ? events.toolUseStart(index, `call_${index}`, 'look') : textStartingWith(index));
          } else if (open.get(index) && isStop) {
            open.set(index, false);
            add(events.blockStop(index));
          } else if (open.get(index)) {
            add(index % 2 ? events.inputJsonDelta(index, '[1,') : events.textDelta(index, 'ab'));
          }
          for (const read of reads) {
            const shown = reply[read];
            expect(shown).toEqual(replyTo(...given)[read]);
            expect(reply[read]).toBe(shown);
            const blocks: readonly object[] = shown && 'content' in shown ? shown.content : (shown ?? []);
            for (const block of seen[read])
              if (blocks.some((now) => isDeepStrictEqual(now, block)) && !isReset)
                expect(blocks).toContain(block);
            seen[read] = blocks;
          }
        }
      }),
    );
  });

  it('takes no longer for blocks that begin in reverse, as long as nobody looks', () => {
    const timeOf = (indexes: readonly number[]): number =>
      cpuTime(() => replyTo(start, ...indexes.map((index) => events.textStart(index))));
    const forwards = Array.from({ length: 8_000 }, (_, index) => index);
    const least = (indexes: readonly number[]): number => Math.min(...[1, 2, 3].map(() => timeOf(indexes)));
    // To put each block in order as it begins takes some fifty times as long.
    expect(least([...forwards].reverse())).toBeLessThan(10 * least(forwards));
  });

  it('takes a delta without an index for what it is, whatever came before it', () => {
    const delta = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } } as never;
    const text = [start, events.textStart(0)];
    for (const before of [[], text, [...text, events.textDelta(0, 'a')]])
      expect(failureOf(...before, delta)).toMatchObject({ code: 'protocol', message: /integer/ });
    const whole = replyTo(...text, events.blockStop(0), events.messageStop(), delta);
    expect(whole.hasEnded).toBe(true);
  });

  it('gives, for any cut of any texts, the texts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string()), { maxLength: 80 }), (texts) => {
        const reply = replyTo(start);
        const open = texts.map((pieces, index) => ({ pieces: [...pieces], index }));
        for (const { index } of open) reply.add(events.textStart(index));
        while (open.length > 0) {
          for (const block of [...open]) {
            const piece = block.pieces.shift();
            if (piece !== undefined) reply.add(events.textDelta(block.index, piece));
            else {
              reply.add(events.blockStop(block.index));
              open.splice(open.indexOf(block), 1);
            }
          }
        }
        expect(reply.blocks.map((block) => block.type === 'text' && block.text)).toEqual(
          texts.map((t) => t.join('')),
        );
        expect(reply.message?.content.map((block) => block.type === 'text' && block.text)).toEqual(
          texts.map((t) => t.join('')),
        );
      }),
    );
  });
});
