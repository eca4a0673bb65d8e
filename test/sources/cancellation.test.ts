import { getEventListeners } from 'node:events';
import { from, take, type Observable, type Subscription } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { ANSWER, wire } from './loopback.js';
import { ASKING, closeOpened, SOURCES } from './opened.js';

afterEach(closeOpened);

/** What a subscriber is told, in order. */
class Told {
  readonly notifications: unknown[] = [];
  readonly subscription: Subscription;
  readonly #waiting: (() => void)[] = [];

  /** @param onEvent - called with how many events there have been, once the subscription is there to be ended */
  constructor(source: Observable<StreamEvent>, onEvent?: (count: number) => void) {
    const tell = (notification: unknown): void => {
      this.notifications.push(notification);
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    this.subscription = source.subscribe({
      next: (event) => {
        tell(event);
        onEvent?.(this.notifications.length);
      },
      error: (error: unknown) => tell(error),
      complete: () => tell('complete'),
    });
  }

  async until(count: number): Promise<void> {
    while (this.notifications.length < count)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** Lets everything happen that is under way in this process. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

function nextTurn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What keeps this process alive: sockets, servers, timers. */
function handles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));
}

let handlesBefore: readonly string[];

/** Those that were not there before. */
function newHandles(): readonly string[] {
  const before = [...handlesBefore];
  return handles().filter((name) => {
    const at = before.indexOf(name);
    if (at >= 0) before.splice(at, 1);
    return at < 0;
  });
}

beforeAll(() => {
  handlesBefore = handles();
});

afterAll(async () => {
  for (let turn = 0; turn < 100 && newHandles().length > 0; turn++) await nextTurn();
  expect(newHandles()).toEqual([]);
});

describe.each(SOURCES)('%s, unsubscribed from', (_, open) => {
  it('in the same tick, says nothing', async () => {
    const { source, send, letGo } = await open();
    const told = new Told(source);
    told.subscription.unsubscribe();
    await settled();
    expect(told.notifications).toEqual([]);
    // A generator that is asked already can be ended only when it is answered.
    tryTo(() => send(wire(...ANSWER)));
    await letGo();
    await settled();
    expect(told.notifications).toEqual([]);
  });

  it('before anything came, says nothing and lets go', async () => {
    const { source, asked, send, letGo } = await open();
    const told = new Told(source);
    await asked();
    told.subscription.unsubscribe();
    tryTo(() => send(wire(...ANSWER)));
    await letGo();
    await settled();
    expect(told.notifications).toEqual([]);
  });

  it('in the middle of the body, says nothing more and lets go', async () => {
    const { source, asked, send, letGo } = await open();
    const told = new Told(source);
    await asked();
    send(wire(...ANSWER.slice(0, 3)));
    await told.until(3);
    await settled();
    told.subscription.unsubscribe();
    tryTo(() => send(wire(...ANSWER.slice(3))));
    await letGo();
    await settled();
    expect(told.notifications).toEqual(ANSWER.slice(0, 3));
  });

  it('inside a burst, delivers nothing more of it and lets go', async () => {
    const { source, asked, send, letGo } = await open();
    const told: Told = new Told(source, (count) => {
      if (count === 2) told.subscription.unsubscribe();
    });
    await asked();
    send(wire(...ANSWER));
    await told.until(2);
    tryTo(() => send(wire(...ANSWER)));
    await letGo();
    await settled();
    expect(told.notifications).toEqual(ANSWER.slice(0, 2));
  });

  it('after the end, has nothing to let go and says nothing more', async () => {
    const { source, asked, send, end, letGo } = await open();
    const told = new Told(source);
    await asked();
    send(wire(...ANSWER));
    await told.until(ANSWER.length);
    end();
    await told.until(ANSWER.length + 1);
    await letGo();
    told.subscription.unsubscribe();
    await settled();
    expect(told.notifications).toEqual([...ANSWER, 'complete']);
  });
});

/** What has let go may refuse to be written to. */
function tryTo(send: () => void): void {
  try {
    send();
  } catch {
    // It does.
  }
}

describe('a source that speaks at once', () => {
  it('is asked for no chunk more than was needed', () => {
    let drawn = 0;
    function* chunks() {
      for (; drawn < 100_000; drawn++) yield wire(...ANSWER);
    }
    const told = new Told(fromBytes(from(chunks()), { codec: anthropic }).pipe(take(10)));
    expect(told.notifications).toEqual([...ANSWER, ...ANSWER.slice(0, 3), 'complete']);
    expect(drawn).toBe(1);
  });
});

