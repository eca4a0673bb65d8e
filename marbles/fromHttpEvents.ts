import { retry } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { fromHttpEvents } from '../src/sources/angular/fromHttpEvents.js';
import type { HttpEventLike } from '../src/sources/angular/httpEvent.js';
import { alphabet } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z, p } = alphabet;

/** As it stands on the wire. */
function sent(...answer: readonly StreamEvent[]): string {
  return answer.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** What `HttpClient` tells of the text so far. */
function progress(partialText: string): HttpEventLike & { readonly partialText: string } {
  return { type: 3, partialText };
}

const ok = { status: 200, statusText: 'OK', headers: new Headers({ 'content-type': 'text/event-stream' }) };
const answer = sent(m, o, t, c, z);
const half = sent(m, o, t).length + 20;

/** What `HttpClient` fails with. */
function failure(status: number, error: unknown, headers = {}): object {
  const url = '/api/chat?key=secret-of-mine';
  return {
    name: 'HttpErrorResponse',
    message: `Http failure response for ${url}: ${status} Unknown Error`,
    status,
    statusText: 'Unknown Error',
    headers: new Headers(headers),
    url,
    error,
  };
}

const overloaded = JSON.stringify({ error: { type: 'overloaded_error', message: 'Overloaded' } });
const page = '<html>Sign in</html>';

export default sheet({
  operator: 'fromHttpEvents',
  operators: {
    'fromHttpEvents({ codec: anthropic })': () => fromHttpEvents({ codec: anthropic }),
    'retry(1)': () => retry(1),
  },
  values: {
    S: { type: 0 },
    U: { type: 1, loaded: 3, total: 3 },
    H: { type: 2, ...ok },
    P: progress(sent(m)),
    Q: progress(answer.slice(0, half)),
    R: { type: 4, ...ok, body: answer },
    V: { type: 5 },
  },
  labels: {
    S: 'sent',
    H: 'headers, 200',
    P: `text, ${sent(m).length} characters`,
    Q: `text, ${half} characters`,
    R: `response, ${answer.length} characters`,
  },
  flows: ['HttpClient', 'events'],
  picture: `
    -S-H-P-Q----(R|)
    > fromHttpEvents({ codec: anthropic })
    -----m-(ot)-(cz|)
    ^-----------!
  `,
  cases: {
    'a source that never speaks stays silent': `
      -------
      > fromHttpEvents({ codec: anthropic })
      -------
      ^------
    `,
    'an empty source is an error: it is no stream': {
      drawing: `
        -S-|
        > fromHttpEvents({ codec: anthropic })
        ---#
        ^--!
      `,
      errors: { output: new StreamError('not-a-stream', 'The server sent no events') },
    },
    'without progress all events come with the response': `
      -S----(R|)
      > fromHttpEvents({ codec: anthropic })
      ------(motcz|)
      ^-----!
    `,
    'the progress of what is sent, and events of others, say nothing': `
      -S-U-V-H-P-V-Q----(R|)
      > fromHttpEvents({ codec: anthropic })
      ---------m---(ot)-(cz|)
    `,
    'a text that is told again brings nothing': `
      -S-H-P-P-Q----Q-(R|)
      > fromHttpEvents({ codec: anthropic })
      -----m---(ot)---(cz|)
    `,
    'a character that is not all there is waited for': {
      drawing: `
        -S-H-P-A-B-|
        > fromHttpEvents({ codec: anthropic })
        -----m---u-|
      `,
      values: {
        A: progress(sent(m, u).replace(/🎵[^]*/u, '\uFFFD')),
        B: progress(sent(m, u)),
      },
    },
    'what an interceptor sends again begins with a reset': {
      drawing: `
        -S-H-P-Q----S-H-P-Q----(R|)
        > fromHttpEvents({ codec: anthropic })
        -----m-(ot)-Z---m-(ot)-(cz|)
        ^----------------------!
      `,
      values: { Z: events.reset(2, new StreamError('network', 'The request was sent again')) },
    },
    'a status that is an error is one, with what its document says': {
      drawing: `
        -S-E-D-#
        > fromHttpEvents({ codec: anthropic })
        -------#
        ^------!
      `,
      values: { E: { type: 2, ...ok, status: 529 }, D: progress(overloaded.slice(0, 9)) },
      errors: {
        source: failure(529, overloaded, { 'request-id': 'req_1', 'retry-after': '7' }),
        output: new StreamError('http', 'HTTP 529: Overloaded', {
          status: 529,
          errorType: 'overloaded_error',
          requestId: 'req_1',
          retryAfterMs: 7000,
          retryable: true,
          raw: overloaded,
        }),
      },
    },
    'a status that is an error is one although the connection breaks in its document': {
      drawing: `
        -S-E-D-#
        > fromHttpEvents({ codec: anthropic })
        -------#
      `,
      values: { E: { type: 2, ...ok, status: 401, statusText: '' }, D: progress('{"error":') },
      errors: {
        source: failure(0, { isTrusted: true }),
        output: new StreamError('http', 'HTTP 401', { status: 401, raw: '{"error":' }),
      },
    },
    'a page is no stream, and left where that is known': {
      drawing: `
        -S-H-D-|
        > fromHttpEvents({ codec: anthropic })
        -------#
      `,
      values: { D: progress(page) },
      errors: {
        output: new StreamError('not-a-stream', 'The server sent a page instead of a stream', { raw: page }),
      },
    },
    'a body that was not asked for as text is an error': {
      drawing: `
        -S-(D|)
        > fromHttpEvents({ codec: anthropic })
        ---#
        ^--!
      `,
      values: { D: { type: 4, ...ok, body: { type: 'ping' } } },
      errors: {
        output: new StreamError(
          'not-a-stream',
          "The answer was not read as text: ask for it with responseType: 'text'",
        ),
      },
    },
    'without an answer the network failed': {
      drawing: `
        -S-#
        > fromHttpEvents({ codec: anthropic })
        ---#
      `,
      errors: {
        source: failure(0, { isTrusted: true }),
        output: new StreamError('network', 'The request got no answer'),
      },
    },
    'a connection that breaks inside the answer is an error, after what had come': {
      drawing: `
        -S-H-P-#
        > fromHttpEvents({ codec: anthropic })
        -----m-#
        ^------!
      `,
      errors: {
        source: failure(0, { isTrusted: true }),
        output: new StreamError('network', 'The connection broke while the stream was read'),
      },
    },
    'a source that ends inside an event is an error': {
      drawing: `
        -S-H-P-Q----|
        > fromHttpEvents({ codec: anthropic })
        -----m-(ot)-#
      `,
      errors: {
        output: new StreamError('truncated', 'The stream ended inside an event', {
          raw: answer.slice(sent(m, o, t).length, half),
        }),
      },
    },
    'an error of ours passes': `
      -S-H-P-#
      > fromHttpEvents({ codec: anthropic })
      -----m-#
    `,
    'a subscriber who leaves lets go of the source': `
      -S-H-P-Q----(R|)
      > fromHttpEvents({ codec: anthropic })
      -----m-
      ------!
      ^-----!
    `,
    'a source that is tried again is read from its start': `
      -S-H-P-#
      > fromHttpEvents({ codec: anthropic })
      -----m-#
      > retry(1)
      -----m------m-#
      ^------!
      -------^------!
    `,
  },
  checks: {
    'three of 100,000 synchronous events are three': () => {
      let text = '';
      const grow = {
        type: 3,
        get partialText() {
          return (text += sent(p));
        },
      };
      expect(eventsDrawn(fromHttpEvents({ codec: anthropic }), [grow], 3)).toBe(3);
    },
    'text that comes while another is delivered waits for its turn': () => {
      const [first, ...later] = [
        [m, o],
        [m, o, t],
        [m, o, t, c, z],
      ].map((all) => progress(sent(...all)));
      const seen = valuesUnderReentrancy(fromHttpEvents({ codec: anthropic }), first ? [first] : [], later);
      expect(seen).toEqual([m, o, t, c, z]);
    },
  },
});
