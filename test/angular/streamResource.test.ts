import { signal, type Resource } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { streamResource } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting } from '../../src/angular/testing.js';
import type { Message } from '../../src/index.js';
import { connectionLost, script } from '../../src/testing.js';
import { inApp, provide } from './angularBed.js';

const HELLO = script().text('Hello world').deltas({ words: 1 }).timed(20);
const testing = (): StreamTesting => TestBed.inject(StreamTesting);

describe('a resource', () => {
  it('is loading until the first content, reloading while it grows, and resolved only when it is whole', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => streamResource({ stream: () => ({ url: '/api/chat' }) }));
    const steps = [0, 50, 28, 100].map((ms) => {
      testing().advance(ms);
      return [answer.status(), answer.isLoading(), answer.hasValue(), answer.text()];
    });
    expect(steps).toEqual([
      ['loading', true, false, ''],
      ['loading', true, true, ''],
      ['reloading', true, true, 'Hello '],
      ['resolved', false, true, 'Hello world'],
    ]);
    expect(answer.value()).toMatchObject({ role: 'assistant', stop_reason: 'end_turn' });
    expect(answer.snapshot()).toEqual({ status: 'resolved', value: answer.value() });
  });

  it('keeps what had come when it fails: its value never throws', () => {
    provide(provideStreamTesting(HELLO.lost(connectionLost, 3), HELLO));
    const answer = inApp(() => streamResource({ stream: () => ({ url: '/api/chat' }) }));
    testing().flush();
    expect([answer.status(), answer.error()?.code, answer.value()?.content]).toMatchObject([
      'error',
      'network',
      [{ text: 'Hello ' }],
    ]);
    expect(answer.snapshot()).toEqual({ status: 'error', error: answer.error() });
    expect(answer.reload()).toBe(true);
    expect([answer.status(), answer.hasValue()]).toEqual(['loading', false]);
    testing().flush();
    expect(answer.status()).toBe('resolved');
  });

  it('is idle without params, asks when they come, and anew when they change', () => {
    provide(provideStreamTesting(HELLO, HELLO));
    const prompt = signal<string | undefined>(undefined);
    const aside = signal(0);
    const answer = inApp(() =>
      streamResource({
        params: () => prompt(),
        stream: ({ params }) => ({
          url: '/api/chat',
          body: { prompt: params.toUpperCase(), aside: aside() },
        }),
      }),
    );
    testing().flush();
    expect([answer.status(), answer.reload()]).toEqual(['idle', false]);
    prompt.set('a');
    testing().advance(78);
    // The stream is not reactive by itself, as that of rxResource is not.
    aside.set(1);
    testing().advance(5);
    prompt.set('b');
    testing().flush();
    expect(testing().requests).toEqual([
      { request: { url: '/api/chat', body: { prompt: 'A', aside: 0 } }, isAborted: true },
      { request: { url: '/api/chat', body: { prompt: 'B', aside: 1 } }, isAborted: false },
    ]);
  });

  it('that is stopped is what it is left at', () => {
    provide(provideStreamTesting(HELLO));
    const answer = inApp(() => streamResource({ stream: () => ({ url: '/api/chat' }) }));
    testing().advance(78);
    answer.stop();
    expect([answer.status(), answer.isLoading(), answer.text()]).toEqual(['local', false, 'Hello ']);
  });

  it('goes where Angular takes a resource', () => {
    provide(provideStreamTesting(HELLO));
    const answer: Resource<Message | undefined> = inApp(() => streamResource({ stream: () => null }));
    expect(answer.value()).toBeUndefined();
  });
});
