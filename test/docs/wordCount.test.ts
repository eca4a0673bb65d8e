import { events } from '../../src/index.js';
import { runMarbles } from '../../src/testing.js';
import { wordCount } from './wordCount.js';

const options = {
  events: {
    A: events.textDelta(0, 'One tw'),
    B: events.textDelta(0, 'o th'),
    C: events.textDelta(0, 'ree'),
    L: { ...events.textDelta(0, 'a sub-agent'), lane: 'toolu_1' },
  },
  values: { 2: 2, 3: 3, 4: 4 },
};

it('counts a word once, however it is cut, and nothing that a sub-agent says', () => {
  runMarbles(({ llm, expectObservable }) => {
    const source = llm('                          m-o-A-L-B-C-c-s-z-|');
    expectObservable(source.pipe(wordCount())).toBe('----2---3---------|');
  }, options);
});

it('begins anew where the answer does, and keeps what was said before it', () => {
  runMarbles(({ llm, expectObservable }) => {
    const source = llm('                          m-o-A-c-s-z-n-o-B-r-n-o-A-|');
    expectObservable(source.pipe(wordCount())).toBe('----2-----------4-2-----4-|');
  }, options);
});
