import { animationFrames, asyncScheduler, interval, map, NEVER, of, scan, take, timer, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { anthropic } from '../../../src/codecs/anthropic/codec.js';
import { decode } from '../../../src/codecs/decode.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { dropPings } from '../../../src/operators/dropPings.js';
import { textDeltas } from '../../../src/operators/textDeltas.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { alphabet, connectionLost } from '../../../src/testing/letters/alphabet.js';
import { assertMarbles } from '../../../src/testing/marbles/assertMarbles.js';
import type { MarbleRun } from '../../../src/testing/marbles/marbleRun.js';
import { runMarbles } from '../../../src/testing/marbles/runMarbles.js';
import { script } from '../../../src/testing/script/script.js';
import { sse } from '../../../src/wire/sse.js';

describe('runMarbles', () => {
  it('runs events as letters through operators, with subscriptions', () => {
    runMarbles(({ llm, expectObservable, expectSubscriptions }) => {
      const source = llm('m-p-o-t-c-s-z-x-|');
      expectObservable(source.pipe(dropPings(), untilTerminal())).toBe('m---o-t-c-s-(z|)');
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
    });
  });

  it('has hot sources, and subscribes when it is told to', () => {
    runMarbles(({ llm, expectObservable, expectSubscriptions }) => {
      const source = llm.hot('m-^-o-t-c-|');
      expectObservable(source, '--^---!').toBe('--o-t--');
      expectObservable(source).toBe('--o-t-c-|');
      expectSubscriptions(source.subscriptions).toBe(['^-------!', '--^---!']);
    });
  });

  it('takes letters of a row, then those of the run, then those of the alphabet', () => {
    const [ours, theirs] = [events.textDelta(7, 'ours'), events.textDelta(8, 'theirs')];
    runMarbles(
      ({ llm, expectObservable }) => {
        expectObservable(llm('t-T-u', { t: theirs }).pipe(textDeltas())).toBe('A-B-C', { A: 'theirs' });
        expectObservable(llm('t-T')).toBe('t-T');
        expectObservable(llm('t-T')).toBe('A-B', { A: alphabet.t, B: ours });
      },
      { events: { T: ours }, values: { B: 'ours', C: ' 🎵' } },
    );
  });

  it('takes # for the same error on both sides, unless it is told another', () => {
    const other = new StreamError('limit', 'Too late');
    runMarbles(({ llm, expectObservable }) => {
      expectObservable(llm('m-#')).toBe('m-#');
      expectObservable(llm('m-#')).toBe('m-#', {}, connectionLost);
      expectObservable(llm('m-#', {}, other)).toBe('m-#', {}, other);
    });
    runMarbles(({ llm, expectObservable }) => expectObservable(llm('m-#')).toBe('m-#', {}, other), {
      error: other,
    });
  });

  it('leaves cold and hot as they are in RxJS', () => {
    runMarbles(({ cold, hot, expectObservable }) => {
      expectObservable(cold('a-b|').pipe(toArray())).toBe('---(A|)', { A: ['a', 'b'] });
      expectObservable(hot('a-^b|', { a: 1, b: 2 })).toBe('-B|', { B: 2 });
    });
  });

  it('compares with another Observable', () => {
    const compare =
      (other: string) =>
      ({ llm, expectObservable }: MarbleRun): void =>
        expectObservable(llm('m-p-o|').pipe(dropPings())).toEqual(llm(other));
    runMarbles(compare('m---o|'));
    expect(() => runMarbles(compare('m---t|'))).toThrow('expected  m---t|\nactual    m---o|');
  });

  it('compares the values of inner Observables', () => {
    const inner =
      (marbles: string) =>
      ({ cold, expectObservable }: MarbleRun): void =>
        expectObservable(of(cold('-a|'))).toBe('(I|)', { I: cold(marbles) });
    runMarbles(inner('-a|'));
    expect(() => runMarbles(inner('-b|'))).toThrow('at [0].notification.value:\n  expected "b"');
  });

  it('has virtual time for schedulers and timers, and can be flushed in the middle', () => {
    const result = runMarbles(({ llm, cold, expectObservable, flush, time }) => {
      expect(time('---|')).toBe(3);
      expectObservable(timer(5000)).toBe('5s (0|)', { '0': 0 });
      const seen: string[] = [];
      llm('m- 20s t|')
        .pipe(textDeltas())
        .subscribe((text) => seen.push(text));
      cold('a').subscribe();
      flush();
      expect(asyncScheduler.now()).toBe(20_003);
      return seen;
    });
    expect(result).toEqual(['la']);
  });

  it('animates', () => {
    runMarbles(({ animate, expectObservable }) => {
      animate('--x--x');
      const frames = animationFrames().pipe(
        map(({ elapsed }) => elapsed),
        take(2),
      );
      expectObservable(frames).toBe('--A--(B|)', { A: 2, B: 5 });
    });
  });

  it('plays scripts, as events and as bytes', () => {
    const answer = script().text('Hello').timed({ first: 10, between: 5 });
    runMarbles(({ llm, expectObservable }) => {
      const read = llm.bytes(answer, { codec: anthropic, chunking: 'split' }).pipe(sse(), decode(anthropic));
      const row = '10ms m----o----t----c----s----(z|)';
      const values = Object.fromEntries(answer.events().map((event, nth) => ['motcsz'.charAt(nth), event]));
      expectObservable(llm(answer)).toBe(row, values);
      expectObservable(llm.hot(answer), '14ms ^').toBe('15ms o----t----c----s----(z|)', values);
      expectObservable(read).toBe(row, values);
    });
  });

  it('stops an interval that nobody stops', () => {
    runMarbles(
      ({ expectObservable }) => expectObservable(interval(1000)).toBe('1s A 999ms B', { A: 0, B: 1 }),
      {
        maxTime: 2500,
      },
    );
    expect(
      said(({ expectObservable }) => expectObservable(interval(1)).toBe('---'), { maxTime: 2 }),
    ).toContain('actual    -12');
  });
});

/** What a run says when it fails. */
function said(test: (run: MarbleRun) => unknown, options?: Parameters<typeof runMarbles>[1]): string {
  try {
    runMarbles(test, options);
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return error.message;
    throw error;
  }
  throw new Error('It passed');
}

describe('what runMarbles says', () => {
  it('shows both rows, the first value that differs, and what the letters stand for', () => {
    expect(
      said(({ llm, expectObservable }) => {
        expectObservable(llm('m-p-o-t-c-z|').pipe(dropPings())).toBe('m---o-u-c-z|');
      }),
    ).toBe(`The marbles differ in frame 6, at .delta.text:
  expected " 🎵"
  got      "la"

expected  m---o-u-c-z|
actual    m---o-t-c-z|
                ^

m  {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"model-1","content":[],"sto…
o  {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":null}}
u  {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" 🎵"}}
c  {"type":"content_block_stop","index":0}
z  {"type":"message_stop"}
t  {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"la"}}`);
  });

  it('tells a value that came from one that did not', () => {
    expect(
      said(({ llm, expectObservable }) => expectObservable(llm('p-(pz|)').pipe(dropPings())).toBe('p-(pz|)')),
    ).toBe(`The marbles differ in frame 0:
  expected p in frame 0: {"type":"ping"}
  got      z in frame 2: {"type":"message_stop"}

expected  p-(pz|)
actual    --(z|)
          ^

p  {"type":"ping"}
z  {"type":"message_stop"}`);
  });

  it('numbers the values that have no letter', () => {
    const values = { A: { words: 1 } };
    expect(
      said(
        ({ cold, expectObservable }) => {
          const counts = cold('a 100ms (abb|)', { a: { words: 2 }, b: { words: 3 } });
          expectObservable(counts).toBe('A 100ms (ABB|)', values);
        },
        { values: { B: { words: 3 } } },
      ),
    ).toBe(`The marbles differ in frame 0, at .words:
  expected 1
  got      2

expected  A 100ms (ABB|)
actual    1 100ms (1BB|)
          ^

A  {"words":1}
B  {"words":3}
1  {"words":2}`);
  });

  it('tells a TypeError from a StreamError that says the same', () => {
    const error = new TypeError(connectionLost.message);
    expect(said(({ llm, expectObservable }) => expectObservable(llm('p#')).toBe('p#', {}, error)))
      .toBe(`The marbles differ in frame 1:
  expected TypeError {"name":"TypeError","message":"The connection was lost"}
  got      StreamError {"name":"StreamError","code":"network","message":"The connection was lost","retryable":true}

expected  p#
actual    p#
           ^

p  {"type":"ping"}
#  TypeError {"name":"TypeError","message":"The connection was lost"} (expected)
#  StreamError {"name":"StreamError","code":"network","message":"The connection was lost","retryable":true} (actual)`);
  });

  it('tells two StreamErrors of different code apart', () => {
    const [one, other] = [new StreamError('limit', 'no'), new StreamError('api', 'no')];
    expect(said(({ cold, expectObservable }) => expectObservable(cold('#', {}, one)).toBe('#', {}, other)))
      .toBe(`The marbles differ in frame 0, at .code:
  expected "api"
  got      "limit"

expected  #
actual    #
          ^

#  StreamError {"name":"StreamError","code":"api","message":"no","retryable":false} (expected)
#  StreamError {"name":"StreamError","code":"limit","message":"no","retryable":false} (actual)`);
  });

  it('shows two long texts where they part', () => {
    const [one, other] = [`${'x'.repeat(300)} one`, `${'x'.repeat(300)} other`];
    const message = said(({ expectObservable }) => {
      expectObservable(of({ text: other })).toBe('(A|)', { A: { text: one } });
    });
    expect(message).toContain(`The marbles differ in frame 0, at .text, character 302:
  expected …"${'x'.repeat(28)} one"
  got      …"${'x'.repeat(28)} other"
`);
  });

  it('shows of long rows what is near the first difference', () => {
    const [row] = said(({ cold, expectObservable }) => {
      expectObservable(cold('a'.repeat(100))).toBe(`${'a'.repeat(70)}b${'a'.repeat(29)}`, { a: 'a', b: 'b' });
    })
      .split('\n')
      .filter((line) => line.startsWith('expected'));
    expect(row).toBe(`expected  … ${'a'.repeat(20)}b${'a'.repeat(19)} …`);
  });

  it('draws the subscriptions that were, and those that should have been', () => {
    expect(
      said(({ llm, expectSubscriptions }) => {
        const source = llm('m--z');
        source.pipe(untilTerminal()).subscribe();
        NEVER.subscribe();
        expectSubscriptions(source.subscriptions).toBe(['^-!', '-^']);
      }),
    ).toBe(`The subscriptions differ

expected  -^-- and on
          ^-!
actual    ^--!`);
  });

  it('finds a value that changes after it was emitted', () => {
    const summed = ({ cold, expectObservable }: MarbleRun): void => {
      const sums = cold('a-b', { a: 1, b: 2 }).pipe(
        scan((sum, count) => Object.assign(sum, { total: sum.total + count }), { total: 0 }),
      );
      expectObservable(sums).toBe('B-B', { B: { total: 3 } });
    };
    expect(said(summed)).toBe('Value 0 changed after it was emitted, at .total: was 1, is 3');
    expect(() => runMarbles(summed, { checkMutation: false })).not.toThrow();
  });

  it('finds an operator that writes to what it was given', () => {
    const renamed = map((event: object) => Object.assign(event, { type: 'mine' }));
    expect(said(({ llm, expectObservable }) => expectObservable(llm('p').pipe(renamed)).toBe('p'))).toContain(
      'TypeError {"name":"TypeError","message":"Cannot assign to read only property',
    );
  });

  const nothingFor = (letter: string, row: string): string =>
    `No value for the letter '${letter}' in the row: ${row}\nGive it one, beside the row or in the options of runMarbles.`;

  it.each<[string, (run: MarbleRun) => unknown]>([
    [nothingFor('Q', 'm-Q'), ({ llm }) => llm('m-Q')],
    [nothingFor('Q', 'm-Q'), ({ llm }) => llm.hot('m-Q')],
    [nothingFor('b', 'a-b'), ({ cold }) => cold('a-b', { a: 1 })],
    [nothingFor('Q', 'm-Q'), ({ llm, expectObservable }) => expectObservable(llm('m')).toBe('m-Q')],
    [
      'expectObservable(…) compares nothing without toBe(…)',
      ({ llm, expectObservable }) => expectObservable(llm('m')),
    ],
    [
      'The test function must not be async: virtual time runs only while it does',
      ({ llm, expectObservable }) => {
        expectObservable(llm('m')).toBe('m');
        return Promise.resolve();
      },
    ],
  ])('refuses what would pass unseen: %s', (message, test) => {
    expect(said(test)).toBe(message);
  });

  it('passes on what the test itself throws', () => {
    const error = new RangeError('mine');
    const thrown = (): never => {
      throw error;
    };
    expect(() => runMarbles(thrown)).toThrow(error);
  });

  it('points to the line that says what is expected', () => {
    const failing = ({ llm, expectObservable, expectSubscriptions }: MarbleRun): void => {
      const source = llm('m');
      expectObservable(source).toBe('m');
      expectSubscriptions(source.subscriptions).toBe('^!');
    };
    const error = thrownBy(() => runMarbles(failing));
    expect(error.stack).toMatch(/^Error: The subscriptions differ/);
    // The first place is in this file, not in the kit.
    expect(error.stack?.split('\n').find((line) => line.startsWith('    at'))).toContain(
      'runMarbles.test.ts:',
    );
  });

  it('compares every expectation with its own, in whichever order they are told', () => {
    const message = said(({ llm, expectObservable, expectSubscriptions, flush }) => {
      const source = llm('m|');
      const first = expectObservable(source);
      expectSubscriptions(source.subscriptions).toBe('^!');
      expectObservable(source).toBe('A|', { A: alphabet.m });
      flush();
      first.toBe('B|', { B: alphabet.z });
    });
    expect(message).toContain('The subscriptions differ');
  });
});

describe('assertMarbles', () => {
  const run = (expected: string, subscriptions: string) => () => {
    new TestScheduler(assertMarbles).run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<StreamEvent>('m-p-|', alphabet);
      expectObservable(source.pipe(dropPings())).toBe(expected, alphabet);
      expectSubscriptions(source.subscriptions).toBe(subscriptions);
    });
  };

  it('compares for a TestScheduler of one’s own, in the same words', () => {
    expect(run('m---|', '^---!')).not.toThrow();
    expect(run('m-p-|', '^---!')).toThrow('expected  m-p-|\nactual    m---|\n            ^');
    expect(run('m---|', '^--!')).toThrow('The subscriptions differ\n\nexpected  ^--!\nactual    ^---!');
  });
});

function thrownBy(attempt: () => unknown): Error {
  try {
    attempt();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It passed');
}
