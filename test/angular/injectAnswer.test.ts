import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { createEnvironmentInjector, effect, EnvironmentInjector, Injector, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { vi } from 'vitest';
import { from, reduce } from 'rxjs';
import { injectAnswer, type StreamRequest } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting } from '../../src/angular/testing.js';
import { smoothText, textDeltas } from '../../src/index.js';
import { connectionLost, script } from '../../src/testing.js';
import { TestStreams } from '../../src/testing/angular/streamTesting.js';
import { inApp, provide } from './angularBed.js';

const REQUEST: StreamRequest = { url: '/api/chat', body: { prompt: 'Hello' } };
const HELLO = script().text('Hello world').deltas({ words: 1 }).timed(20);

const testing = (): StreamTesting => TestBed.inject(StreamTesting);

describe('an answer', () => {
  it('has its first state at once, grows, and ends', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    expect([answer.state().status, answer.isBusy(), answer.text()]).toEqual(['waiting', true, '']);
    testing().advance(0);
    expect(answer.state().status).toBe('waiting');
    testing().advance(80);
    expect([answer.state().status, answer.text()]).toEqual(['streaming', 'Hello ']);
    testing().advance(100);
    expect([answer.state().status, answer.isBusy(), answer.text()]).toEqual(['done', false, 'Hello world']);
    expect(testing().requests).toEqual([{ request: REQUEST, isAborted: false }]);
  });

  it('is a failure where the operator for its states throws when it is called', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() =>
      injectAnswer(() => REQUEST, {
        pipe: () => {
          throw new RangeError('no such pace');
        },
      }),
    );
    testing().flush();
    expect([answer.state().status, answer.isBusy()]).toEqual(['failed', false]);
    expect(answer.error()?.cause).toMatchObject({ message: 'no such pace' });
  });

  it('is idle while nothing is asked', () => {
    provide(provideStreamTesting());
    const answer = inApp(() => injectAnswer(() => undefined));
    testing().flush();
    expect([answer.state().status, answer.isBusy()]).toEqual(['idle', false]);
    answer.stop();
    answer.retry();
    testing().flush();
    expect(testing().requests).toEqual([]);
  });

  it('says its text as toText() does, over all replies of a turn', () => {
    const turn = script()
      .text('One, ')
      .text('two')
      .thinking('hm', 'signed')
      .text('three')
      .message({ id: 'msg_2' })
      .text('four');
    provide(provideStreamTesting(turn));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().flush();
    let text: string | undefined;
    from(turn)
      .pipe(
        textDeltas(),
        reduce((all, piece) => all + piece, ''),
      )
      .subscribe((all) => (text = all));
    expect(answer.text()).toBe('One, two\n\nthree\n\nfour');
    expect(answer.text()).toBe(text);
  });

  it('has a signal for each block: the list changes when one begins, a block when it grows', () => {
    const reply = script().text('one two').text('three four').deltas({ words: 1 }).timed(20);
    provide(provideStreamTesting(reply));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().advance(100);
    const [first] = answer.blocks();
    const list = answer.blocks();
    const known = first?.();
    expect(known).toMatchObject({ text: 'one two' });
    testing().advance(56);
    expect(answer.blocks()).toHaveLength(2);
    expect(answer.blocks()).not.toBe(list);
    const second = answer.blocks()[1];
    const begun = second?.();
    testing().flush();
    expect(answer.blocks()[0]).toBe(first);
    expect(answer.blocks()[1]).toBe(second);
    expect(first?.()).toBe(known);
    expect([begun, second?.()]).toMatchObject([{ text: 'three ' }, { text: 'three four' }]);
  });

  it('passes through what is put between, such as smoothText', () => {
    provide(provideStreamTesting(script().text('so it is').timed(40)));
    const testStreams = testing();
    const scheduler = TestBed.inject(TestStreams).scheduler;
    const answer = inApp(() =>
      injectAnswer(() => REQUEST, { pipe: smoothText({ by: 'word', maxLag: 60 }, scheduler) }),
    );
    testStreams.advance(170);
    expect(answer.text()).toBe('so it ');
    testStreams.flush();
    expect(answer.text()).toBe('so it is');
  });
});

