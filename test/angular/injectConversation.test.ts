import {
  createEnvironmentInjector,
  effect,
  EnvironmentInjector,
  inject,
  Injector,
  InjectionToken,
  PLATFORM_ID,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NEVER } from 'rxjs';
import { injectConversation, type ConversationSignals } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting } from '../../src/angular/testing.js';
import { connectionLost, script } from '../../src/testing.js';
import { inApp, provide } from './angularBed.js';

const HELLO = script().text('Hello world').deltas({ words: 1 }).timed(20);
const CALL = script().text('I delete it.').toolUse('remove', { path: '/tmp' }, 'toolu_1').timed(5);
const DONE = script({ id: 'msg_2' }).text('It is gone.').timed(5);

const testing = (): StreamTesting => TestBed.inject(StreamTesting);
const roles = ({ messages }: ConversationSignals): string[] => messages().map(({ role }) => role);

describe('a conversation', () => {
  it('is there at once, without a turn', () => {
    provide(provideStreamTesting());
    const chat = inApp(() => injectConversation({ ask: '/api/chat' }));
    expect([chat.turns(), chat.status(), chat.isBusy(), chat.messages(), chat.error()]).toEqual([
      [],
      'done',
      false,
      [],
      undefined,
    ]);
  });

  it('answers question after question, with all that was said', () => {
    provide(provideStreamTesting(HELLO, script({ id: 'msg_2' }).text('Fine')));
    const chat = inApp(() => injectConversation({ ask: '/api/chat' }));
    chat.ask('Hello');
    expect([chat.isBusy(), chat.turns()[0]?.question]).toEqual([true, 'Hello']);
    testing().advance(78);
    const [turn] = chat.turns();
    expect([turn?.state().status, turn?.text(), chat.status()]).toEqual(['streaming', 'Hello ', 'streaming']);
    testing().flush();
    chat.ask('How are you?');
    testing().flush();
    expect(chat.turns()[0]).toBe(turn);
    expect(chat.turns().map(({ text }) => text())).toEqual(['Hello world', 'Fine']);
    expect(roles(chat)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(testing().requests.map(({ request }) => request)).toEqual([
      { url: '/api/chat', body: { messages: [{ role: 'user', content: 'Hello' }] } },
      { url: '/api/chat', body: { messages: chat.messages().slice(0, 3) } },
    ]);
  });

  it('says in the error of its turn what a test or an application has left out', () => {
    provide(provideStreamTesting());
    const chat = inApp(() => injectConversation({ ask: '/api/chat' }));
    chat.ask('Hello');
    testing().flush();
    expect(chat.error()?.message).toBe(
      'Request 1 has no answer: provideStreamTesting() was given 0, one for each request in order',
    );
    TestBed.resetTestingModule();
    provide();
    const lost = inApp(() => injectConversation({ ask: '/api/chat' }));
    lost.ask('Hello');
    TestBed.tick();
    expect(lost.error()?.message).toMatch(/^The request to \/api\/chat has no codec: put provideStreams/);
  });

  it('tells of a turn only when one begins: the list stays, and finished turns change nothing', () => {
    provide(provideStreamTesting(script().text('One').timed(1), HELLO));
    const chat = inApp(() => injectConversation({ ask: '/api/chat' }));
    chat.ask('First');
    testing().flush();
    const [first] = chat.turns();
    let lists = 0;
    let states = 0;
    inApp(() => effect(() => void (chat.turns(), lists++)));
    inApp(() => effect(() => void (first?.state(), first?.blocks(), states++)));
    TestBed.tick();
    chat.ask('Second');
    testing().flush();
    expect(chat.turns()[1]?.text()).toBe('Hello world');
    expect([lists, states]).toEqual([2, 1]);
  });

  it('begins with a history, and stops, retries, fails and goes on', () => {
    provide(provideStreamTesting(HELLO, HELLO.lost(connectionLost, 3), HELLO));
    const history = [
      { role: 'user', content: 'Before' },
      { role: 'assistant', content: 'Yes' },
    ] as const;
    const chat = inApp(() => injectConversation({ ask: '/api/chat', history }));
    expect(chat.messages()).toEqual(history);
    chat.ask('Hello');
    testing().advance(78);
    chat.stop();
    expect([chat.status(), chat.isBusy(), chat.turns()[0]?.text()]).toEqual(['stopped', false, 'Hello ']);
    chat.retry();
    testing().flush();
    expect([chat.status(), chat.error()?.code, chat.turns()[0]?.error()?.code]).toEqual([
      'failed',
      'network',
      'network',
    ]);
    chat.retry();
    testing().flush();
    expect([chat.status(), chat.error(), chat.turns()[0]?.text()]).toEqual([
      'done',
      undefined,
      'Hello world',
    ]);
    expect(chat.turns()).toHaveLength(1);
    expect(roles(chat)).toEqual(['user', 'assistant', 'user', 'assistant']);
  });

  it('asks by a function, which may inject', () => {
    const NAME = new InjectionToken<string>('NAME');
    provide(provideStreamTesting(HELLO), { provide: NAME, useValue: 'Ada' });
    const chat = inApp(() =>
      injectConversation({ ask: (messages) => ({ url: '/ask', body: { name: inject(NAME), messages } }) }),
    );
    chat.ask('Hello');
    testing().flush();
    expect(testing().requests[0]?.request?.body).toMatchObject({ name: 'Ada' });
    expect(chat.turns()[0]?.text()).toBe('Hello world');
  });
});

describe('a tool of a conversation', () => {
  const conversation = (removed: string[]): ConversationSignals =>
    inApp(() =>
      injectConversation({
        ask: '/api/chat',
        tools: {
          remove: (input) => {
            const { path } = input as { readonly path: string };
            removed.push(path);
            return `${path} is gone`;
          },
        },
        approve: ['remove'],
      }),
    );

  it('waits for a yes, runs, and its result goes back', () => {
    provide(provideStreamTesting(CALL, DONE));
    const removed: string[] = [];
    const chat = conversation(removed);
    chat.ask('Tidy up');
    testing().flush();
    const [turn] = chat.turns();
    const [call] = turn?.calls() ?? [];
    expect([call?.status, chat.status(), removed]).toEqual(['approval', 'tools', []]);
    chat.approve(call ?? { id: '' }, true);
    testing().flush();
    expect([turn?.calls()[0]?.status, chat.status(), removed]).toEqual(['done', 'done', ['/tmp']]);
    expect(turn?.text()).toBe('I delete it.\n\nIt is gone.');
    expect(turn?.blocks().map((block) => block().type)).toEqual(['text', 'tool_use', 'text']);
    expect(testing().requests).toHaveLength(2);
  });

  it('that is denied does not run, and the model reads why', () => {
    provide(provideStreamTesting(CALL, DONE));
    const removed: string[] = [];
    const chat = conversation(removed);
    chat.ask('Tidy up');
    testing().flush();
    chat.approve({ id: 'toolu_1' }, false, 'Not that one');
    testing().flush();
    expect([chat.turns()[0]?.calls()[0]?.status, removed]).toEqual(['denied', []]);
    expect(JSON.stringify(testing().requests[1]?.request?.body)).toContain('Not that one');
  });

  it('runs without a word where nothing says that it waits, and may inject', () => {
    const PLACE = new InjectionToken<string>('PLACE');
    provide(provideStreamTesting(CALL, DONE), { provide: PLACE, useValue: 'here' });
    const chat = inApp(() =>
      injectConversation({ ask: '/api/chat', tools: { remove: { run: () => inject(PLACE) } } }),
    );
    chat.ask('Tidy up');
    testing().flush();
    expect(chat.turns()[0]?.calls()[0]).toMatchObject({ status: 'done', result: 'here' });
  });

  it.each([
    ['a tool that runs', 30],
    ['an answer that is written', 78],
    ['an answer that is awaited', 0],
  ])('%s ends with whoever asked', (what, ms) => {
    provide(provideStreamTesting(what.startsWith('a tool') ? CALL.timed(1) : HELLO));
    const owner = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    const aborted: boolean[] = [];
    const chat = injectConversation({
      ask: '/api/chat',
      injector: owner.get(Injector),
      tools: {
        remove: (_, { signal }) => {
          signal.addEventListener('abort', () => aborted.push(true));
          return NEVER;
        },
      },
    });
    chat.ask('Tidy up');
    testing().advance(ms);
    expect(chat.isBusy()).toBe(true);
    owner.destroy();
    expect(aborted).toEqual(what.startsWith('a tool') ? [true] : []);
    expect(testing().requests[0]?.isAborted).toBe(!what.startsWith('a tool'));
    chat.ask('Another');
    testing().flush();
    expect(testing().requests).toHaveLength(1);
  });
});

describe('on a server', () => {
  it('nothing is asked in a conversation', () => {
    provide(provideStreamTesting(HELLO), { provide: PLATFORM_ID, useValue: 'server' });
    const chat = inApp(() => injectConversation({ ask: '/api/chat' }));
    chat.ask('Hello');
    expect([chat.turns(), chat.status()]).toEqual([[], 'done']);
  });
});
