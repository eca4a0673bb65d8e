import { defer, type Observable } from 'rxjs';
import { ollamaReading } from '../codecs/ollama/reading.js';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import { headersOf } from './headers.js';
import { streamEvents, type StreamEventsOptions } from './streamEvents.js';

/** The body of a request to `/api/chat`: these fields, and any others that the API takes. */
export interface OllamaChatParams {
  readonly model: string;
  readonly messages: readonly object[];
}

/** The body of a request to `/api/generate`: these fields, and any others that the API takes. */
export interface OllamaGenerateParams {
  readonly model: string;
  readonly prompt: string;
}

/** Options of {@link streamOllama}: those of {@link streamEvents}, the address and the key. */
export interface StreamOllamaOptions extends Omit<StreamEventsOptions, 'codec' | 'method' | 'body'> {
  /** The key, sent as `authorization: Bearer …`. Only Ollama's own cloud and proxies ask for one. */
  readonly apiKey?: string | undefined;
  /** The address of the server, with `/api` or without. Default: `http://127.0.0.1:11434`, a server on this machine. */
  readonly baseURL?: string | undefined;
}

/**
 * Sends a request to Ollama and reads the answer as it streams: `messages` are a chat, and a `prompt` is a generation.
 * Each subscription sends a request of its own.
 *
 * ```ts
 * import { textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { streamOllama } from 'rxjs-llm-stream/ollama';
 *
 * streamOllama({ model: 'qwen3', messages: [{ role: 'user', content: 'Hello' }] })
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param params - the body of the request; `stream: true` is added
 * @param options - `apiKey`, `baseURL`, and what {@link streamEvents} takes; `headers` replace those set here
 * @returns a cold Observable of events
 * @throws StreamError what {@link streamEvents} throws; TypeError, when it is called, without a body
 * @see https://docs.ollama.com/api/chat
 * @see https://docs.ollama.com/api/generate
 */
export function streamOllama<const Params extends OllamaChatParams | OllamaGenerateParams>(
  params: Params,
  options: StreamOllamaOptions = {},
): Observable<StreamEvent> {
  requireGiven('streamOllama', 'the body of the request', params);
  const { apiKey, baseURL = 'http://127.0.0.1:11434', headers, ...rest } = options;
  const api = 'messages' in params ? 'chat' : 'generate';
  return defer(() =>
    streamEvents(`${baseURL.replace(/\/*(?:\/api)?\/*$/, '')}/api/${api}`, {
      ...rest,
      codec: ollamaReading,
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