describe.each(ASKING)('the caller’s own signal, given to %s', (_, open) => {
  const reason = new Error('The reader pressed stop');

  const aborted = expect.objectContaining({
    name: 'StreamError',
    code: 'aborted',
    retryable: false,
  }) as unknown;

  it('that is aborted before anything came is an error of its own, and lets go', async () => {
    const caller = new AbortController();
    const { source, asked, letGo } = await open(caller.signal);
    const told = new Told(source);
    await asked();
    caller.abort(reason);
    expect(told.notifications).toEqual([aborted]);
    expect((told.notifications[0] as StreamError).cause).toBe(reason);
    await letGo();
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  it('in the same tick is told at once', async () => {
    const caller = new AbortController();
    const { source } = await open(caller.signal);
    const told = new Told(source);
    caller.abort(reason);
    expect(told.notifications).toEqual([aborted]);
    await settled();
    expect(told.notifications).toHaveLength(1);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  it('in the middle of the body comes after the events before it, and lets go', async () => {
    const caller = new AbortController();
    const { source, asked, send, letGo } = await open(caller.signal);
    const told = new Told(source);
    await asked();
    send(wire(...ANSWER.slice(0, 3)));
    await told.until(3);
    caller.abort(reason);
    expect(told.notifications).toEqual([...ANSWER.slice(0, 3), aborted]);
    await letGo();
    await settled();
    expect(told.notifications).toHaveLength(4);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  it('inside a burst ends it right there', async () => {
    const caller = new AbortController();
    const { source, asked, send, letGo } = await open(caller.signal);
    const told = new Told(source, (count) => {
      if (count === 2) caller.abort(reason);
    });
    await asked();
    send(wire(...ANSWER));
    await told.until(3);
    await letGo();
    await settled();
    expect(told.notifications).toEqual([...ANSWER.slice(0, 2), aborted]);
  });

  it('after the end says nothing more', async () => {
    const caller = new AbortController();
    const { source, asked, send, end, letGo } = await open(caller.signal);
    const told = new Told(source);
    await asked();
    send(wire(...ANSWER));
    end();
    await told.until(ANSWER.length + 1);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    caller.abort(reason);
    await letGo();
    await settled();
    expect(told.notifications).toEqual([...ANSWER, 'complete']);
  });

  it('after unsubscribing says nothing: who has gone wants no error', async () => {
    const caller = new AbortController();
    const { source, asked, letGo } = await open(caller.signal);
    const told = new Told(source);
    await asked();
    told.subscription.unsubscribe();
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    caller.abort(reason);
    await letGo();
    await settled();
    expect(told.notifications).toEqual([]);
  });

  it('is heard by each subscription once, and by none that has ended', async () => {
    const caller = new AbortController();
    const { source } = await open(caller.signal);
    const all = Array.from({ length: 8 }, () => new Told(source));
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    for (const told of all.slice(3)) told.subscription.unsubscribe();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    caller.abort(reason);
    expect(all.map(({ notifications }) => notifications.length)).toEqual(
      all.map((_, nth) => (nth < 3 ? 1 : 0)),
    );
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    await settled();
  });
});

describe('the signal that fetch is given', () => {
  const signals: AbortSignal[] = [];
  const pending: Fetch = (_, init) => {
    if (init?.signal) signals.push(init.signal);
    return new Promise(() => undefined);
  };

  it('is aborted at once by unsubscribing, and is not the caller’s', () => {
    const caller = new AbortController();
    const source = streamEvents('https://example.test', {
      codec: anthropic,
      fetch: pending,
      signal: caller.signal,
    });
    const subscription = source.subscribe();
    const [signal] = signals;
    expect(signal).not.toBe(caller.signal);
    expect(signal?.aborted).toBe(false);
    subscription.unsubscribe();
    expect(signal?.aborted).toBe(true);
    expect(caller.signal.aborted).toBe(false);
  });
});

describe('a failure of the connection', () => {
  it('is told apart from the caller’s abort, though fetch calls it an AbortError', async () => {
    const fetch: Fetch = () => Promise.reject(new DOMException('This operation was aborted', 'AbortError'));
    const caller = new AbortController();
    const source = streamEvents('https://example.test', { codec: anthropic, fetch, signal: caller.signal });
    const told = new Told(source);
    await told.until(1);
    expect(told.notifications).toMatchObject([{ code: 'network', cause: { name: 'AbortError' } }]);
  });
});
