import type { StreamEvent } from '../../../src/events/event.js';
import type { Message } from '../../../src/events/message.js';
import { gemini } from '../../../src/gemini.js';
import type { DecodeOptions } from '../../../src/codecs/policed.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';
import { eventsOf } from '../conformance/spelling.js';

/** A chunk of one part, or of several, of the answer `r1` of the model `m-1`. */
export function chunk(parts: object | readonly object[] = [], rest: object = {}): object {
  const { usageMetadata, ...ofCandidate } = rest as { usageMetadata?: object };
  return {
    candidates: [{ content: { role: 'model', parts: [parts].flat() }, index: 0, ...ofCandidate }],
    ...(usageMetadata && { usageMetadata }),
    modelVersion: 'm-1',
    responseId: 'r1',
  };
}

/** The last chunk of a good answer. */
export const STOP = chunk({ text: '' }, { finishReason: 'STOP' });

/** The events of a whole stream of these values. */
export function read(values: readonly object[], options?: DecodeOptions): readonly StreamEvent[] {
  return eventsOf(
    gemini,
    values.map((value) => ({ data: JSON.stringify(value) })),
    options,
  );
}

/** The one answer of a stream. */
export function answerOf(values: readonly object[], options?: DecodeOptions): Answer {
  const [answer, ...others] = answersIn(read(values, options));
  if (answer === undefined || others.length > 0) throw new Error(`There are ${others.length} more answers`);
  return answer;
}

/** The message of the one answer of a stream. */
export function messageOf(values: readonly object[], options?: DecodeOptions): Message {
  const { message } = answerOf(values, options);
  if (message === undefined) throw new Error('There is no message');
  return message;
}

/** The types of events, one of each run. */
export function typesOf(events: readonly StreamEvent[]): readonly string[] {
  return events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
}
