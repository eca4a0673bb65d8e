import { defer, type Observable } from 'rxjs';
import { geminiReading } from '../codecs/gemini/reading.js';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import { withRetryInfo } from './googleFailure.js';
import { headersOf } from './headers.js';
import { streamEvents, type StreamEventsOptions } from './streamEvents.js';

/** A request to `streamGenerateContent`: these fields, and any others that the API takes. */
export interface GeminiParams {
  /** The name of the model, `gemini-…`, or its whole path, `publishers/google/models/gemini-…`. */
  readonly model: string;
  /** The conversation: see `contentsOf`. */
  readonly contents: readonly object[];
}

/** Options of {@link streamGemini}: those of {@link streamEvents}, the address and the key. */
export interface StreamGeminiOptions extends Omit<StreamEventsOptions, 'codec' | 'method' | 'body'> {
  /** The key, sent as `x-goog-api-key`. Leave it out if a server in between adds it, and always in a browser. */
  readonly apiKey?: string | undefined;
  /**
   * The address of the API, without `/models/…`; `/v1beta` is added to one without a path. Default: that of the Gemini
   * API. For Vertex AI it ends in `/v1/projects/…/locations/…/publishers/google`, and the token goes in `headers`.
   */
  readonly baseURL?: string | undefined;
}

/**
 * Sends a request to `streamGenerateContent` and reads the answer as it streams. Each subscription sends a request of its
 * own.
 *
 * ```ts
 * import { textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { contentsOf, streamGemini } from 'rxjs-llm-stream/gemini';
 *
 * streamGemini(
 *   { model: 'gemini-3-pro', contents: contentsOf([{ role: 'user', content: 'Hello' }]) },
 *   { apiKey: process.env.GEMINI_API_KEY },
 * )
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param params - the model, and the body of the request
 * @param options - `apiKey`, `baseURL`, and what {@link streamEvents} takes; `headers` replace those set here
 * @returns a cold Observable of events
 * @throws StreamError what {@link streamEvents} throws. One of the status 429 or 503 has the wait that the API asks for;
 *   TypeError, when it is called, without a body
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
export function streamGemini<const Params extends GeminiParams>(
  params: Params,
  options: StreamGeminiOptions = {},
): Observable<StreamEvent> {
  requireGiven('streamGemini', 'the body of the request', params);
  const { apiKey, baseURL, headers, fetch, ...rest } = options;
  return defer(() =>
    streamEvents(addressOf(params.model, baseURL), {
      ...rest,
      codec: geminiReading,
      method: 'POST',
      headers: headersOf(
        { 'content-type': 'application/json' },
        apiKey === undefined ? undefined : { 'x-goog-api-key': apiKey },
        headers,
      ),
      // The address names it.
      body: JSON.stringify({ ...params, model: undefined }),
      fetch: withRetryInfo(fetch ?? globalThis.fetch),
    }),
  );
}

function addressOf(model: string, baseURL = 'https://generativelanguage.googleapis.com'): string {
  const base = baseURL.replace(/\/+$/, '');
  const version = /^[a-z]+:\/\/[^/]*$/i.test(base) ? '/v1beta' : '';
  const path = model.includes('/') ? model : `models/${model}`;
  return `${base}${version}/${encodeURI(path)}:streamGenerateContent?alt=sse`;
}
