/** What the types of the operators for applications let through, and what not; `tsc --noEmit` is the test. */
import { of, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import * as z from 'zod';
import { anthropic } from '../../src/anthropic.js';
import type { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { TurnMessage } from '../../src/events/turnMessage.js';
import type { StreamState } from '../../src/fold/turn/streamState.js';
import type { ConversationInput } from '../../src/turns/converse.js';
import type { JsonValue } from '../../src/json/value.js';
import type { Message } from '../../src/events/message.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { latestPerFrame } from '../../src/operators/latestPerFrame.js';
import { runTools } from '../../src/operators/runTools.js';
import { shareSnapshot } from '../../src/operators/shareSnapshot.js';
import { smoothText } from '../../src/operators/smoothText.js';
import { fromHttpEvents } from '../../src/sources/angular/fromHttpEvents.js';

/** Compiles only where both types are one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ['not the same', A, B];
/** `same<A, B>()` compiles only where both are one. */
declare function same<A, B>(...difference: Same<A, B>): void;

declare const events: Observable<StreamEvent>;

const tools = {
  get_weather: z.object({ city: z.string(), at: z.string().transform((text) => new Date(text)) }),
  get_time: z.object({ zone: z.string() }),
};

export function handlersGetTheInputOfTheirSchema(): Observable<StreamEvent> {
  return events.pipe(
    runTools(
      {
        get_weather: ({ city, at }, { call }) => {
          same<typeof at, Date>();
          same<typeof call.name, 'get_weather'>();
          return of(city.toUpperCase(), at.getTime(), call.id);
        },
        get_time: async ({ zone }) => Promise.resolve(zone),
      },
      { tools },
    ),
  );
}

export function everyToolHasAHandler(): unknown {
  // @ts-expect-error get_time has none
  return runTools({ get_weather: () => of('sun') }, { tools });
}

export function whatNobodyHandlesMayBeLeft(): unknown {
  return runTools({ get_weather: ({ city }) => city.toUpperCase() }, { tools, unhandled: 'leave' });
}

export function aToolMayHaveOptionsOfItsOwn(): unknown {
  return runTools(
    {
      get_weather: {
        run: async ({ at }, { call, signal }) => {
          same<typeof call.name, 'get_weather'>();
          return fetch(`/weather/${at.getTime()}/${call.id}`, { signal });
        },
        approve: (call) => {
          same<typeof call.input.at, Date>();
          return of({ approved: call.input.city !== '', reason: 'No city' });
        },
        timeout: 1_000,
        concurrency: 2,
      },
      get_time: ({ zone }) => ({ zone, hours: 12 }),
    },
    {
      tools,
      approve: (call) => (call.name === 'get_time' ? call.input.zone !== '' : 'later'),
      onError: (error, call) => {
        same<typeof call.name, 'get_weather' | 'get_time'>();
        return Promise.reject(new Error(call.name, { cause: error }));
      },
    },
  );
}

export function anApprovalIsAClearAnswer(): unknown {
  // @ts-expect-error neither yes nor no
  return runTools({ get_time: () => 12 }, { approve: () => 'yes' });
}

export function anyValueIsAResult(): unknown {
  return runTools({ get_time: () => 12, get_weather: () => null, draw: () => undefined });
}

export function withoutSchemasAnInputIsJson(): MonoTypeOperatorFunction<StreamEvent> {
  return runTools({
    anything: (input, { call: { name } }) => {
      same<typeof input, JsonValue>();
      return of(input, name.length);
    },
  });
}

export function theStatusTellsWhatThereIs(state: StreamState): unknown {
  switch (state.status) {
    case 'waiting':
      same<typeof state.message, Message | undefined>();
      return state;
    case 'streaming':
    case 'tools':
    case 'done':
    case 'stopped':
      same<typeof state.message, Message>();
      same<typeof state.error, undefined>();
      return state;
    case 'failed':
      same<typeof state.message, Message | undefined>();
      same<typeof state.error, StreamError>();
      return state;
  }
}

export function blocksOfAHistoryAreWrittenAsTheyAre(): readonly unknown[] {
  const image = { type: 'url', url: 'https://example.com/cat.png' };
  const input: ConversationInput = [
    { type: 'text', text: 'What is this?' },
    { type: 'image', source: image },
  ];
  const history: TurnMessage[] = [
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 °C' }] },
  ];
  return [input, ...history];
}

export function snapshotsKeepTheirType(): Observable<StreamState> {
  return events.pipe(accumulateState(), latestPerFrame(), shareSnapshot({ keepAlive: true }));
}

export function textHasToBeShownBySomething(): unknown {
  // @ts-expect-error by what is the caller's to say
  return [smoothText({ by: 'word' }), smoothText({})];
}

/** The events of `HttpClient`, as Angular types them. */
enum HttpEventType {
  Sent,
  UploadProgress,
  ResponseHeader,
  DownloadProgress,
  Response,
  User,
}

type HttpEvent =
  | { type: HttpEventType.Sent }
  | { readonly type: HttpEventType.ResponseHeader; readonly status: number }
  | { type: HttpEventType.DownloadProgress | HttpEventType.UploadProgress; loaded: number; total?: number }
  | { readonly type: HttpEventType.Response; readonly body: string | null }
  | { type: HttpEventType.User };

export function eventsOfHttpClientFit(http: Observable<HttpEvent>): Observable<StreamEvent> {
  return http.pipe(fromHttpEvents({ codec: anthropic }));
}

export function theBodyAloneDoesNotFit(http: Observable<string>): unknown {
  // @ts-expect-error it was not asked for with observe: 'events'
  return http.pipe(fromHttpEvents({ codec: anthropic }));
}
