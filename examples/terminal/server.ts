import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  concatMap,
  delay,
  from,
  fromEvent,
  map,
  Observable,
  of,
  takeUntil,
  type ObservableInput,
} from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { encode, type Frame } from '../../src/index.js';
import type { Cue } from './script.js';

/** Between the two halves that each event is cut into: enough for the network to deliver them one by one. */
const CUT = 1;

/**
 * Runs a server on loopback for as long as something is read from it.
 *
 * @param script - what it answers to `POST /v1/messages`
 * @param speed - how many times faster than written
 * @param use - what to do with its address
 * @returns what `use` gives; ending it closes the server and all connections
 */
export function withServer<T>(
  script: readonly Cue[],
  speed: number,
  use: (url: string) => Observable<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === 'POST' && request.url === '/v1/messages') answer(response, script, speed);
      else response.writeHead(404).end();
    });
    server.once('error', (error) => subscriber.error(error));
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      subscriber.add(use(`http://127.0.0.1:${port}`).subscribe(subscriber));
    });
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });
}

function answer(response: ServerResponse, script: readonly Cue[], speed: number): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  from(script)
    .pipe(
      concatMap(({ wait, event }) => after(wait / speed, event)),
      encode(anthropic),
      map(toBytes),
      concatMap((bytes) => from(halves(bytes)).pipe(concatMap((half) => after(CUT, half)))),
      takeUntil(fromEvent(response, 'close')),
    )
    .subscribe({ next: (bytes) => response.write(bytes), complete: () => response.end() });
}

function after<T>(wait: number, value: T): ObservableInput<T> {
  return wait > 0 ? of(value).pipe(delay(wait)) : of(value);
}

function toBytes({ event, data }: Frame): Uint8Array {
  return new TextEncoder().encode(`event: ${event ?? 'message'}\ndata: ${data}\n\n`);
}

/** Cut as networks like to cut: within a character where there is one of several bytes. */
function halves(bytes: Uint8Array): Uint8Array[] {
  const lead = bytes.findIndex((byte) => byte >= 0xc0);
  const cut = lead === -1 ? Math.ceil(bytes.length * 0.6) : lead + 1;
  return [bytes.subarray(0, cut), bytes.subarray(cut)];
}
