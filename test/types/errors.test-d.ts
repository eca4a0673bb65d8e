/** What the type of an error lets through, and what not; `tsc --noEmit` is the test. */
import { catchError, EMPTY, type Observable } from 'rxjs';
import {
  isStreamError,
  StreamError,
  type StreamErrorOf,
  type StreamEvent,
  type TimeoutKind,
} from '../../src/index.js';
import { same } from './same.js';

export function theCodeTellsWhatThereIs(error: StreamError): unknown {
  same<typeof error.status, number | undefined>();
  switch (error.code) {
    case 'http':
      same<typeof error.status, number>();
      same<typeof error, StreamErrorOf<'http'>>();
      return error.retryAfterMs;
    case 'timeout':
      same<typeof error.kind, TimeoutKind>();
      same<typeof error.timeoutMs, number>();
      same<typeof error.status, undefined>();
      return error;
    case 'api':
    case 'source':
      same<typeof error.status, number | undefined>();
      return error.errorType;
    case 'network':
    case 'not-a-stream':
    case 'malformed':
    case 'protocol':
    case 'truncated':
    case 'limit':
    case 'tool-input':
    case 'gap':
    case 'gone':
    case 'abandoned':
    case 'aborted':
      return error.raw;
    default:
      return error satisfies never;
  }
}

export function theGuardNarrowsWhatComesDownTheErrorChannel(
  events: Observable<StreamEvent>,
): Observable<StreamEvent> {
  return events.pipe(
    catchError((error: unknown) => {
      if (!isStreamError(error)) throw error;
      if (error.code === 'timeout' && error.kind === 'idle') return EMPTY;
      throw error.withPartial(undefined);
    }),
  );
}

export function anInstanceIsNarrowedToo(error: unknown): unknown {
  if (!(error instanceof StreamError)) return undefined;
  return error.code === 'http' ? (error.status satisfies number) : error.message;
}

export function theDetailsAreThoseOfTheCode(): unknown {
  const http = new StreamError('http', 'HTTP 500', { status: 500 });
  same<typeof http, StreamErrorOf<'http'>>();
  return [
    new StreamError('limit', 'Too long'),
    new StreamError('timeout', 'Too late', { kind: 'idle', timeoutMs: 5 }),
    // @ts-expect-error an error of HTTP has a status
    new StreamError('http', 'HTTP 500'),
    // @ts-expect-error how long the clock was allowed to run is not said
    new StreamError('timeout', 'Too late', { kind: 'idle' }),
    // @ts-expect-error a limit has no status
    new StreamError('limit', 'Too long', { status: 500 }),
    // @ts-expect-error there is no such code
    new StreamError('odd', 'What?'),
    http,
  ];
}

export function anErrorIsNotChanged(error: StreamError): void {
  // @ts-expect-error a code is not changed
  error.code = 'http';
}
