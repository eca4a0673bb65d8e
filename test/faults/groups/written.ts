import * as events from '../../../src/events/make.js';
import { ANSWER, wire } from '../../sources/loopback.js';
import { chunk, head, type Step } from '../faultServer.js';

/** The short answer of these tests as it stands on the wire. */
export const WHOLE = wire(...ANSWER);

/** Its first three events: `Hel` of a text that is not yet whole. */
export const BEGUN = wire(...ANSWER.slice(0, 3));

/** What ends a message without a fault. */
export const END = wire(events.messageDelta('end_turn'), events.messageStop());

/** An SSE message with nothing but data. */
export function data(json: string): string {
  return `data: ${json}\n\n`;
}

/** The head of an event stream whose length nobody knows: it ends where the connection does. */
export const STREAM = head('200 OK', { 'content-type': 'text/event-stream' });

/** The head of an event stream in chunks. */
export const CHUNKED = head('200 OK', {
  'content-type': 'text/event-stream',
  'transfer-encoding': 'chunked',
});

/** The chunk that ends a body. */
export const LAST_CHUNK = chunk('');

/** The connection ends, as at the end of a body. */
export const CLOSE: Step = { end: 'close' };

/** An answer that is whole at once. */
export function answer(
  status: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): readonly Step[] {
  return [
    head(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) }),
    { send: body },
    CLOSE,
  ];
}

/** A message with one text, as far as it has come. */
export function soFar(text: string): object {
  return { type: 'message', stop_reason: null, content: [{ type: 'text', text }] };
}

/** A message with one text, whole. */
export function message(text: string): object {
  return { type: 'message', stop_reason: 'end_turn', content: [{ type: 'text', text }] };
}
