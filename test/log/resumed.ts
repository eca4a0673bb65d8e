import { TextDecoder } from 'node:util';
import { from } from 'rxjs';
import { agUi } from '../../src/ag-ui.js';
import { aiSdkUi } from '../../src/ai-sdk-ui.js';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { detectCodec } from '../../src/detect.js';
import type { StreamEvent } from '../../src/events/event.js';
import { llmWorker } from '../../src/llm-worker.js';
import { memoryLog } from '../../src/log/memoryLog.js';
import type { RunLog } from '../../src/log/runLog.js';
import { serveRun } from '../../src/log/serveRun.js';
import { startRun } from '../../src/log/startRun.js';
import { ollama } from '../../src/ollama.js';
import { openaiChat } from '../../src/openai.js';
import { nodeHandler, respond } from '../../src/server.js';
import { eventsIn } from '../codecs/conformance/spelling.js';
import { bytesOf, recordings } from '../recordings/recordings.js';

/** A recorded answer, as its events. */
export interface Recorded {
  readonly file: string;
  readonly events: readonly StreamEvent[];
}

/** The protocols that an answer is served in: frames with names and without, ids in SSE and NDJSON, encoders with a state. */
export const PROTOCOLS: readonly Codec[] = [anthropic, openaiChat, aiSdkUi, agUi, llmWorker, ollama];

/** All recorded answers that a codec is found for. */
export function recordedAnswers(): readonly Recorded[] {
  return ['anthropic', 'chat', 'responses', undefined].flatMap(recordings).flatMap((recording) => {
    const bytes = bytesOf(recording);
    const codec = detectCodec(new TextDecoder().decode(bytes));
    return codec === undefined ? [] : [{ file: recording.file, events: eventsIn(codec, [bytes]) }];
  });
}

/** A server that begins a run with a POST, and serves the rest of it: what an app has. It counts its POSTs. */
export class RunServer {
  posts = 0;
  readonly #log: RunLog = memoryLog();
  readonly #codec: Codec;
  readonly #events: readonly StreamEvent[];
  readonly listener = nodeHandler((request) => this.#answer(request));

  constructor(codec: Codec, events: readonly StreamEvent[]) {
    this.#codec = codec;
    this.#events = events;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === 'GET')
      return serveRun(request, {
        log: this.#log,
        run: pathname.slice('/runs/'.length),
        codec: this.#codec,
        authorize: () => true,
        heartbeatMs: 0,
      });
    const run = `run-${++this.posts}`;
    const events = startRun(this.#log, run, from(this.#events));
    const response = await respond(events, { codec: this.#codec, heartbeatMs: 0, signal: request.signal });
    response.headers.set('location', `/runs/${run}`);
    return response;
  }
}
