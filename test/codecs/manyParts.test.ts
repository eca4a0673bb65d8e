import { from } from 'rxjs';
import { CODECS } from '../../scripts/codecs.js';
import { turnMessagesOf as turnMessagesOfAgUi } from '../../src/ag-ui.js';
import { turnMessagesOf } from '../../src/ai-sdk-ui.js';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { contentsOf } from '../../src/gemini.js';
import { ollamaMessagesOf } from '../../src/ollama.js';
import { chatMessagesOf, responseInputOf } from '../../src/openai.js';
import { messageStart } from '../../src/events/make.js';
import type { Frame } from '../../src/wire/frame.js';
import { leastCpuTime } from '../cpuTime.js';
import { EVENT_SHAPES } from '../operators/shapes.js';
import { isThorough } from '../thorough.js';

/** Of so many parts a square takes seconds, and a line some 50 ms. */
const MANY = isThorough ? 4_000 : 100;

const ENOUGH = 1_000;

/** More than the stack has room for as the arguments of a call. */
const FAR_TOO_MANY = isThorough ? 200_000 : 150_000;

/** A StreamError is an answer too: a limit ends what would take too long. */
function untilRefused(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
  }
}

function framesOf(codec: Codec, events: readonly unknown[]): readonly Frame[] {
  const frames: Frame[] = [];
  const encoder = codec.encoder();
  untilRefused(() => {
    for (const event of events) for (const frame of encoder.next(event as StreamEvent)) frames.push(frame);
    for (const frame of encoder.end()) frames.push(frame);
  });
  return frames;
}

/** Sub-agents that speak, each once, and what a main agent answers. */
const LANES = {
  name: 'sub-agents',
  make: (count: number): readonly unknown[] =>
    Array.from({ length: count }, (_, at) => ({
      ...messageStart({ id: `msg_${at}` }),
      lane: `toolu_${at}`,
    })),
};

describe.each([...CODECS])('%s', (_, codec) => {
  it('writes and reads thousands of parts of any kind, none at a cost that grows with those before', () => {
    const slow: string[] = [];
    for (const { name, make } of [...EVENT_SHAPES, LANES]) {
      const events = make(MANY);
      let frames: readonly Frame[] = [];
      const writing = leastCpuTime(() => (frames = framesOf(codec, events)), ENOUGH);
      const reading = leastCpuTime(
        () =>
          untilRefused(() => {
            const decoder = codec.decoder();
            for (const frame of frames) decoder.next(frame);
            decoder.end();
          }),
        ENOUGH,
      );
      if (writing > ENOUGH) slow.push(`${name}, written: ${writing} ms`);
      if (reading > ENOUGH) slow.push(`${name}, read: ${reading} ms`);
    }
    expect(slow).toEqual([]);
  }, 60_000);
});

describe('hundreds of thousands of parts', () => {
  const texts = Array.from({ length: FAR_TOO_MANY }, () => ({ type: 'text', text: 'a' }) as const);

  const writers: readonly (readonly [string, () => readonly unknown[]])[] = [
    ['chatMessagesOf', () => chatMessagesOf([{ role: 'user', content: results() }])],
    ['responseInputOf', () => responseInputOf([{ role: 'user', content: results() }])],
    ['contentsOf', () => contentsOf([{ role: 'user', content: texts }])],
    ['ollamaMessagesOf', () => ollamaMessagesOf([{ role: 'user', content: results() }])],
    ['turnMessagesOf of /ai-sdk-ui', () => turnMessagesOf(inTwo({ parts: texts }) as never)],
    ['turnMessagesOf of /ag-ui', () => turnMessagesOfAgUi(inTwo({ content: texts }) as never)],
  ];

  it.each(writers.slice(0, isThorough ? writers.length : 2))('of a message are written by %s', (_, write) => {
    expect(partsIn(write())).toBeGreaterThanOrEqual(FAR_TOO_MANY);
  });

  it('of one frame are read', () => {
    const data = Array.from({ length: FAR_TOO_MANY }, () => '{"type":"ping"}').join('\n');
    let count = 0;
    from([{ data }])
      .pipe(decode(anthropic))
      .subscribe(() => count++);
    expect(count).toBe(FAR_TOO_MANY);
  });

  function results() {
    return texts.map(
      ({ text }, at) => ({ type: 'tool_result', tool_use_id: `t_${at}`, content: text }) as const,
    );
  }

  /** Messages of one role in a row are one. */
  function inTwo(members: object): readonly object[] {
    return ['a', 'b'].map((id) => ({ id, role: 'user', ...members }));
  }

  function partsIn(messages: readonly unknown[]): number {
    const counts = messages.map((message) => {
      const { content, parts } = message as { content?: unknown; parts?: unknown };
      return [content, parts].find(Array.isArray)?.length ?? 1;
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }
});
