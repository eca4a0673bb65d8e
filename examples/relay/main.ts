import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defer, fromEvent, merge, Observable, takeUntil } from 'rxjs';
import { script } from '../terminal/script.js';
import { withServer } from '../terminal/server.js';
import { PROTOCOLS } from './protocols.js';
import { relay } from './relay.js';

const { PORT = '8787', UPSTREAM_URL, UPSTREAM_PROTOCOL = 'anthropic', UPSTREAM_HEADERS = '{}' } = process.env;

/** Relays to this upstream for as long as it is subscribed to. */
function relayTo(
  upstream: string,
  protocol: string,
  headers: Record<string, string> = {},
): Observable<never> {
  return new Observable((subscriber) => {
    const codec = PROTOCOLS.get(protocol);
    if (codec === undefined) throw new Error(`UPSTREAM_PROTOCOL: one of ${[...PROTOCOLS.keys()].join(', ')}`);
    const server = createServer(relay({ upstream, codec, headers, report: console.error }));
    server.once('error', (error) => subscriber.error(error));
    server.listen(Number(PORT), '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      console.log('In another terminal, one of these:\n');
      for (const name of PROTOCOLS.keys()) console.log(`  curl -N localhost:${port}/${name}`);
    });
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });
}

/** A failure of `JSON.parse` would quote what may be a key. */
function headersIn(json: string): Record<string, string> {
  try {
    return JSON.parse(json) as Record<string, string>;
  } catch {
    throw new Error('UPSTREAM_HEADERS: a JSON object of names and values');
  }
}

const relaying = defer(() =>
  UPSTREAM_URL === undefined
    ? withServer(script, 1, (url) => relayTo(`${url}/v1/messages`, 'anthropic'))
    : relayTo(UPSTREAM_URL, UPSTREAM_PROTOCOL, headersIn(UPSTREAM_HEADERS)),
);

relaying.pipe(takeUntil(merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')))).subscribe({
  error: (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
});
