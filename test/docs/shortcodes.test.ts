import { events } from '../../src/index.js';
import { runMarbles } from '../../src/testing.js';
import { shortcodes } from './shortcodes.js';

it('holds a colon back until it is known what it begins', () => {
  runMarbles(
    ({ llm, expectObservable }) => {
      const source = llm('                           m-o-A-B-C-s-z-|');
      expectObservable(source.pipe(shortcodes())).toBe('m-o-D---E-s-z-|');
    },
    {
      events: {
        A: events.textDelta(0, 'Done :ta'),
        B: events.textDelta(0, 'da'),
        C: events.textDelta(0, ':!'),
        D: events.textDelta(0, 'Done '),
        E: events.textDelta(0, '🎉!'),
      },
    },
  );
});

it('shows what it holds before the block ends, and before a failure', () => {
  runMarbles(
    ({ llm, expectObservable }) => {
      expectObservable(llm('m-o-A-c----|').pipe(shortcodes())).toBe('m-o---(Bc)-|');
      expectObservable(llm('m-o-A-#').pipe(shortcodes())).toBe('     m-o---(B#)');
    },
    { events: { A: events.textDelta(0, ':ta'), B: events.textDelta(0, ':ta') } },
  );
});
