import { Observable, timer, type Subscriber, type Subscription } from 'rxjs';
import { isRetryableStatus, isStreamError, StreamError } from '../../errors/streamError.js';
import type { Patience } from '../patience.js';
import { arrayOf, readBatches, saysAnything, type Batch } from './batches.js';
import { dropBody, foreign, refused, silent } from './failed.js';

/** Before the first message of a stream. */
export const START = '-1';

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** A connection that ends sooner than this, in ms, was not held open for what might come. */
const AT_ONCE = 1_000;

/** How the server is reached. */
export interface Access {
  /** The URL of a stream is this, a slash and its name. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly headers: () => HeadersInit;
}

/** Whether a server may answer otherwise when it is asked again. */
export function passes(error: unknown): boolean {
  return !isStreamError(error) || error.retryable;
}

/** The streams of a server that speaks the Durable Streams protocol, all of JSON. */
export class Streams {
  readonly patience: Patience;
  readonly #access: Access;

  constructor(access: Access, patience: Patience) {
    this.#access = access;
    this.patience = patience;
  }

  /** The same for somebody who may leave. */
  until(left: Subscription): Streams {
    return new Streams(this.#access, this.patience.until(left));
  }

  /** Makes a stream, if it is not there. One that is closed, or is kept for another time, stays as it is. */
  async create(name: string, ttlSeconds: number | undefined): Promise<void> {
    const ttl = ttlSeconds === undefined ? {} : { 'Stream-TTL': String(ttlSeconds) };
    const headers = { 'content-type': 'application/json', ...ttl };
    const response = await this.#ask('PUT', name, { headers });
    if (!response.ok && response.status !== 409) throw refused('PUT', name, response);
  }

  /**
   * Appends messages.
   *
   * @param json - an array of them
   * @returns the answer: 2xx, 403 with `Producer-Epoch`, or 409
   * @throws StreamError `gone` where there is no such stream
   */
  async append(
    name: string,
    json: string,
    headers: Readonly<{ [name: string]: string }> = {},
  ): Promise<Response> {
    const response = await this.#ask('POST', name, {
      headers: { 'content-type': 'application/json', ...headers },
      body: json,
    });
    const { ok, status } = response;
    const isFenced = status === 403 && response.headers.has('producer-epoch');
    if (!ok && status !== 409 && !isFenced) throw refused('POST', name, response);
    return response;
  }

  /** Reads what stands behind an offset, to its end. */
  async standing(name: string, from: string): Promise<Batch> {
    const messages: unknown[] = [];
    for (let offset = from; ;) {
      const { headers, some } = await this.patience.of(() => this.#piece(name, offset));
      for (const message of some) messages.push(message);
      const next = headers.get('stream-next-offset') ?? offset;
      const isClosed = isTrue(headers.get('stream-closed'));
      if (isClosed || isTrue(headers.get('stream-up-to-date')) || next === offset)
        return { messages, next, isUpToDate: true, isClosed };
      offset = next;
    }
  }

  async #piece(name: string, offset: string): Promise<{ headers: Headers; some: readonly unknown[] }> {
    const response = await this.#send('GET', name, { query: { offset } });
    if (!response.ok) throw refused('GET', name, response);
    const { headers } = response;
    const text = await response.text();
    // Of a compressed answer that was cut off nothing may be left, which is not the same as nothing that stands.
    const isEmpty = text === '' && (headers.get('stream-next-offset') ?? offset) === offset;
    return { headers, some: isEmpty ? [] : arrayOf(text, true) };
  }

  /** Reads what stands behind an offset and what comes, over as many connections as it takes, until it is closed. */
  live(name: string, from: string): Observable<Batch> {
    return new Observable((subscriber) => {
      const leave = new AbortController();
      subscriber.add(() => leave.abort());
      this.#follow(name, from, subscriber, leave.signal).catch((error: unknown) => subscriber.error(error));
    });
  }

