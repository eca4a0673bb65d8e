import { createServer } from 'node:http';
import type { Observable } from 'rxjs';
import { coalesce, untilTerminal, type StreamEvent } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { serveRun, startRun, type RunLog } from '../../src/log.js';
import { drain, gate, nodeHandler, respond } from '../../src/server.js';

export function chatServer(
  log: RunLog,
  ask: (prompt: string) => Observable<StreamEvent>,
  report: (error: unknown) => void,
) {
  const serving = gate();
  const runs = new Set<Promise<void>>();
  const post = async (request: Request): Promise<Response> => {
    const prompt = ((await request.json()) as { prompt?: unknown } | null)?.prompt;
    if (typeof prompt !== 'string') return new Response(null, { status: 400 });
    const run = crypto.randomUUID();
    const answer = ask(prompt).pipe(untilTerminal(), drain(serving), coalesce({ within: 25 }));
    const events = startRun(log, run, answer, { onError: report });
    // A run goes on when its client has left: `shutDown` waits for its end. What it fails with has been reported.
    const end: Promise<void> = events.forEach(() => {}).catch(() => {});
    runs.add(end);
    void end.then(() => runs.delete(end));
    return respond(events, {
      codec: anthropic,
      signal: request.signal,
      headers: { location: `/runs/${run}` },
    });
  };
  const notFound = async () => new Response(null, { status: 404 });
  // GET goes on behind Last-Event-ID, DELETE stops the run, POST answers an approval.
  const handler = (request: Request): Promise<Response> => {
    const [, run] = /^\/runs\/([\w-]+)$/.exec(new URL(request.url).pathname) ?? [];
    if (run === undefined) return request.method === 'POST' ? post(request) : notFound();
    return serveRun(request, { log, run, codec: anthropic, authorize: maySee });
  };
  const server = createServer(nodeHandler(handler));
  const shutDown = async (): Promise<void> => {
    serving.next(false);
    server.close();
    await Promise.all(runs);
  };
  return { server, shutDown };
}

function maySee({ headers }: Request, run: string): boolean {
  // Whose run it is, the app knows: it keeps the id with the conversation.
  return run !== '' && headers.get('cookie') !== 'session=expired';
}