describe('the source of an answer', () => {
  it('is asked once for 100 changes of a signal in a tick, and the answer before is stopped', () => {
    provide(provideStreamTesting(HELLO, script().text('about 99').timed(1)));
    const prompt = signal(-1);
    const answer = inApp(() => injectAnswer(() => ({ url: '/api/chat', body: prompt() })));
    testing().advance(78);
    expect(answer.text()).toBe('Hello ');
    for (let nth = 0; nth < 100; nth++) {
      prompt.set(nth);
      // The old answer never shows beside the new question.
      expect([answer.state().status, answer.text()]).toEqual(['waiting', '']);
    }
    testing().flush();
    expect(answer.text()).toBe('about 99');
    expect(testing().requests).toEqual([
      { request: { url: '/api/chat', body: -1 }, isAborted: true },
      { request: { url: '/api/chat', body: 99 }, isAborted: false },
    ]);
  });

  it('may stop asking', () => {
    provide(provideStreamTesting(HELLO));
    const prompt = signal('Hello');
    const answer = inApp(() => injectAnswer(() => prompt() && REQUEST));
    testing().advance(78);
    prompt.set('');
    expect(answer.state().status).toBe('idle');
    testing().flush();
    expect(answer.text()).toBe('');
    expect(testing().requests).toMatchObject([{ isAborted: true }]);
  });

  it('that throws is a failure, with what was thrown as its cause, until it throws no more', () => {
    provide(provideStreamTesting(HELLO));
    const name = signal('');
    const thrown = new RangeError('no name');
    const answer = inApp(() =>
      injectAnswer(() => {
        if (name() === '') throw thrown;
        return REQUEST;
      }),
    );
    const failed = ['failed', 'source', thrown];
    expect([answer.state().status, answer.error()?.code, answer.error()?.cause]).toEqual(failed);
    testing().flush();
    expect([answer.state().status, answer.error()?.code, answer.error()?.cause]).toEqual(failed);
    name.set('Ada');
    testing().flush();
    expect([answer.state().status, answer.text()]).toEqual(['done', 'Hello world']);
    expect(testing().requests).toHaveLength(1);
  });

  it('may give the events itself, without any providers', () => {
    provide();
    const answer = inApp(() => injectAnswer(() => from(script().text('Hello'))));
    TestBed.tick();
    expect([answer.state().status, answer.text()]).toEqual(['done', 'Hello']);
  });

  it('that gives a request where nobody says how to send it fails, and says what to do', () => {
    provide();
    const answer = inApp(() => injectAnswer(() => REQUEST));
    TestBed.tick();
    expect(answer.error()?.message).toMatch(/\/api\/chat has no codec: put provideStreams\(\{ codec \}\)/);
  });

  it('is not called in an injection context of nobody', () => {
    expect(() => injectAnswer(() => undefined)).toThrow(
      /injectAnswer\(\) can only be used within an injection context/,
    );
  });
});

