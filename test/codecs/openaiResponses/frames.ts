import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { Message } from '../../../src/events/message.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { openaiResponses } from '../../../src/openai.js';
import type { Frame } from '../../../src/wire/frame.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';

/** An event of the wire: its type without `response.`, and its members. */
export type Wire = readonly [type: string, members?: object];

/** Types that do not begin with `response.`. */
const BARE = new Set(['error', 'keepalive', 'heartbeat']);

/** The frames of these events, numbered as the server numbers them. */
export function framesOf(...wire: readonly Wire[]): readonly Frame[] {
  return wire.map(([name, members], sequence_number) => {
    const type = BARE.has(name) ? name : `response.${name}`;
    return { event: type, data: JSON.stringify({ type, sequence_number, ...members }) };
  });
}

/** What is read of these events. */
export function read(...wire: readonly Wire[]): readonly StreamEvent[] {
  return eventsOf(framesOf(...wire));
}

/** What is read of these frames. */
export function eventsOf(frames: readonly Frame[], options?: DecodeOptions): readonly StreamEvent[] {
  const decoder = policed(openaiResponses, options);
  return [...frames.flatMap((frame) => decoder.next(frame)), ...decoder.end()];
}

/** What the answers of these events come to. */
export function answersOf(...wire: readonly Wire[]): readonly Answer[] {
  return answersIn(read(...wire));
}

/** What the one answer of these events comes to. */
export function messageOf(...wire: readonly Wire[]): Message | undefined {
  return answersOf(...wire)[0]?.message;
}

/** What these events are written as. */
export function write(...given: readonly StreamEvent[]): readonly Frame[] {
  const encoder = openaiResponses.encoder();
  return [...given.flatMap((event) => encoder.next(event)), ...encoder.end()];
}

/** The values of frames. */
export function valuesIn(frames: readonly Frame[]): readonly Readonly<Record<string, unknown>>[] {
  return frames.map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>);
}

/** An answer as the server begins it. */
export const RESPONSE = { id: 'resp_1', object: 'response', model: 'gpt-5.5', output: [], usage: null };

/** What begins an answer. */
export const CREATED: Wire = ['created', { response: { ...RESPONSE, status: 'in_progress' } }];

/** What ends an answer well. */
export const COMPLETED: Wire = ['completed', { response: { ...RESPONSE, status: 'completed' } }];

export const START = events.messageStart({ id: 'resp_1', model: 'gpt-5.5' });

/** An item that begins. */
export function added(output_index: number, item: object): Wire {
  return ['output_item.added', { output_index, item }];
}

/** An item that is whole. */
export function done(output_index: number, item: object): Wire {
  return ['output_item.done', { output_index, item }];
}

/** A message of one part that begins. */
export function message(output_index: number, id: string, fields: object = {}): readonly Wire[] {
  const at = { item_id: id, output_index, content_index: 0 };
  return [
    added(output_index, {
      id,
      type: 'message',
      status: 'in_progress',
      content: [],
      role: 'assistant',
      ...fields,
    }),
    ['content_part.added', { ...at, part: { type: 'output_text', annotations: [], logprobs: [], text: '' } }],
  ];
}

/** More of a text. */
export function text(output_index: number, delta: string, item_id = 'msg_a'): Wire {
  return [
    'output_text.delta',
    { item_id, output_index, content_index: 0, delta, logprobs: [], obfuscation: 'x' },
  ];
}

/** A message of this text, as it is in the end. */
export function whole(id: string, words: string, fields: object = {}): object {
  const content = [{ type: 'output_text', annotations: [], logprobs: [], text: words }];
  return { id, type: 'message', status: 'completed', content, role: 'assistant', ...fields };
}

/** The end of a message of one part. */
export function messageDone(
  output_index: number,
  id: string,
  words: string,
  fields: object = {},
): readonly Wire[] {
  const at = { item_id: id, output_index, content_index: 0 };
  return [
    ['output_text.done', { ...at, text: words, logprobs: [] }],
    [
      'content_part.done',
      { ...at, part: { type: 'output_text', annotations: [], logprobs: [], text: words } },
    ],
    done(output_index, whole(id, words, fields)),
  ];
}

/** A call, as it is in the end. */
export function call(id: string, json: string, fields: object = {}): object {
  return {
    id: `fc_${id}`,
    type: 'function_call',
    status: 'completed',
    call_id: id,
    name: 'get_weather',
    arguments: json,
    ...fields,
  };
}

/** A call that begins. */
export function callAdded(output_index: number, id: string, fields: object = {}): Wire {
  return added(output_index, call(id, '', { status: 'in_progress', ...fields }));
}

/** More of the input of a call. */
export function input(output_index: number, delta: string): Wire {
  return ['function_call_arguments.delta', { item_id: 'fc_1', output_index, delta }];
}

/** The start of a text that keeps the id of its item. */
export function textStart(index: number, item_id: string, fields: object = {}): StreamEvent {
  return events.blockStart(index, { type: 'text', text: '', citations: null, item_id, ...fields } as never);
}

/** The start of a call that keeps the id of its item. */
export function callStart(index: number, id: string, fields: object = {}): StreamEvent {
  const { content_block } = events.toolUseStart(index, id, 'get_weather');
  return events.blockStart(index, { ...content_block, item_id: `fc_${id}`, ...fields } as never);
}
