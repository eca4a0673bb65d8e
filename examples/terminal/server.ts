import { defer, Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { mockResponse } from '../../src/testing/network/mockResponse.js';
import { mockServer } from '../../src/testing/network/mockServer.js';
import { recordingOf, type Cue } from './script.js';

/**
 * Runs a server on loopback for as long as something is read from it. It cuts each event in two, as networks like to
 * cut: within a character where there is one of several bytes.
 *
 * @param script - what it answers to `POST /v1/messages`
 * @param speed - how many times faster than written
 * @param use - what to do with its address
 * @returns what `use` gives; its end, or unsubscribing, closes the server and all connections
 */
export function withServer<T>(
  script: readonly Cue[],
  speed: number,
  use: (url: string) => Observable<T>,
): Observable<T> {
  const recording = recordingOf(script);
  return new Observable((subscriber) => {
    mockServer(({ method, url }) =>
      method === 'POST' && url === '/v1/messages'
        ? mockResponse(recording, { codec: anthropic, speed, chunking: 'split' })
        : new Response(null, { status: 404 }),
    ).then(
      (server) => {
        subscriber.add(() => void server.close());
        if (!subscriber.closed) subscriber.add(defer(() => use(server.url)).subscribe(subscriber));
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}