  async #follow(name: string, from: string, sink: Subscriber<Batch>, signal: AbortSignal): Promise<void> {
    let at = { offset: from, cursor: undefined as string | undefined };
    const patience = this.patience.until(sink);
    const { scheduler, timeoutMs } = patience;
    let waitMs = FIRST_WAIT;
    let silentSince: number | undefined;
    while (!sink.closed) {
      const query = { offset: at.offset, live: 'sse', cursor: at.cursor };
      const response = await patience.of(() => this.#sending(name, { query, signal }));
      if (!response.ok) throw refused('GET', name, response);
      waitMs = Math.min(waitMs * 2, MOST_WAIT);
      const began = scheduler.now();
      const hasSaid = await readBatches(response, (batch, cursor) => {
        waitMs = FIRST_WAIT;
        at = { offset: batch.next, cursor };
        sink.next(batch);
        if (batch.isClosed) sink.complete();
        return !sink.closed;
      });
      // A server that has nothing new may say nothing while it holds a connection open. One that ends each of them at once,
      // without a word, is none of the protocol.
      const isAlive = hasSaid || scheduler.now() - began >= AT_ONCE;
      silentSince = isAlive ? undefined : (silentSince ?? began);
      if (silentSince !== undefined && scheduler.now() - silentSince >= timeoutMs) throw silent(timeoutMs);
      // A connection that said nothing is not to be followed by the next one at once.
      if (waitMs > FIRST_WAIT && !sink.closed) await this.#wait(waitMs, sink);
    }
  }

  /**
   * A connection that sends events, or a refusal.
   *
   * @throws StreamError `malformed`, retryable, for a page in its place, such as that of a proxy
   */
  async #sending(name: string, init: Init): Promise<Response> {
    const response = await this.#send('GET', name, init);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || /^text\/event-stream\s*(?:[;,]|$)/i.test(type)) return response;
    throw foreign('GET', name, response);
  }

  /** Waits; whoever leaves meanwhile leaves no timer behind. */
  #wait(ms: number, sink: Subscriber<Batch>): Promise<void> {
    return new Promise((resolve, reject) => {
      const clock = timer(ms, this.patience.scheduler).subscribe({ next: () => resolve(), error: reject });
      sink.add(() => {
        clock.unsubscribe();
        resolve();
      });
    });
  }

  /** The answer, tried again while it may pass. */
  #ask(method: string, name: string, init: Init): Promise<Response> {
    return this.patience.of(async () => {
      const response = await this.#send(method, name, init);
      if (!response.ok) {
        dropBody(response);
        return response;
      }
      // A connection whose body nobody reads is not used again.
      await response.text();
      // A server of the protocol says in its headers what it has kept. A page says nothing of it, nor does a proxy's own success.
      if (!saysAnything(response)) throw foreign(method, name, response);
      return response;
    });
  }

  /** @throws StreamError `source`, without what the platform says of a header, which may be a key. */
  #headers(given: Init['headers'] = {}): Headers {
    let own: HeadersInit;
    try {
      own = this.#access.headers();
    } catch (cause) {
      throw new StreamError(
        'source',
        'What gives the headers for the server of the log failed: see the cause',
        {
          cause,
        },
      );
    }
    try {
      const all = new Headers(own);
      for (const [key, value] of Object.entries(given)) all.set(key, value);
      return all;
    } catch {
      throw new StreamError('source', 'A header for the server of the log is not valid');
    }
  }

  async #send(method: string, name: string, { query = {}, headers, ...init }: Init): Promise<Response> {
    const url = streamAt(this.#access.url, name);
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(key, value);
    const all = this.#headers(headers);
    try {
      const response = await this.#access.fetch(url, { ...init, method, headers: all });
      if (isRetryableStatus(response.status) && response.status !== 409)
        throw refused(method, name, response);
      return response;
    } catch (error) {
      if (init.signal?.aborted === true) throw new StreamError('aborted', 'Nobody reads the stream any more');
      throw error;
    }
  }
}

/**
 * The URL of a stream.
 *
 * @throws StreamError `gone` for a name that no part of a path can be: it would be a stream that is not below the URL of the log
 */
function streamAt(base: string, name: string): URL {
  const url = new URL(base);
  try {
    if (/^\.{0,2}$/.test(name)) throw new RangeError();
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(name)}`;
  } catch {
    throw new StreamError('gone', `No run of this log can be called ${JSON.stringify(name)}: take a UUID`);
  }
  return url;
}

interface Init {
  readonly query?: Readonly<{ [name: string]: string | undefined }>;
  readonly headers?: Readonly<{ [name: string]: string }>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

function isTrue(value: string | null): boolean {
  return value?.toLowerCase() === 'true';
}
