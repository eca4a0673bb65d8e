import { finalize, of, retry, Subject } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import { untilTerminal } from '../src/operators/untilTerminal.js';
import { alphabet, endedEarly, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, z, x } = alphabet;

export default sheet({
  operator: 'untilTerminal',
  operators: {
    'untilTerminal()': () => untilTerminal(),
    "untilTerminal({ errorEvent: 'emit' })": () => untilTerminal({ errorEvent: 'emit' }),
    "untilTerminal({ truncation: 'complete' })": () => untilTerminal({ truncation: 'complete' }),
    'retry(1)': () => retry(1),
  },
  flows: ['events', 'events'],
  picture: `
    -m-o-t-c-z-x-x-|
    > untilTerminal()
    -m-o-t-c-(z|)
    ^--------!
  `,
  cases: {
    'an empty source is an error': {
      drawing: `
        ---|
        > untilTerminal()
        ---#
        ^--!
      `,
      errors: { output: endedEarly },
    },
    'an empty message is a whole one': `
      -m-z---
      > untilTerminal()
      -m-(z|)
      ^--!
    `,
    'the end alone is not an answer': {
      drawing: `
        ---z---
        > untilTerminal()
        ---#
        ^--!
      `,
      errors: { output: endedEarly },
    },
    'the end alone is an end where too early an end is one': `
      ---z---
      > untilTerminal({ truncation: 'complete' })
      ---(z|)
      ^--!
    `,
    'a connection that the server keeps open is not waited for': `
      -m-o-t-c-s-z- 30s x|
      > untilTerminal()
      -m-o-t-c-s-(z|)
      ^----------!
    `,
    'what comes in the same moment after the end is not seen': `
      -m-(ozxx|)
      > untilTerminal()
      -m-(oz|)
      ^--!
    `,
    'an error event is terminal too, and an error': {
      drawing: `
        -m-o-t-e-x-|
        > untilTerminal()
        -m-o-t-#
        ^------!
      `,
      errors: { output: overloaded },
    },
    'an error event is emitted where it is asked for': `
      -m-o-t-e-x-|
      > untilTerminal({ errorEvent: 'emit' })
      -m-o-t-(e|)
      ^------!
    `,
    'a source that ends too early is an error': {
      drawing: `
        -m-o-t-c-|
        > untilTerminal()
        -m-o-t-c-#
        ^--------!
      `,
      errors: { output: endedEarly },
    },
    'a source that ends too early completes where that is asked for': `
      -m-o-t-c-|
      > untilTerminal({ truncation: 'complete' })
      -m-o-t-c-|
      ^--------!
    `,
    'the stop reason is not yet the end': {
      drawing: `
        -m-s-|
        > untilTerminal()
        -m-s-#
      `,
      errors: { output: endedEarly },
    },
    'pings, unknown events and resets are not the end': `
      -m-p-x-r-m-l-a-z-|
      > untilTerminal()
      -m-p-x-r-m-l-a-(z|)
    `,
    'an error of the source passes': `
      -m-o-#
      > untilTerminal()
      -m-o-#
      ^----!
    `,
    'an error after the end is not seen': `
      -m-z-#
      > untilTerminal()
      -m-(z|)
      ^--!
    `,
    'a source that is tried again is read from its start': `
      -m-o-#
      > untilTerminal()
      -m-o-#
      > retry(1)
      -m-o--m-o-#
      ^----!
      -----^----!
    `,
    'a hot source is left at its end': `
      hot -x-^-m-z-x-|
      > untilTerminal()
      --m-(z|)
      ^---!
    `,
    'a hot source that was joined late gives no whole answer': {
      drawing: `
        hot -m-^-o-z-x-|
        > untilTerminal()
        --o-#
        ^---!
      `,
      errors: { output: endedEarly },
    },
  },
  checks: {
    'what is sent while the end is delivered is not seen, whatever it is': () => {
      for (const later of [[x], [m], [m, o, t, z]])
        for (const ends of [z, alphabet.e]) {
          const source = new Subject<StreamEvent>();
          const heard: StreamEvent[] = [];
          let how = '';
          source.pipe(untilTerminal({ errorEvent: 'emit' })).subscribe({
            next: (event) => {
              heard.push(event);
              if (event === ends) for (const event of later) source.next(event);
            },
            complete: () => (how = 'complete'),
            error: () => (how = 'error'),
          });
          for (const event of [m, ends, x]) source.next(event);
          expect([...heard, how]).toEqual([m, ends, 'complete']);
        }
    },
    'a synchronous source is drawn up to the terminal': () => {
      expect(eventsDrawn(untilTerminal(), [m, o, t, c, z, x], Infinity)).toBe(5);
    },
    'the source is let go before the subscriber hears of the completion': () => {
      const heard: string[] = [];
      of(m, z, x)
        .pipe(
          finalize(() => heard.push('source let go')),
          untilTerminal(),
        )
        .subscribe({ next: ({ type }) => heard.push(type), complete: () => heard.push('complete') });
      expect(heard).toEqual(['message_start', 'message_stop', 'source let go', 'complete']);
    },
    'events that come while another is delivered stay in order, and end with the terminal': () => {
      expect(valuesUnderReentrancy(untilTerminal(), [m, x], [o, t, c, z, x])).toEqual([m, o, t, c, z]);
    },
  },
});