describe('Stop', () => {
  it('aborts the request and keeps what had come', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().advance(78);
    answer.stop();
    expect([answer.state().status, answer.text(), answer.isBusy()]).toEqual(['stopped', 'Hello ', false]);
    expect(testing().requests).toMatchObject([{ isAborted: true }]);
    testing().flush();
    expect(answer.text()).toBe('Hello ');
  });

  it('before anything is asked lets nothing be asked', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    answer.stop();
    testing().flush();
    expect(answer.state().status).toBe('stopped');
    expect(testing().requests).toEqual([]);
  });

  it('is followed by Retry, which asks anew', () => {
    provide(provideStreamTesting(HELLO, HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().advance(78);
    answer.stop();
    answer.retry();
    expect([answer.state().status, answer.text()]).toEqual(['waiting', '']);
    testing().flush();
    expect([answer.state().status, answer.text()]).toEqual(['done', 'Hello world']);
    expect(testing().requests).toHaveLength(2);
  });

  it('and a failure leave what had come, and Retry works after one', () => {
    provide(provideStreamTesting(HELLO.lost(connectionLost, 3), HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().flush();
    expect([answer.state().status, answer.error()?.code, answer.text()]).toEqual([
      'failed',
      'network',
      'Hello ',
    ]);
    answer.retry();
    testing().flush();
    expect([answer.state().status, answer.error(), answer.text()]).toEqual([
      'done',
      undefined,
      'Hello world',
    ]);
  });
});

describe('the end of whoever asks', () => {
  it.each([
    ['while it waits', 0],
    ['while the answer is written', 78],
  ])('%s ends the request', (_, ms) => {
    provide(provideStreamTesting(HELLO));
    const owner = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    const answer = injectAnswer(() => REQUEST, { injector: owner.get(Injector) });
    testing().advance(ms);
    expect(testing().requests).toMatchObject([{ isAborted: false }]);
    owner.destroy();
    expect(testing().requests).toMatchObject([{ isAborted: true }]);
    const { status } = answer.state();
    testing().flush();
    expect(answer.state().status).toBe(status);
  });
});

describe('the frames of an answer', () => {
  it('are at most one for each frame of the screen, however fast it comes', () => {
    const fast = script()
      .text('x'.repeat(1_000))
      .deltas({ characters: 1 })
      .timed((_, nth) => (nth % 5 ? 0 : 1));
    provide(provideStreamTesting(fast));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    let changes = 0;
    inApp(() => effect(() => void (answer.state(), changes++)));
    let frames = 0;
    for (; answer.isBusy(); frames++) testing().advance(16);
    expect(answer.text()).toHaveLength(1_000);
    expect(frames).toBeGreaterThan(10);
    expect(changes).toBeLessThanOrEqual(frames + 1);
  });

  it('are none while the page is hidden, until it is seen again', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    testing().advance(78);
    expect(answer.text()).toBe('Hello ');
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    testing().advance(25);
    expect(answer.text()).toBe('Hello ');
    visibility.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    testing().advance(16);
    expect([answer.text(), answer.state().status]).toEqual(['Hello world', 'streaming']);
    visibility.mockRestore();
  });

  it('include the last state in a hidden page', () => {
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => injectAnswer(() => REQUEST));
    const seen: string[] = [];
    inApp(() => effect(() => void seen.push(answer.state().status)));
    testing().flush();
    expect(seen).toEqual(['waiting', 'done']);
    expect(answer.text()).toBe('Hello world');
    visibility.mockRestore();
  });
});

describe('a state', () => {
  /** What a page gets of what its worker posts. */
  function posted<T>(value: T): T {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(value);
    const got = receiveMessageOnPort(port2)?.message as T;
    port1.close();
    return got;
  }

  it('is plain, each of them: a worker may post it', () => {
    const answer = script().thinking('hm', 'signed').text('Hello world').toolUse('get_time', { zone: 'UTC' });
    provide(provideStreamTesting(answer.deltas({ characters: 3 }).timed(20)));
    const { state } = inApp(() => injectAnswer(() => REQUEST));
    const seen = new Set<string>();
    while (state().status !== 'done') {
      expect(posted(state())).toEqual(state());
      seen.add(state().status);
      testing().advance(16);
    }
    expect(posted(state())).toEqual(state());
    expect([...seen]).toEqual(['waiting', 'streaming']);
  });

  it.each([
    ['', 'network', connectionLost],
    [' with a cause that no worker can post', 'source', { retry: () => undefined }],
  ])('that failed%s is posted with its error as JSON', (_, code, thrown) => {
    provide(provideStreamTesting(HELLO.lost(thrown, 3)));
    const { state } = inApp(() => injectAnswer(() => REQUEST));
    testing().flush();
    const { error } = state();
    const got = posted({ ...state(), error: error?.toJSON() });
    expect(got).toMatchObject({ status: 'failed', error: { code, message: error?.message } });
    expect(got.messages).toEqual(state().messages);
  });
});
