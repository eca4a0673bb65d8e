import { retry } from 'rxjs';
import * as events from '../src/events/make.js';
import type { StreamMetrics } from '../src/fold/usage/streamMetrics.js';
import { accumulateMetrics } from '../src/operators/accumulateMetrics.js';
import { anotherBegan, endedEarly, overloaded } from './alphabet.js';
import { sheet } from './kit/sheet.js';

/** What is known at one moment, where nothing else is. */
function metrics(known: Partial<StreamMetrics>): StreamMetrics {
  return {
    firstEventMs: 3,
    firstOutputMs: undefined,
    outputMs: 0,
    longestGapMs: 0,
    events: 1,
    outputTokens: 1,
    tokensPerSecond: undefined,
    rounds: 1,
    ...known,
  };
}

const heard = { firstOutputMs: 9, outputMs: 3, longestGapMs: 3 };

export default sheet({
  operator: 'accumulateMetrics',
  operators: { 'accumulateMetrics()': () => accumulateMetrics(), 'retry(1)': () => retry(1) },
  usual: (scheduler) => accumulateMetrics(scheduler),
  values: {
    1: metrics({}),
    2: metrics({ events: 2 }),
    3: metrics({ events: 3, firstOutputMs: 9 }),
    4: metrics({ events: 4, ...heard, tokensPerSecond: 1_000 / 3 }),
    5: metrics({ events: 5, ...heard, tokensPerSecond: 1_000 / 3 }),
    6: metrics({ events: 6, ...heard, outputTokens: 5, tokensPerSecond: 5_000 / 3 }),
    7: metrics({ events: 7, ...heard, outputTokens: 5, tokensPerSecond: 5_000 / 3 }),
  },
  flows: ['events', 'metrics'],
  labels: {
    1: 'events 1',
    2: 'events 2',
    3: 'first 9 ms',
    4: 'gap 3 ms',
    5: 'events 5',
    6: '5 tokens',
    7: 'events 7',
  },
  picture: `
    ---m--o--t--u-c-s-z|
    > accumulateMetrics()
    ---1--2--3--4-5-6-7|
    ^------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateMetrics()
      ---|
      ^--!
    `,
    'a ping is an event, not content': {
      drawing: `
        -p-m--b-z|
        > accumulateMetrics()
        -A-B--C-D|
      `,
      values: {
        A: metrics({ firstEventMs: 1, outputTokens: 0, rounds: 0 }),
        B: metrics({ firstEventMs: 1, events: 2 }),
        C: metrics({ firstEventMs: 1, events: 3, firstOutputMs: 6 }),
        D: metrics({ firstEventMs: 1, events: 4, firstOutputMs: 6 }),
      },
    },
    'a stall behind pings is one wait': {
      drawing: `
        ---m--o--t-p-p-u-z|
        > accumulateMetrics()
        ---1--2--3-A-B-C-D|
      `,
      values: {
        A: metrics({ events: 4, firstOutputMs: 9 }),
        B: metrics({ events: 5, firstOutputMs: 9 }),
        C: metrics({ events: 6, firstOutputMs: 9, outputMs: 6, longestGapMs: 6, tokensPerSecond: 1_000 / 6 }),
        D: metrics({ events: 7, firstOutputMs: 9, outputMs: 6, longestGapMs: 6, tokensPerSecond: 1_000 / 6 }),
      },
    },
    'the time between two messages is no wait, and of each the time adds up': {
      drawing: `
        ---m--o--t--z-l-n-b-i-z|
        > accumulateMetrics()
        ---1--2--3--A-B-C-D-E-F|
      `,
      values: {
        A: metrics({ events: 4, firstOutputMs: 9 }),
        B: metrics({ events: 5, firstOutputMs: 9 }),
        C: metrics({ events: 6, firstOutputMs: 9, outputTokens: 2, rounds: 2 }),
        D: metrics({ events: 7, firstOutputMs: 9, outputTokens: 2, rounds: 2 }),
        E: metrics({
          events: 8,
          firstOutputMs: 9,
          outputMs: 2,
          longestGapMs: 2,
          outputTokens: 2,
          tokensPerSecond: 1_000,
          rounds: 2,
        }),
        F: metrics({
          events: 9,
          firstOutputMs: 9,
          outputMs: 2,
          longestGapMs: 2,
          outputTokens: 2,
          tokensPerSecond: 1_000,
          rounds: 2,
        }),
      },
    },
    'an attempt that is dropped is no round': {
      drawing: `
        ---m--o--t-r-m-z|
        > accumulateMetrics()
        ---1--2--3-A-B-C|
      `,
      values: {
        A: metrics({ events: 4, firstOutputMs: 9, rounds: 0 }),
        B: metrics({ events: 5, firstOutputMs: 9, outputTokens: 2 }),
        C: metrics({ events: 6, firstOutputMs: 9, outputTokens: 2 }),
      },
    },
    'a start that repeats the message begins none': {
      drawing: `
        ---m--m--z|
        > accumulateMetrics()
        ---1--2--A|
      `,
      values: { A: metrics({ events: 3 }) },
    },
    'a message that holds its text from its start has said it': {
      drawing: `
        ---M--D--z|
        > accumulateMetrics()
        ---A--B--C|
      `,
      values: {
        M: events.messageStart({ id: 'msg_1', content: [{ type: 'text', text: 'la', citations: null }] }),
        D: events.textStart(1, 'Oh'),
        A: metrics({ firstOutputMs: 3, outputTokens: 0 }),
        B: metrics({ events: 2, firstOutputMs: 3, outputMs: 3, longestGapMs: 3, outputTokens: 0 }),
        C: metrics({ events: 3, firstOutputMs: 3, outputMs: 3, longestGapMs: 3, outputTokens: 0 }),
      },
    },
    'what a sub-agent says is not measured': {
      drawing: `
        -L-m--o-z|
        > accumulateMetrics()
        ---1--2-A|
      `,
      values: { L: { ...events.textDelta(0, 'la'), lane: 'toolu_9' }, A: metrics({ events: 3 }) },
    },
    'an error event is counted, and raised': {
      drawing: `
        ---m--e-
        > accumulateMetrics()
        ---1--(2#)
        ^-----!
      `,
      errors: { output: overloaded },
    },
    'another message inside an unfinished one is an error': {
      drawing: `
        ---m--n-
        > accumulateMetrics()
        ---1--(A#)
        ^-----!
      `,
      values: { A: metrics({ events: 2 }) },
      errors: { output: anotherBegan },
    },
    'a source that ends too early is an error': {
      drawing: `
        ---m--o-|
        > accumulateMetrics()
        ---1--2-#
      `,
      errors: { output: endedEarly },
    },
    'an error of the source passes': `
      ---m--o-#
      > accumulateMetrics()
      ---1--2-#
      ^-------!
    `,
    'each subscription has a clock of its own': `
      ---m-#
      > accumulateMetrics()
      ---1-#
      > retry(1)
      ---1----1-#
      ^----!
      -----^----!
    `,
  },
});
