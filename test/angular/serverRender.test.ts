import { ApplicationRef, makeStateKey, PLATFORM_ID, TransferState } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NEVER } from 'rxjs';
import { injectAnswer, type Answer, type AnswerOptions, type Asked } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting, type TestAnswer } from '../../src/angular/testing.js';
import { events } from '../../src/index.js';
import { connectionLost, script } from '../../src/testing.js';
import { inApp, provide } from './angularBed.js';

const REQUEST = { url: '/api/chat', body: { prompt: 'Hello' } };
const HELLO = script()
  .text('Hello world')
  .toolUse('get_time', { zone: 'UTC' })
  .usage({ input_tokens: 3, output_tokens: 5 })
  .timed(20);

const testing = (): StreamTesting => TestBed.inject(StreamTesting);
const isStable = (): boolean => {
  let is = false;
  TestBed.inject(ApplicationRef)
    .isStable.subscribe((stable) => (is = stable))
    .unsubscribe();
  return is;
};

/** Renders on a server, and gives what is written into the page. */
function server(options: AnswerOptions, answers: readonly TestAnswer[], asked: Asked = REQUEST) {
  provide(provideStreamTesting(...answers), { provide: PLATFORM_ID, useValue: 'server' });
  const answer = inApp(() => injectAnswer(() => asked, options));
  TestBed.tick();
  return { answer, page: () => TestBed.inject(TransferState).toJson(), requests: testing().requests };
}

/** Goes on in a browser with what stands in the page. */
function browser(page: string, options: AnswerOptions, asked: Asked = REQUEST): Answer {
  TestBed.resetTestingModule();
  provide(provideStreamTesting(script().text('Asked again')));
  const store = TestBed.inject(TransferState);
  for (const [key, value] of Object.entries(JSON.parse(page) as object)) store.set(makeStateKey(key), value);
  return inApp(() => injectAnswer(() => asked, options));
}

describe('a server that renders the page', () => {
  it('asks nothing, and shows what the browser begins with', () => {
    const { answer, page, requests } = server({}, [HELLO]);
    testing().flush();
    expect([answer.state().status, answer.isBusy(), requests, page()]).toEqual(['waiting', true, [], '{}']);
    const begun = browser(page(), {});
    expect(begun.state()).toEqual(answer.state());
    testing().flush();
    expect(begun.text()).toBe('Asked again');
  });

  it('asks with ssr: run, holds the page back, and the browser asks nothing again', async () => {
    const { answer, page } = server({ ssr: 'run' }, [HELLO]);
    expect(isStable()).toBe(false);
    testing().flush();
    await TestBed.inject(ApplicationRef).whenStable();
    expect(answer.text()).toBe('Hello world');
    const state = answer.state();

    const handed = browser(page(), { ssr: 'run' });
    expect(handed.state()).toEqual(state);
    expect([handed.isBusy(), handed.calls()[0]?.input]).toEqual([false, { zone: 'UTC' }]);
    testing().flush();
    expect(testing().requests).toEqual([]);
    // It is used once: the next page that asks the same gets its own answer.
    expect(TestBed.inject(TransferState).isEmpty).toBe(true);
    handed.retry();
    testing().flush();
    expect(handed.text()).toBe('Asked again');
  });

  it('hands over what gives events itself by a name, or by its place', () => {
    const source: Asked = [events.messageStart()];
    const { page } = server({ ssr: 'run' }, [HELLO], source);
    testing().flush();
    expect(page()).toContain('rxjs-llm-stream:#0');
    expect(browser(page(), { ssr: 'run' }, source).text()).toBe('Hello world');
    TestBed.resetTestingModule();
    const named = server({ ssr: 'run', key: 'greeting' }, [HELLO], source);
    testing().flush();
    expect(named.page()).toContain('rxjs-llm-stream:greeting');
  });

  it('hands over nothing of an answer that failed: the browser asks', async () => {
    const { answer, page } = server({ ssr: 'run' }, [HELLO.lost(connectionLost, 4)]);
    testing().flush();
    await TestBed.inject(ApplicationRef).whenStable();
    expect([isStable(), answer.state().status, page()]).toEqual([true, 'waiting', '{}']);
  });

  it('waits no longer than it may: then the request ends, and the browser asks', async () => {
    const { answer, page } = server({ ssr: 'run', ssrTimeout: 20 }, ['m-o-t']);
    testing().advance(100);
    expect([answer.text(), isStable()]).toEqual(['la', false]);
    await TestBed.inject(ApplicationRef).whenStable();
    expect([answer.state().status, answer.text(), page()]).toEqual(['waiting', '', '{}']);
    expect(testing().requests).toMatchObject([{ isAborted: true }]);
  });

  it('that has gone holds nothing', () => {
    provide({ provide: PLATFORM_ID, useValue: 'server' });
    inApp(() => injectAnswer(() => NEVER, { ssr: 'run' }));
    TestBed.tick();
    expect(isStable()).toBe(false);
    const stable: boolean[] = [];
    TestBed.inject(ApplicationRef).isStable.subscribe((is) => stable.push(is));
    TestBed.resetTestingModule();
    expect(stable.at(-1)).toBe(true);
  });
});

describe('a page', () => {
  it.each([
    ['another version', { version: 0, state: {} }],
    ['another shape', { version: 1, state: 'done' }],
    ['nothing', null],
  ])('that was written by %s is not read', (_, handed) => {
    const key = `rxjs-llm-stream:${JSON.stringify(REQUEST)}`;
    const answer = browser(JSON.stringify({ [key]: handed }), { ssr: 'run' });
    expect(answer.state().status).toBe('waiting');
    testing().flush();
    expect(answer.text()).toBe('Asked again');
  });

  it('with the answer to another question is not read', () => {
    const { page } = server({ ssr: 'run' }, [HELLO]);
    testing().flush();
    const answer = browser(page(), { ssr: 'run' }, { url: '/api/chat', body: { prompt: 'Bye' } });
    expect(answer.state().status).toBe('waiting');
  });
});
