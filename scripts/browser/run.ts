import type { IncomingMessage, ServerResponse } from 'node:http';
import { concat, from, NEVER, Subject, takeUntil } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { StreamEvent } from '../../src/index.js';
import { memoryLog, serveRun, startRun } from '../../src/log.js';
import { nodeHandler, respond } from '../../src/server.js';

/** After so many ms a client asks for the rest by itself: longer than any check may take. */
const LONG_WAIT = 120_000;

/** An answer that is asked for at `/chat`, and gone on with at `/runs/…`. It stops in its middle until somebody asks for the rest. */
export interface InterruptedRun {
  /** What was asked, in order: the method, and whether it was said what had come. */
  readonly asked: readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** Breaks the connections that there are. */
  cut(): void;
}

/** @param events - of the answer */
export function interruptedRun(events: readonly StreamEvent[]): InterruptedRun {
  const asked: string[] = [];
  const open = new Set<ServerResponse>();
  const log = memoryLog();
  const resumed = new Subject<void>();
  const half = Math.floor(events.length / 2);
  const handler = nodeHandler(async (request) => {
    const { method, headers, url } = request;
    const after = headers.get('last-event-id');
    asked.push(after === null ? method : `${method} behind ${after}`);
    const [, run] = /^\/runs\/([\w-]+)$/.exec(new URL(url).pathname) ?? [];
    if (run !== undefined) {
      resumed.next();
      return serveRun(request, { log, run, codec: anthropic, authorize: () => true });
    }
    const id = crypto.randomUUID();
    const answer = concat(
      from(events.slice(0, half)),
      NEVER.pipe(takeUntil(resumed)),
      from(events.slice(half)),
    );
    const response = await respond(startRun(log, id, answer), { codec: anthropic });
    const waiting = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`retry: ${LONG_WAIT}\n\n`)),
    });
    return new Response(response.body?.pipeThrough(waiting), {
      headers: [...response.headers, ['location', `/runs/${id}`]],
    });
  });
  return {
    asked,
    answer(request, response) {
      open.add(response);
      response.once('close', () => open.delete(response));
      handler(request, response);
    },
    cut() {
      for (const response of open) response.destroy();
    },
  };
}
