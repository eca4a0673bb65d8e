import { retry } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import type { UsageTotals } from '../src/fold/usage/usageTotals.js';
import { sumUsage } from '../src/operators/sumUsage.js';
import { alphabet, anotherBegan, endedEarly, overloaded } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, n, s, v, y, z } = alphabet;

function totals(input_tokens: number, output_tokens: number, told: Partial<UsageTotals> = {}): UsageTotals {
  return {
    input_tokens,
    output_tokens,
    cache_creation: null,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    output_tokens_details: null,
    server_tool_use: null,
    ...told,
  };
}

export default sheet({
  operator: 'sumUsage',
  operators: { 'sumUsage()': () => sumUsage(), 'retry(1)': () => retry(1) },
  values: {
    0: totals(0, 0),
    1: totals(12, 1),
    2: totals(12, 9),
    3: totals(12 + 34, 9 + 1),
    4: totals(12 + 34, 9 + 5),
    7: totals(12, 7),
  },
  flows: ['events', 'tokens'],
  labels: { 1: '12 in, 1 out', 2: '12 in, 9 out', 3: '46 in, 10 out', 4: '46 in, 14 out' },
  picture: `
    -m-y-z-n-s-z-|
    > sumUsage()
    -1-2---3-4---|
    ^------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > sumUsage()
      ---|
      ^--!
    `,
    'a single start is the first total': {
      drawing: `
        ---m---|
        > sumUsage()
        ---1---#
        ^------!
      `,
      errors: { output: endedEarly },
    },
    'within a message each number replaces the one before': `
      -m-v-y-p-y-z-|
      > sumUsage()
      -1-7-2-------|
    `,
    'the end of a message changes no total, and a start of zero does not': {
      drawing: `
        -m-y-z-M-z-|
        > sumUsage()
        -1-2-------|
      `,
      values: { M: events.messageStart({ id: 'msg_3' }) },
    },
    'objects are summed field by field, and what is told once is kept': {
      drawing: `
        -M-s-z-N-O-z-|
        > sumUsage()
        -A-B---C-D---|
      `,
      values: {
        M: events.messageStart({
          id: 'msg_1',
          usage: {
            input_tokens: 12,
            output_tokens: 1,
            cache_creation_input_tokens: 100,
            cache_creation: { ephemeral_1h_input_tokens: 60, ephemeral_5m_input_tokens: 40 },
            output_tokens_details: { thinking_tokens: 2 },
            service_tier: 'priority',
            inference_geo: 'us',
          },
        }),
        N: events.messageStart({
          id: 'msg_2',
          usage: {
            input_tokens: 34,
            output_tokens: 1,
            cache_creation_input_tokens: 0,
            cache_creation: { ephemeral_1h_input_tokens: 1, ephemeral_5m_input_tokens: 2 },
          },
        }),
        O: events.messageDelta('end_turn', {
          output_tokens: 8,
          cache_read_input_tokens: 100,
          output_tokens_details: { thinking_tokens: 3 },
          server_tool_use: { web_fetch_requests: 0, web_search_requests: 1 },
        }),
        A: totals(12, 1, {
          cache_creation_input_tokens: 100,
          cache_creation: { ephemeral_1h_input_tokens: 60, ephemeral_5m_input_tokens: 40 },
          output_tokens_details: { thinking_tokens: 2 },
        }),
        B: totals(12, 5, {
          cache_creation_input_tokens: 100,
          cache_creation: { ephemeral_1h_input_tokens: 60, ephemeral_5m_input_tokens: 40 },
          output_tokens_details: { thinking_tokens: 2 },
        }),
        C: totals(46, 6, {
          cache_creation_input_tokens: 100,
          cache_creation: { ephemeral_1h_input_tokens: 61, ephemeral_5m_input_tokens: 42 },
          output_tokens_details: { thinking_tokens: 2 },
        }),
        D: totals(46, 13, {
          cache_creation_input_tokens: 100,
          cache_read_input_tokens: 100,
          cache_creation: { ephemeral_1h_input_tokens: 61, ephemeral_5m_input_tokens: 42 },
          output_tokens_details: { thinking_tokens: 5 },
          server_tool_use: { web_fetch_requests: 0, web_search_requests: 1 },
        }),
      },
    },
    'a message that tells no usage adds nothing': {
      drawing: `
        -M-O-z-m-y-z-|
        > sumUsage()
        -0-----1-2---|
      `,
      values: {
        M: { type: 'message_start', message: { id: 'msg_3', content: [] } },
        O: { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      },
    },
    'a message that is begun again is counted once': `
      -m-v-m-y-z-|
      > sumUsage()
      -1-7---2---|
    `,
    'what a failed attempt has used stays counted': {
      drawing: `
        -m-v-r-m-y-z-|
        > sumUsage()
        -1-7---A-B---|
      `,
      values: { A: totals(24, 8), B: totals(24, 16) },
    },
    'so does that of an attempt between messages, and a message that is whole counts once': {
      drawing: `
        -m-y-z-r-n-r-n-s-z-|
        > sumUsage()
        -1-2-----3---A-B---|
      `,
      values: { A: totals(12 + 34 + 34, 9 + 1 + 1), B: totals(12 + 34 + 34, 9 + 1 + 5) },
    },
    'what follows the end of a message is passed over': `
      -m-y-z-s-e-p-|
      > sumUsage()
      -1-2---------|
    `,
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-o-t-n-s-z-|
        > sumUsage()
        -1-----#
        ^------!
      `,
      errors: { output: anotherBegan },
    },
    'an error event is an error': {
      drawing: `
        -m-y-e-|
        > sumUsage()
        -1-2-#
        ^----!
      `,
      errors: { output: overloaded },
    },
    'a source that ends too early is an error': {
      drawing: `
        -m-y-z-n-|
        > sumUsage()
        -1-2---3-#
        ^--------!
      `,
      errors: { output: endedEarly },
    },
    'an error of the source passes': `
      -m-y-#
      > sumUsage()
      -1-2-#
      ^----!
    `,
    'a source that is tried again begins at nothing': `
      -m-y-#
      > sumUsage()
      -1-2-#
      > retry(1)
      -1-2--1-2-#
      ^----!
      -----^----!
    `,
  },
  checks: {
    'totals that come while another is delivered stay in order': () => {
      const later: StreamEvent[] = [y, z, n, s, z];
      expect(valuesUnderReentrancy(sumUsage(), [m, v], later)).toEqual([
        totals(12, 1),
        totals(12, 9),
        totals(46, 10),
        totals(46, 14),
      ]);
    },
  },
});
