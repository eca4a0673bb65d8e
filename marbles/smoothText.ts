import { of, retry, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { AnyContentBlock } from '../src/events/block.js';
import { smoothText } from '../src/operators/smoothText.js';
import { eventsDrawn } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const said = (text: string) => ({ type: 'text', text, citations: null }) as const;
const thought = { type: 'thinking', thinking: 'hm', signature: '' } as const;
const message = (...content: AnyContentBlock[]) => ({ id: 'msg_1', content });
const state = (status: string, ...messages: ReturnType<typeof message>[]) => ({
  status,
  message: messages.at(-1),
  messages,
});

export default sheet({
  operator: 'smoothText',
  operators: {
    "smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })": () =>
      smoothText({ by: 'grapheme', interval: 2, maxLag: 9 }),
    "smoothText({ by: 'word', interval: 2, maxLag: 9 })": () =>
      smoothText({ by: 'word', interval: 2, maxLag: 9 }),
    "smoothText({ by: 'line', interval: 2, maxLag: 9 })": () =>
      smoothText({ by: 'line', interval: 2, maxLag: 9 }),
    "smoothText({ by: 'line' })": () => smoothText({ by: 'line' }),
    "smoothText({ by: 'grapheme' })": () => smoothText({ by: 'grapheme' }),
    'retry(1)': () => retry(1),
  },
  values: {
    A: 'The quick brown fox ',
    B: 'jumps over.',
    1: 'The ',
    2: 'quick ',
    3: 'brown ',
    4: 'fox ',
    5: 'jumps ',
    6: 'over.',
    R: 'quick brown fox ',
    K: 'a',
    L: 'b',
    M: 'c',
    N: 'd',
    O: 'e',
  },
  usual: (scheduler) => smoothText({ by: 'word' }, scheduler),
  flows: ['text', 'text'],
  picture: `
    -A------B-------|
    > smoothText({ by: 'word', interval: 2, maxLag: 9 })
    -1-2-3---4-5----(6|)
    ^---------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > smoothText({ by: 'word', interval: 2, maxLag: 9 })
      ---|
      ^--!
    `,
    'empty pieces give nothing': {
      drawing: `
        -E-E-|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -----|
      `,
      values: { E: '' },
    },
    'a single character waits to see whether another begins, but no longer than it may': `
      -K-------------|
      > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
      ---------K-----|
    `,
    'a burst is given out in the time it has': {
      drawing: `
        -E------------------|
        > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
        -K-L-M-N-O----------|
      `,
      values: { E: 'abcde' },
    },
    'more text comes faster, several characters at a time': {
      drawing: `
        -E----------|
        > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
        -X-Y-Z-X-Y--|
      `,
      values: { E: 'abcdefabcd', X: 'ab', Y: 'cd', Z: 'ef' },
    },
    'bursts come as a steady flow, once the text is as far behind as it may be': {
      drawing: `
        -E---E---E---E---E---E---E---|
        > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
        -K---L---K-L-K---L-K-L-K-L-K-(X|)
      `,
      values: { E: 'ab', X: 'bab' },
    },
    'a character that two pieces make up comes in one': {
      drawing: `
        -E-F-G--------|
        > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
        ---X---Y-----Z|
      `,
      values: { E: 'e', F: '\u0301👩', G: '\u200d👧b', X: 'e\u0301', Y: '👩\u200d👧', Z: 'b' },
    },
    'half a surrogate pair and half a flag wait, however long; the whole character before them does not': {
      drawing: `
        -E-------- 22ms F-----------|
        > smoothText({ by: 'grapheme', interval: 2, maxLag: 9 })
        -X-------Z 22ms Y-------Z---|
      `,
      values: { E: 'ab\ud83c', F: '\uddef🇵b', X: 'a', Y: '🇯🇵', Z: 'b' },
    },
    'a word is shown when another begins, with the space between them': {
      drawing: `
        -E-F-G--|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -----X--(Y|)
      `,
      values: { E: 'Tok', F: 'yo', G: '  is', X: 'Tokyo  ', Y: 'is' },
    },
    'where no spaces part words, they are words all the same': {
      drawing: `
        -E-----------|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -X-------Y---|
      `,
      values: { E: '你好世界', X: '你好', Y: '世界' },
    },
    'a line comes with its end, and what has none within the time it has comes without': {
      drawing: `
        -E-F------------|
        > smoothText({ by: 'line', interval: 2, maxLag: 9 })
        -X---Y-----Z----|
      `,
      values: { E: 'one\ntwo', F: '\nthree', X: 'one\n', Y: 'two\n', Z: 'three' },
    },
    'what waits comes with the completion': `
      -A-|
      > smoothText({ by: 'word', interval: 2, maxLag: 9 })
      -1-(R|)
      ^--!
    `,
    'what waits comes before an error': `
      -A-#
      > smoothText({ by: 'word', interval: 2, maxLag: 9 })
      -1-(R#)
      ^--!
    `,
    'a source that is tried again begins its text again': `
      -A-#
      > smoothText({ by: 'word', interval: 2, maxLag: 9 })
      -1-(R#)
      > retry(1)
      -1-R1-(R#)
    `,
    'a message grows by words; what is no text comes at once': {
      drawing: `
        -E----F---------|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -E----1-2-3---4-|
      `,
      values: {
        E: message(thought),
        F: message(thought, said('The quick brown fox')),
        1: message(thought, said('The ')),
        2: message(thought, said('The quick ')),
        3: message(thought, said('The quick brown ')),
        4: message(thought, said('The quick brown fox')),
      },
    },
    'what stands behind a text that waits, waits with it': {
      drawing: `
        -E-F------------|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -1-2-3---G------|
      `,
      values: {
        E: message(said('The quick brown fox ')),
        F: message(said('The quick brown fox '), thought),
        1: message(said('The ')),
        2: message(said('The quick ')),
        3: message(said('The quick brown ')),
        G: message(said('The quick brown fox '), thought),
      },
    },
    'the status of a state is not held back, and the last one comes whole with the completion': {
      drawing: `
        -E-F-|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -1-2-(F|)
      `,
      values: {
        E: state('streaming', message(said('The quick '))),
        F: state('done', message(said('The quick brown fox'))),
        1: state('streaming', message(said('The '))),
        2: state('done', message(said('The quick '))),
      },
    },
    'a turn that is written anew, as after a reset, shows nothing of the attempt before': {
      drawing: `
        -E-F------------|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -1-2-3-----F----|
      `,
      values: {
        E: state('streaming', message(said('The quick brown fox '))),
        F: state('streaming', message(said('A lazy dog'))),
        1: state('streaming', message(said('The '))),
        2: state('streaming', message(said('A '))),
        3: state('streaming', message(said('A lazy '))),
      },
    },
    'another message comes when the one before it has come whole': {
      drawing: `
        -E-F----|
        > smoothText({ by: 'word', interval: 2, maxLag: 9 })
        -1-(E2)-(F|)
      `,
      values: {
        E: message(said('The quick brown fox ')),
        F: { ...message(said('A lazy')), id: 'msg_2' },
        1: message(said('The ')),
        2: { ...message(said('A ')), id: 'msg_2' },
      },
    },
    'a line has two seconds where nothing else is said': {
      drawing: `
        -E 3s |
        > smoothText({ by: 'line' })
        - 2s E 1s |
      `,
      values: { E: 'no end' },
    },
    'a character has 200 ms where nothing else is said': `
      -K 1s |
      > smoothText({ by: 'grapheme' })
      - 192ms K 808ms |
    `,
  },
  checks: {
    'what is shown whole of a message or a state is the same object': () => {
      const given = state('done', message(said('so it is')));
      const shown: unknown[] = [];
      of(given)
        .pipe(smoothText({ by: 'word' }))
        .subscribe((value) => shown.push(value));
      expect(shown.at(-1)).toBe(given);
    },
    'a synchronous source is drawn to its end, and comes as one piece': () => {
      expect(eventsDrawn(smoothText({ by: 'word' }), ['so '], 1)).toBe(100_000);
    },
    'text that comes while another is delivered waits for its turn': () => {
      new TestScheduler(() => undefined).run(({ flush }) => {
        const source = new Subject<string>();
        const shown: string[] = [];
        source.pipe(smoothText({ by: 'grapheme' })).subscribe((text) => {
          shown.push(text);
          if (text === 'a') source.next('b');
          if (text === 'b') source.next('c');
        });
        source.next('a');
        expect(shown).toEqual([]);
        flush();
        expect(shown).toEqual(['a', 'b', 'c']);
      });
    },
  },
});
