import { defer, type Observable } from 'rxjs';
import { responsesReading } from '../codecs/openaiResponses/reading.js';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import { headersOf } from './headers.js';
import { streamEvents, type StreamEventsOptions } from './streamEvents.js';

/** The body of a request to the Responses API: these fields, and any others that the API takes. */
export interface ResponsesParams {
  /** A stored prompt may name it instead. */
  readonly model?: string | undefined;
  readonly input?: string | readonly object[] | undefined;
}

/** Options of {@link streamResponses}: those of {@link streamEvents}, the address and the key. */
export interface StreamResponsesOptions extends Omit<StreamEventsOptions, 'codec' | 'method' | 'body'> {
  /**
   * The key, sent as `authorization: Bearer …`. Azure's own go into `headers`, as `api-key`. Leave it out if a server in
   * between adds it, and always in a browser.
   */
  readonly apiKey?: string | undefined;
  /**
   * The address of the API, up to `/responses`, with the query that it needs. Default: OpenAI's own,
   * `https://api.openai.com/v1`.
   */
  readonly baseURL?: string | undefined;
}

/**
 * Sends a request to the Responses API, of OpenAI or of any server that speaks like it, and reads the answer as it
 * streams. Each subscription sends a request of its own.
 *
 * ```ts
 * import { textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { streamResponses } from 'rxjs-llm-stream/openai';
 *
 * streamResponses({ model: 'gpt-5.5', input: 'Hello' }, { apiKey: process.env.OPENAI_API_KEY })
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param params - the body of the request; `stream: true` is added
 * @param options - `apiKey`, `baseURL`, and what {@link streamEvents} takes; `headers` replace those set here
 * @returns a cold Observable of events
 * @throws StreamError what {@link streamEvents} throws; TypeError, when it is called, without a body
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */
export function streamResponses<const Params extends ResponsesParams>(
  params: Params,
  options: StreamResponsesOptions = {},
): Observable<StreamEvent> {
  requireGiven('streamResponses', 'the body of the request', params);
  const { apiKey, baseURL = 'https://api.openai.com/v1', headers, ...rest } = options;
  return defer(() =>
    streamEvents(baseURL.replace(/\/*(?=\?|$)/, '/responses'), {
      ...rest,
      codec: responsesReading,
      method: 'POST',
      headers: headersOf(
        { 'content-type': 'application/json' },
        apiKey === undefined ? undefined : { authorization: `Bearer ${apiKey}` },
        headers,
      ),
      body: JSON.stringify({ ...params, stream: true }),
    }),
  );
}
