import type { Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { mockResponse } from '../../src/testing/network/mockResponse.js';
import { withMockServer } from '../../src/testing/network/mockServer.js';
import { recordingOf, type Cue } from './script.js';

/**
 * Runs a server on loopback for as long as something is read from it. It cuts each event in two, as networks like to
 * cut: within a character where there is one of several bytes.
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
  const answer = recordingOf(script);
  return withMockServer(
    ({ method, url }) =>
      method === 'POST' && url === '/v1/messages'
        ? mockResponse(answer, { codec: anthropic, speed, chunking: 'split' })
        : new Response(null, { status: 404 }),
    ({ url }) => use(url),
  );
}
