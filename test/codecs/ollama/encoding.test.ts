import type { StreamEvent } from '../../../src/events/event.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import * as events from '../../../src/events/make.js';
import { ollama, ollamaDialect, ollamaLineSchema, type OllamaFields } from '../../../src/ollama.js';

const HEADING = { model: 'm', created_at: '1970-01-01T00:00:00Z' };
const START = events.messageStart({ id: 'msg_1', model: 'm', usage: { input_tokens: 3 } });

function written(given: readonly StreamEvent[], codec = ollama): readonly unknown[] {
  const encoder = codec.encoder();
  return [...given.flatMap((event) => encoder.next(event)), ...encoder.end()].map(({ data }): unknown =>
    JSON.parse(data),
  );
}

function chat(message: object, more: object = { done: false }): object {
  return { ...HEADING, message: { role: 'assistant', content: '', ...message }, ...more };
}

function last(done_reason: string | undefined, more: object = { eval_count: 5 }): object {
  return chat({}, { done: true, ...(done_reason !== undefined && { done_reason }), ...more });
}

describe('what is written', () => {
  it('is a line of each piece, and one of the end', () => {
    expect(
      written([
        START,
        events.thinkingStart(0),
        events.thinkingDelta(0, 'Hm'),
        events.signatureDelta(0, 'c2ln'),
        events.blockStop(0),
        events.textStart(1),
        events.textDelta(1, 'Hi'),
        events.ping(),
        events.blockStop(1),
        events.messageDelta('end_turn', { output_tokens: 5 }),
        events.messageStop(),
      ]),
    ).toEqual([
      chat({}),
      chat({ thinking: 'Hm' }),
      chat({ content: 'Hi' }),
      last('stop', { prompt_eval_count: 3, eval_count: 5 }),
    ]);
  });

  it('is a call once its input is whole, with its number', () => {
    expect(
      written([
        START,
        events.toolUseStart(0, 'a', 'f'),
        events.toolUseStart(1, 'b', 'g'),
        events.inputJsonDelta(0, '{"n":'),
        events.blockStop(1),
        events.inputJsonDelta(0, '1}'),
        events.blockStop(0),
        events.toolResult('a', '4'),
      ]),
    ).toEqual([
      chat({}),
      chat({ tool_calls: [{ id: 'b', function: { index: 0, name: 'g', arguments: {} } }] }),
      chat({ tool_calls: [{ id: 'a', function: { index: 1, name: 'f', arguments: { n: 1 } } }] }),
    ]);
  });

  it.each([['[1]'], ['"x"'], ['{"n":'], ['null']])('is no call whose input is %s', (json) => {
    const call = [events.toolUseStart(0, 'a', 'f'), events.inputJsonDelta(0, json), events.blockStop(0)];
    expect(written([START, ...call])).toEqual([chat({})]);
  });

  it('is no call that was given up', () => {
    expect(written([START, events.toolUseStart(0, 'a', 'f'), events.blockAbort(0, 'No')])).toEqual([
      chat({}),
    ]);
  });

  it('is an image in base64, and no other block', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' } };
    const remote = { type: 'image', source: { type: 'url', url: 'https://example.com/' } };
    const blocks = [image, remote, { type: 'hologram' }].flatMap((block, index) => [
      events.blockStart(index, block as object as AnyContentBlock),
      events.blockStop(index),
    ]);
    expect(written([START, ...blocks])).toEqual([chat({}), chat({ images: ['iVBORw0K'] })]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['tool_use', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'refusal'],
    ['cancelled', 'cancelled'],
    ['load', 'load'],
    [null, undefined],
  ])('is the reason %s as %s', (reason, expected) => {
    const end = events.messageDelta(reason as 'end_turn', { output_tokens: 5 });
    expect(written([START, end, events.messageStop()]).at(-1)).toEqual(
      last(expected, { prompt_eval_count: 3, eval_count: 5 }),
    );
  });

  it('is what only Ollama says, wherever that was told', () => {
    const fields: OllamaFields = {
      created_at: '2026-01-01T00:00:00Z',
      remote_model: 'm:cloud',
      load_duration: 2,
      context: [1, 2],
    };
    const start = events.messageStart({ model: 'm', ...fields });
    const end = { ...events.messageDelta('end_turn'), total_duration: 7 };
    const heading = { model: 'm', created_at: fields.created_at, remote_model: 'm:cloud' };
    expect(written([start, end, events.messageStop()])).toEqual([
      { ...heading, message: { role: 'assistant', content: '' }, done: false },
      {
        ...heading,
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        load_duration: 2,
        context: [1, 2],
        total_duration: 7,
        eval_count: 0,
      },
    ]);
  });

  it('is an error as its sentence', () => {
    expect(written([START, events.error('overloaded_error', 'Too many')]).at(-1)).toEqual({
      error: 'Too many',
    });
  });

  it('is nothing of an unknown event: a client would take its line for one of the answer', () => {
    const given = [events.unknown('mood', { fine: true }), events.unknown('x', { done: true })];
    expect(written(given)).toEqual([]);
  });
});

describe('the lines of a generation', () => {
  const generate = ollamaDialect('generate');

  it('have a response, and no calls', () => {
    const line = (response: string, more: object = {}): object => ({
      ...HEADING,
      response,
      done: false,
      ...more,
    });
    const image = { type: 'image', source: { type: 'base64', data: '/9j/' } } as object as AnyContentBlock;
    expect(
      written(
        [
          START,
          events.thinkingStart(0),
          events.thinkingDelta(0, 'Hm'),
          events.blockStop(0),
          events.textStart(1),
          events.textDelta(1, 'Hi'),
          events.blockStop(1),
          events.toolUseStart(2, 'a', 'f'),
          events.blockStop(2),
          events.blockStart(3, image),
          events.blockStop(3),
          events.messageDelta('max_tokens', { output_tokens: 5 }),
          events.messageStop(),
        ],
        generate,
      ),
    ).toEqual([
      line(''),
      line('', { thinking: 'Hm' }),
      line('Hi'),
      line('', { image: '/9j/' }),
      line('', { done: true, done_reason: 'length', prompt_eval_count: 3, eval_count: 5 }),
    ]);
  });
});

describe('the schema', () => {
  it('takes the lines of both, and says what is wrong with another', () => {
    expect(ollamaLineSchema.safeParse(chat({ content: 'Hi' })).success).toBe(true);
    expect(ollamaLineSchema.safeParse({ ...HEADING, response: 'Hi' }).success).toBe(true);
    expect(ollamaLineSchema.safeParse(chat({ content: 7 })).error?.issues).toMatchObject([
      { path: ['message', 'content'], message: 'must be a string, but is 7' },
    ]);
  });
});
