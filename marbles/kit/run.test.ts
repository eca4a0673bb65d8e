import {
  concat,
  defer,
  EMPTY,
  filter,
  map,
  Observable,
  of,
  takeWhile,
  tap,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { lettersOf } from './letters.js';
import { run } from './run.js';
import type { AnyOperator } from './sheet.js';

interface Count {
  count: number;
}

const letters = lettersOf({}, { a: { count: 1 }, b: { count: 2 }, c: { count: 3 }, n: 'nobody' });
const failure = Object.assign(new Error('lost'), { code: 'network' });

function draw(drawing: string, operator: AnyOperator, output: unknown = failure): () => void {
  return () =>
    run({ drawing, letters, operators: { 'f()': () => operator }, errors: { source: failure, output } });
}

const untilTwo: MonoTypeOperatorFunction<Count> = takeWhile(({ count }) => count !== 2, true);

describe('run', () => {
  it('accepts what is drawn', () => {
    expect(draw('-a-b-c-|\n> f()\n-a-(b|)\n^--!', untilTwo)).not.toThrow();
    expect(draw('-a- 10ms c-#\n> f()\n-a- 10ms c-#', untilTwo)).not.toThrow();
    expect(draw('-a-c-|\n> f()\n-a-\n--!\n^-!', untilTwo)).not.toThrow();
    expect(draw('hot -a-^-c-b-a|\n> f()\n--c-(b|)\n^---!', untilTwo)).not.toThrow();
  });

  it('shows both rows and the first difference', () => {
    expect(draw('-a-b-c-|\n> f()\n-a-(c|)', untilTwo)).toThrow(
      [
        '> f(), in the first run',
        'The marbles differ in frame 3, at .count:',
        '  expected 3',
        '  got      2',
        '',
        'expected  -a-(c|)',
        'actual    -a-(b|)',
        '              ^',
        '',
        'a  {"count":1}',
        'c  {"count":3}',
        'b  {"count":2}',
      ].join('\n'),
    );
  });

  it('tells a value that came from one that did not', () => {
    expect(draw('-a-b-|\n> f()\n-a-b-c-|', untilTwo)).toThrow(
      '  expected c in frame 5: {"count":3}\n  got      completion in frame 3',
    );
    expect(draw('-a-c-|\n> f()\n-a-|', untilTwo)).toThrow('got      c in frame 3');
  });

  it('compares errors by all their fields', () => {
    const coded = Object.assign(new Error('lost'), { code: 'timeout' });
    expect(draw('-a-#\n> f()\n-a-#', untilTwo, coded)).toThrow(
      'at .code:\n  expected "timeout"\n  got      "network"',
    );
  });

  it('finds a letter that has no value, in the source and below', () => {
    expect(draw('-Q-|\n> f()\n---|', untilTwo)).toThrow("No value for the letter 'Q' in the row: -Q-|");
    expect(draw('-a-|\n> f()\n-Q-|', untilTwo)).toThrow("No value for the letter 'Q'");
  });

  it('finds an operator that the sheet does not have', () => {
    expect(draw('-a-|\n> g()\n-a-|', untilTwo)).toThrow('The sheet has no operator named: g()');
  });

  it('finds state outside the subscription', () => {
    let seen = 0;
    const two = filter(() => seen++ < 2);
    expect(draw('-a-b-c-|\n> f()\n-a-b---|', two)).toThrow('after another stream');
  });

  it('finds state that only another stream leaves behind', () => {
    let heard = false;
    const nobody = (source: Observable<Count>): Observable<unknown> =>
      concat(
        source.pipe(tap(() => (heard = true))),
        defer(() => (heard ? EMPTY : of('nobody'))),
      );
    const errors = { source: failure, output: failure };
    const silent = { drawing: '--|\n> f()\n--(n|)', letters, operators: { 'f()': () => nobody }, errors };
    expect(() => run(silent)).not.toThrow();
    expect(() => run({ ...silent, before: '-a-|\n> f()\n-a-|' })).toThrow('after another stream');
  });

  it('finds state that two subscribers at once share', () => {
    const last: Count[] = [];
    const once = (source: Observable<Count>): Observable<Count> =>
      concat(
        source.pipe(
          filter((value) => {
            const repeated = last[0] === value;
            last[0] = value;
            return !repeated;
          }),
        ),
        new Observable<Count>((subscriber) => {
          last.length = 0;
          subscriber.complete();
        }),
      );
    expect(draw('-a-b-|\n> f()\n-a-b-|', once)).toThrow('for two subscribers at once');
  });

  it('finds a subscription that is lost', () => {
    const lost = (source: Observable<Count>): Observable<Count> =>
      new Observable((subscriber) => {
        source.subscribe({
          next: (value) => {
            subscriber.next(value);
            if (value.count === 2) subscriber.complete();
          },
        });
      });
    expect(draw('-a-b-c-|\n> f()\n-a-(b|)', lost)).toThrow('still subscribed after frame 3');
    expect(draw('-a-b-c-|\n> f()\n-a-(b|)\n^--!', lost)).toThrow('actual    ^------!');
    expect(draw('-a-c-|\n> f()\n-a-\n--!', lost)).toThrow('still subscribed after frame 2');
  });

  it('finds an operator that writes to what it was given', () => {
    const doubled = map((value: Count) => {
      value.count *= 2;
      return value;
    });
    expect(draw('-a-|\n> f()\n-b-|', doubled)).toThrow('read only');
  });

  it('finds a snapshot that changes after it was emitted', () => {
    const summed = (source: Observable<Count>): Observable<Count> => {
      const total = { count: 0 };
      return source.pipe(map(({ count }) => Object.assign(total, { count })));
    };
    // In the end the first snapshot says what the last one does, which is just what is drawn.
    expect(draw('-a-b-|\n> f()\n-b-b-|', summed)).toThrow(
      'Value 0 changed after it was emitted, at .count: was 1, is 2',
    );
  });

  it('takes each row for what all operators down to it give', () => {
    const operators = { 'f()': () => untilTwo, 'g()': () => map(() => 'nobody') };
    const drawing = '-a-b-c-|\n> f()\n-a-(b|)\n> g()\n-n-(n|)\n^--!';
    expect(() =>
      run({ drawing, letters, operators, errors: { source: failure, output: failure } }),
    ).not.toThrow();
  });

  it('does not wait for a source that never ends', () => {
    expect(draw('---\n> f()\n---\n^--', untilTwo)).not.toThrow();
    expect(draw('---\n> f()\n---|', untilTwo)).toThrow('got      nothing');
    expect(draw('---\n> f()\n(a|)', () => of({ count: 1 }))).not.toThrow();
  });
});
