import { catchError, NEVER, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { truncated, type StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { answers } from './stopButton.js';

describe('the stop button', () => {
  const LETTERS = {
    m: events.messageStart(),
    o: events.textStart(0),
    t: events.textDelta(0, 'la'),
    c: events.blockStop(0),
    d: events.messageDelta('end_turn'),
    z: events.messageStop(),
  };

  function run(test: Parameters<TestScheduler['run']>[0]): void {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);
  }

  const block = (text: string, status: object) => [
    { type: 'text', text, citations: null, index: 0, ...status },
  ];
  const BLOCKS = {
    O: block('', { status: 'streaming' }),
    T: block('la', { status: 'streaming' }),
    C: block('la', { status: 'complete' }),
    A: block('la', { status: 'aborted', reason: 'Cancelled' }),
    L: block('la', { status: 'aborted', reason: truncated().message }),
  };

  it('ends the answer, keeps what had come, and aborts the request', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const answer = cold<StreamEvent>('m-o-t-t-t-c-d-z', LETTERS);
      const questions = hot('  -q----------|');
      const stop = hot('       ------s-');
      expectObservable(answers(questions, stop, () => answer)).toBe('---O-TA-----|', BLOCKS);
      expectSubscriptions(answer.subscriptions).toBe('-^----!');
    });
  });

  it.each([
    ['m-o-t-c-d-z', '---O-T-C----|', 'between two blocks', '--------s'],
    ['--m-o-t-c-d-z', '------------|', 'before the message', '--s'],
  ])('ends %s as %s when it is pressed %s', (answer, shown, _, pressed) => {
    run(({ cold, hot, expectObservable }) => {
      const source = cold<StreamEvent>(answer, LETTERS);
      expectObservable(answers(hot('-q----------|'), hot(pressed), () => source)).toBe(shown, BLOCKS);
    });
  });

  it('lets a failure be one', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = cold<StreamEvent>('m-o-t--|', LETTERS);
      const outcome = answers(hot('-q----------|'), NEVER, () => source).pipe(
        catchError((error: StreamError) => of(error.code)),
      );
      expectObservable(outcome).toBe('---O-T--(Le|)', { ...BLOCKS, e: 'truncated' });
    });
  });

  it('leaves the next question to be answered', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const answer = cold<StreamEvent>('m-o-t-c-d-z', LETTERS);
      const questions = hot('  -q------q----------|');
      const stop = hot('       ------s-');
      expectObservable(answers(questions, stop, () => answer)).toBe('---O-TA---O-T-C----|', BLOCKS);
      expectSubscriptions(answer.subscriptions).toBe(['-^----!', '--------^---------!']);
    });
  });

  it('is not needed to ask again: the next question aborts the request too', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const answer = cold<StreamEvent>('m-o-t-c-d-z', LETTERS);
      const questions = hot('  -q---q----------|');
      expectObservable(answers(questions, NEVER, () => answer)).toBe('---O---O-T-C----|', BLOCKS);
      expectSubscriptions(answer.subscriptions).toBe(['-^---!', '-----^---------!']);
    });
  });
});
