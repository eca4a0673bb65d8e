import { catchError, EMPTY, Observable, takeWhile, tap } from 'rxjs';
import { StreamError } from '../../errors/streamError.js';
import type { Frame } from '../../wire/frame.js';
import { sse } from '../../wire/sse.js';

/** Messages that were read at once. */
export interface Batch {
  readonly messages: readonly unknown[];
  /** The offset behind them. */
  readonly next: string;
  /** Whether nothing more stands for now. */
  readonly isUpToDate: boolean;
  /** Whether nothing more will come. */
  readonly isClosed: boolean;
}

interface Control {
  readonly streamNextOffset: string;
  readonly streamCursor?: string;
  readonly upToDate?: boolean;
  readonly streamClosed?: boolean;
}

/** Headers by which a server of the protocol says how a stream stands, or which append it had before. */
const WORDS = ['stream-next-offset', 'stream-up-to-date', 'stream-closed', 'stream-cursor', 'producer-epoch'];

/** Whether an answer says anything of the protocol by its headers. */
export function saysAnything({ headers }: Response): boolean {
  return WORDS.some((name) => headers.has(name));
}

/**
 * Reads an event stream of the protocol, as far as it comes. One that breaks is gone on with by the next.
 *
 * @param show - takes each batch, and returns false once nobody wants more
 * @returns a promise of whether it said anything at all, be it by its headers; rejected for what is not of the protocol
 * @see https://github.com/durable-streams/durable-streams/blob/main/PROTOCOL.md, section 5.8
 */
export function readBatches(
  response: Response,
  show: (batch: Batch, cursor: string | undefined) => boolean,
): Promise<boolean> {
  let hasSaid = saysAnything(response);
  let messages: unknown[] = [];
  const take = ({ event, data }: Frame): boolean => {
    if (event === 'data') for (const message of arrayOf(data)) messages.push(message);
    // Events of other types may be added to the protocol.
    if (event !== 'control') return true;
    const { streamNextOffset: next, streamCursor, upToDate, streamClosed } = controlOf(data);
    const isClosed = streamClosed === true;
    const batch = { messages, next, isUpToDate: isClosed || upToDate === true, isClosed };
    messages = [];
    return show(batch, streamCursor);
  };
  return new Promise((resolve, reject) => {
    chunksOf(response)
      .pipe(
        tap(() => (hasSaid = true)),
        sse(),
        // A connection that breaks ends as any other does.
        catchError(() => EMPTY),
        // What comes without its blank line may be cut off.
        takeWhile((frame) => frame.unterminated === undefined && take(frame)),
      )
      .subscribe({ error: reject, complete: () => resolve(hasSaid) });
  });
}

function chunksOf({ body }: Response): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const reader = body?.getReader();
    const pull = async (): Promise<void> => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done || subscriber.closed) break;
        subscriber.next(value);
      }
      subscriber.complete();
    };
    pull().catch((error: unknown) => subscriber.error(error));
    subscriber.add(() => void reader?.cancel().catch(ignore));
  });
}

/**
 * The messages in a piece of JSON: a list of them, or one.
 *
 * @param retryable - whether it may be another when the server is asked again, as an answer that was cut off is
 * @throws StreamError `malformed` for what is not JSON
 */
export function arrayOf(json: string, retryable = false): readonly unknown[] {
  const value = valueOf(json, retryable);
  return Array.isArray(value) ? value : [value];
}

function controlOf(json: string): Control {
  const value = valueOf(json) as Partial<Control> | null;
  // Without it nobody knows where to read on.
  if (typeof value?.streamNextOffset === 'string') return value as Control;
  throw new StreamError('malformed', 'The server of the log says nothing of the next offset', { raw: json });
}

function valueOf(json: string, retryable = false): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new StreamError('malformed', 'The server of the log says what is not JSON', {
      raw: json,
      cause,
      retryable,
    });
  }
}

function ignore(): void {
  // It has ended already.
}
