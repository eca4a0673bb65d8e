import { defer, type Observable } from 'rxjs';
import { anthropic } from '../codecs/anthropic/codec.js';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import { headersOf } from './headers.js';
import { streamEvents, type StreamEventsOptions } from './streamEvents.js';

/** The body of a request to the Messages API: these fields, and any others that the API takes. */
export interface MessagesParams {
  readonly model: string;
  /** The most tokens to generate. */
  readonly max_tokens: number;
  readonly messages: readonly object[];
}

/** Options of {@link streamMessages}: those of {@link streamEvents}, the address and the key. */
export interface StreamMessagesOptions extends Omit<StreamEventsOptions, 'codec' | 'method' | 'body'> {
  /** The key, sent as `x-api-key`. Leave it out if a server in between adds it, and always in a browser. */
  readonly apiKey?: string | undefined;
  /** The address of the API, without `/v1/messages`. Default: Anthropic's own. */
  readonly baseURL?: string | undefined;
}

/** @see https://docs.claude.com/en/api/versioning */
const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Sends a request to the Messages API and reads the answer as it streams. Each subscription sends a request of its own.
 *
 * ```ts
 * import { textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 *
 * streamMessages(
 *   { model: 'claude-sonnet-5-5', max_tokens: 1024, messages: [{ role: 'user', content: 'Hello' }] },
 *   { apiKey: process.env.ANTHROPIC_API_KEY },
 * )
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param params - the body of the request; `stream: true` is added
 * @param options - `apiKey`, `baseURL`, and what {@link streamEvents} takes; `headers` replace those set here
 * @returns a cold Observable of events
 * @throws StreamError what {@link streamEvents} throws; TypeError, when it is called, without a body
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export function streamMessages<const Params extends MessagesParams>(
  params: Params,
  options: StreamMessagesOptions = {},
): Observable<StreamEvent> {
  requireGiven('streamMessages', 'the body of the request', params);
  const { apiKey, baseURL = 'https://api.anthropic.com', headers, ...rest } = options;
  return defer(() =>
    streamEvents(`${baseURL.replace(/\/+$/, '')}/v1/messages`, {
      ...rest,
      codec: anthropic,
      method: 'POST',
      headers: headersOf(
        { 'content-type': 'application/json', 'anthropic-version': ANTHROPIC_VERSION },
        apiKey === undefined ? undefined : { 'x-api-key': apiKey },
        headers,
      ),
      body: JSON.stringify({ ...params, stream: true }),
    }),
  );
}
