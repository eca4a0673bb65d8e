import { defer, type Observable } from 'rxjs';
import { chatReading } from '../codecs/openaiChat/reading.js';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import { headersOf } from './headers.js';
import { streamEvents, type StreamEventsOptions } from './streamEvents.js';

/** The body of a request for a chat completion: these fields, and any others that the API takes. */
export interface ChatParams {
  readonly model: string;
  readonly messages: readonly object[];
  /** Usage is asked for with it. `null` leaves it out, for servers that refuse it: what they count is read all the same. */
  readonly stream_options?: object | null | undefined;
}

/** Options of {@link streamChat}: those of {@link streamEvents}, the address and the key. */
export interface StreamChatOptions extends Omit<StreamEventsOptions, 'codec' | 'method' | 'body'> {
  /**
   * The key, sent as `authorization: Bearer …`. Azure's own go into `headers`, as `api-key`. Leave it out if a server in
   * between adds it, and always in a browser.
   */
  readonly apiKey?: string | undefined;
  /**
   * The address of the API, up to `/chat/completions`, with the query that it needs. Default: OpenAI's own,
   * `https://api.openai.com/v1`.
   */
  readonly baseURL?: string | undefined;
}

/**
 * Sends a request for a chat completion, to OpenAI or to any server that speaks like it, and reads the answer as it
 * streams. Each subscription sends a request of its own.
 *
 * ```ts
 * import { textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { streamChat } from 'rxjs-llm-stream/openai';
 *
 * streamChat(
 *   { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] },
 *   { apiKey: process.env.OPENAI_API_KEY },
 * )
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param params - the body of the request; `stream: true` and `stream_options: { include_usage: true }` are added
 * @param options - `apiKey`, `baseURL`, and what {@link streamEvents} takes; `headers` replace those set here
 * @returns a cold Observable of events
 * @throws StreamError what {@link streamEvents} throws; TypeError, when it is called, without a body
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function streamChat<const Params extends ChatParams>(
  params: Params,
  options: StreamChatOptions = {},
): Observable<StreamEvent> {
  requireGiven('streamChat', 'the body of the request', params);
  const { apiKey, baseURL = 'https://api.openai.com/v1', headers, ...rest } = options;
  const { stream_options: asked } = params;
  const stream_options = asked === null ? undefined : { include_usage: true, ...asked };
  return defer(() =>
    streamEvents(baseURL.replace(/\/*(?=\?|$)/, '/chat/completions'), {
      ...rest,
      codec: chatReading,
      method: 'POST',
      headers: headersOf(
        { 'content-type': 'application/json' },
        apiKey === undefined ? undefined : { authorization: `Bearer ${apiKey}` },
        headers,
      ),
      body: JSON.stringify({ ...params, stream: true, stream_options }),
    }),
  );
}
