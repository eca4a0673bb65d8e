import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { STREAMS } from '../../sources/angular/streams.js';
import { StreamTesting, TestStreams, type TestAnswer } from './streamTesting.js';

/**
 * Answers whatever is asked in a test, in virtual time: `advance(ms)` of `TestBed.inject(StreamTesting)` lets it pass, and
 * shows what has come. Nothing is sent, and a test waits for nothing, under any test runner.
 *
 * ```ts
 * import { TestBed } from '@angular/core/testing';
 * import { provideStreamTesting, StreamTesting } from 'rxjs-llm-stream/angular/testing';
 * import { script } from 'rxjs-llm-stream/testing';
 *
 * TestBed.configureTestingModule({
 *   providers: [provideStreamTesting(script().text('Hello world').deltas({ words: 1 }).timed(20))],
 * });
 * const fixture = TestBed.createComponent(Chat);
 * TestBed.inject(StreamTesting).advance(60);
 * expect(fixture.nativeElement.textContent).toContain('Hello');
 * ```
 *
 * Sources that give their events themselves are answered too, and never subscribed to. A request for which no answer is left
 * fails, and its error says so. Frames of the screen are 16 ms of the same time; so are the times of tools.
 *
 * @param answers - one for each request in order: a script, or a row of marbles in the letters of `alphabet`, one frame
 *   being 1 ms
 * @returns providers for a test; they stand after those of the application
 * @see {@link script}
 */
export function provideStreamTesting(...answers: readonly TestAnswer[]): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: TestStreams, useFactory: () => new TestStreams(answers) },
    { provide: StreamTesting, useExisting: TestStreams },
    { provide: STREAMS, useExisting: TestStreams },
  ]);
}
