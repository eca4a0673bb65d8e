import {
  inject,
  InjectionToken,
  Injector,
  makeEnvironmentProviders,
  runInInjectionContext,
  type EnvironmentProviders,
} from '@angular/core';
import { defer, from, mergeMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Codec } from '../../codecs/codec.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { untilTerminal } from '../../operators/untilTerminal.js';
import type { Fetch } from '../answer.js';
import type { ResumeOptions } from '../resumed.js';
import { streamEvents } from '../streamEvents.js';
import { isRequest, type Asked, type StreamRequest } from './asked.js';

/** A setting, or what gives it for each request; it may `inject`. */
export type StreamSetting<T> = T | (() => T);

/** Options of {@link provideStreams}. */
export interface StreamsOptions {
  /** The protocol of the answers. */
  readonly codec: Omit<Codec, 'encoder'>;
  /** What stands before the address of each request that is not absolute: on a server, where `fetch` needs it. */
  readonly baseUrl?: StreamSetting<string> | undefined;
  /** Headers of all requests. */
  readonly headers?: StreamSetting<Readonly<Record<string, string>>> | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Whether an answer outlives its connection, as `streamEvents` has it; by `HttpClient` none does. Default: no. */
  readonly resume?: boolean | ResumeOptions | undefined;
  /**
   * Whether Angular's `HttpClient` sends them, so that interceptors see each request and its end. It is loaded with the
   * first request.
   */
  readonly useHttpClient?: StreamSetting<boolean> | undefined;
}

/** A request as it is sent. */
export interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | undefined;
  readonly codec: Omit<Codec, 'encoder'>;
}

/** Where answers come from, and whose time it is. */
export interface Streams {
  /** The events of what is asked; cold. */
  readonly eventsOf: (asked: Asked) => Observable<StreamEvent>;
  /** Times the frames and the tools. Default: frames of the screen, and real time. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Where the answers of an application come from. */
export const STREAMS: InjectionToken<Streams> = /* @__PURE__ */ new InjectionToken<Streams>('STREAMS', {
  providedIn: 'root',
  factory: () => streamsOf(undefined, inject(Injector)),
});

/**
 * Says how the requests of all answers are sent: of {@link injectAnswer}, {@link injectConversation} and
 * {@link streamResource}.
 *
 * ```ts
 * import { bootstrapApplication } from '@angular/platform-browser';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { provideStreams } from 'rxjs-llm-stream/angular';
 *
 * bootstrapApplication(App, { providers: [provideStreams({ codec: anthropic })] });
 * ```
 *
 * A request is a POST with its body as JSON, and ends with the message: after `message_stop`, the rest of the body runs out,
 * so that the answer is whole for interceptors and in the network panel. What gives events itself, such as
 * `streamMessages(…)`, needs none of this.
 *
 * @param options - `codec`, the protocol; `baseUrl`, `headers`; `fetch` or `useHttpClient`, what sends them;
 *   `resume`
 * @returns providers for an application, or for a part of it
 */
export function provideStreams(options: StreamsOptions): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: STREAMS, useFactory: () => streamsOf(options, inject(Injector)) },
  ]);
}

function streamsOf(options: StreamsOptions | undefined, injector: Injector): Streams {
  return {
    eventsOf: (asked) =>
      isRequest(asked)
        ? defer(() => send(sentRequest(asked, options, injector), options, injector))
        : from(asked),
  };
}

function send(
  { url, codec, body, ...init }: SentRequest,
  options: StreamsOptions | undefined,
  injector: Injector,
): Observable<StreamEvent> {
  if (!settingIn(injector, options?.useHttpClient)) {
    const { fetch, resume } = options ?? {};
    const given = { codec, resume, ...(fetch && { fetch }) };
    return streamEvents(url, { ...init, ...given, body: body ?? null }).pipe(untilTerminal());
  }
  // Whoever does not use it does not load it.
  return from(import('./httpClientEvents.js')).pipe(
    mergeMap(({ httpClientEvents }) => httpClientEvents({ url, codec, body, ...init }, injector)),
    untilTerminal(),
  );
}

function sentRequest(
  { url, body, method, headers, codec }: StreamRequest,
  options: StreamsOptions | undefined,
  injector: Injector,
): SentRequest {
  const known = codec ?? options?.codec;
  if (known === undefined)
    // As one of ours, its words are those that a page shows.
    throw new StreamError(
      'source',
      `The request to ${url} has no codec: put provideStreams({ codec }) into the providers of the application`,
    );
  return {
    url: addressOf(url, settingIn(injector, options?.baseUrl)),
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...settingIn(injector, options?.headers),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    codec: known,
  };
}

function settingIn<T extends string | boolean | object>(
  injector: Injector,
  setting: StreamSetting<T> | undefined,
): T | undefined {
  return typeof setting === 'function' ? runInInjectionContext(injector, setting as () => T) : setting;
}

function addressOf(url: string, baseUrl = ''): string {
  if (baseUrl === '' || /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(url)) return url;
  return `${baseUrl.replace(/\/$/, '')}/${url.replace(/^\//, '')}`;
}
