/** One of two servers behind a balancer. It begins answers, serves those of the other, and takes over what that leaves behind. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'redis';
import { catchError, concat, concatMap, from, of, timer, type Observable } from 'rxjs';
import { events, isStreamError, type StreamEvent } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { fromLog, serveRun, startRun } from '../../src/log.js';
import { redisLog } from '../../src/log/redis.js';
import { nodeHandler, respond } from '../../src/server.js';
import { STORY } from './story.js';

const [redis = ''] = process.argv.slice(2);
const client = await createClient({ socket: { path: redis, tls: false } }).connect();
const subscriber = await client.duplicate().connect();
const log = redisLog({ client, subscriber, leaseMs: 1_000 });

/** What a model would say, at its pace. */
function answer(): Observable<StreamEvent> {
  const words = STORY.split(/(?= )/).map((word) => events.textDelta(0, word));
  return concat(
    of(events.messageStart({ id: crypto.randomUUID(), model: 'storyteller' }), events.textStart(0)),
    from(words).pipe(concatMap((word) => timer(40).pipe(concatMap(() => of(word))))),
    of(
      events.blockStop(0),
      events.messageDelta('end_turn', { output_tokens: words.length }),
      events.messageStop(),
    ),
  );
}

/** Goes on with a run whose producer has died: the answer begins anew, and its viewers are told so. */
function takeOver(run: string): void {
  fromLog(log, run)
    .pipe(
      catchError((error: unknown) => {
        if (!isStreamError(error) || error.code !== 'abandoned') throw error;
        process.send?.({ takesOver: run });
        return startRun(log, run, answer());
      }),
    )
    .subscribe({ error: console.error });
}

const server = createServer(
  nodeHandler(async (request) => {
    if (request.method === 'POST') {
      const run = crypto.randomUUID();
      const events = startRun(log, run, answer());
      return respond(events, {
        codec: anthropic,
        signal: request.signal,
        headers: { location: `/runs/${run}` },
      });
    }
    const run = new URL(request.url).pathname.slice('/runs/'.length);
    takeOver(run);
    return serveRun(request, { log, run, codec: anthropic, authorize: () => true });
  }),
);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
