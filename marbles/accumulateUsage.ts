import { retry } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { accumulateUsage } from '../src/operators/accumulateUsage.js';
import { alphabet, anotherBegan, endedEarly, overloaded } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { i, j, m, n, t, v, y, z } = alphabet;

const WORDS = t.delta.text.length;

const begun = m.message.usage;
const ended = { ...begun, output_tokens: 5 };
/** What is known of a message that broke off after so many characters. */
const guessed = (output_characters: number): object => ({ ...begun, estimated: true, output_characters });

/** As gateways send them: without what they have no number for. */
function bare(event: object): StreamEvent {
  return event as StreamEvent;
}

export default sheet({
  operator: 'accumulateUsage',
  operators: { 'accumulateUsage()': () => accumulateUsage(), 'retry(1)': () => retry(1) },
  values: {
    1: begun,
    2: ended,
    3: { ...begun, output_tokens: 7 },
    4: { ...begun, output_tokens: 9 },
    5: n.message.usage,
    6: { ...n.message.usage, output_tokens: 5 },
  },
  flows: ['events', 'tokens'],
  labels: { 1: '12 in, 1 out', 2: '12 in, 5 out' },
  picture: `
    -m-o-t-u-c-s-z-|
    > accumulateUsage()
    -1---------2---|
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateUsage()
      ---|
      ^--!
    `,
    'a single start tells what the input took': {
      drawing: `
        ---m---|
        > accumulateUsage()
        ---1---(A#)
        ^------!
      `,
      values: { A: guessed(0) },
      errors: { output: endedEarly },
    },
    'each number replaces the one before, and is never added to it': `
      -m-v-y-s-z-|
      > accumulateUsage()
      -1-3-4-2---|
    `,
    'numbers that are told again are no change': `
      -m-s-p-s-z-|
      > accumulateUsage()
      -1-2-------|
    `,
    'what is null or absent leaves what was known': {
      drawing: `
        -M-N-O-z-|
        > accumulateUsage()
        -A-B-C---|
      `,
      values: {
        M: events.messageStart({
          id: 'msg_1',
          usage: {
            input_tokens: 12,
            output_tokens: 1,
            cache_read_input_tokens: 300,
            service_tier: 'standard',
          },
        }),
        N: bare({ type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 5 } }),
        O: events.messageDelta('end_turn', {
          output_tokens: 5,
          input_tokens: 14,
          server_tool_use: { web_fetch_requests: 0, web_search_requests: 2 },
        }),
        A: { ...begun, cache_read_input_tokens: 300, service_tier: 'standard' },
        B: { ...ended, cache_read_input_tokens: 300, service_tier: 'standard' },
        C: {
          ...ended,
          input_tokens: 14,
          cache_read_input_tokens: 300,
          service_tier: 'standard',
          server_tool_use: { web_fetch_requests: 0, web_search_requests: 2 },
        },
      },
    },
    'a zero is a number, and replaces': {
      drawing: `
        -m-O-z-|
        > accumulateUsage()
        -1-A---|
      `,
      values: {
        O: events.messageDelta('end_turn', { output_tokens: 0, input_tokens: 0 }),
        A: { ...begun, input_tokens: 0, output_tokens: 0 },
      },
    },
    'a start without usage waits for what is told later': {
      drawing: `
        -M-O-z-|
        > accumulateUsage()
        ---A---|
      `,
      values: {
        M: bare({ type: 'message_start', message: { id: 'msg_1', content: [] } }),
        O: bare({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
        A: { output_tokens: 5 },
      },
    },
    'an end without usage is no change': {
      drawing: `
        -m-O-z-|
        > accumulateUsage()
        -1-----|
      `,
      values: { O: bare({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }) },
    },
    'an end without a start tells nothing': `
      -s-z-|
      > accumulateUsage()
      -----|
    `,
    'each of several messages has its own numbers': `
      -m-s-z-n-s-z-|
      > accumulateUsage()
      -1-2---5-6---|
    `,
    'another message is told even where its numbers are the same': {
      drawing: `
        -m-z-M-z-|
        > accumulateUsage()
        -1---1---|
      `,
      values: {
        M: events.messageStart({ id: 'msg_3', usage: { input_tokens: 12, output_tokens: 1 } }),
      },
    },
    'a message that is begun again goes on': `
      -m-v-m-s-z-|
      > accumulateUsage()
      -1-3---2---|
    `,
    'a repeated attempt begins again': `
      -m-v-r-m-s-z-|
      > accumulateUsage()
      -1-3---1-2---|
    `,
    'what follows the end of a message is passed over': `
      -m-s-z-y-e-p-|
      > accumulateUsage()
      -1-2---------|
    `,
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-o-t-n-s-z-|
        > accumulateUsage()
        -1-----(A#)
        ^------!
      `,
      values: { A: guessed(WORDS) },
      errors: { output: anotherBegan },
    },
    'an error event is an error': {
      drawing: `
        -m-o-t-e-|
        > accumulateUsage()
        -1-----(A#)
        ^------!
      `,
      values: { A: guessed(WORDS) },
      errors: { output: overloaded },
    },
    'a source that ends too early is an error': {
      drawing: `
        -m-o-c-s-|
        > accumulateUsage()
        -1-----2-#
        ^--------!
      `,
      errors: { output: endedEarly },
    },
    'an error of the source passes, behind what the message cost as far as it is known': {
      drawing: `
        -m-o-t-#
        > accumulateUsage()
        -1-----(A#)
        ^------!
      `,
      values: { A: guessed(WORDS) },
    },
    'a message that was stopped has the numbers of its start, and how much came': {
      drawing: `
        -m-o-t-b-i-j-(aZz|)
        > accumulateUsage()
        -1-----------(A|)
        ^------------!
      `,
      values: {
        Z: events.messageDelta('cancelled', { output_tokens: 1 }),
        A: guessed(WORDS + `${i.delta.partial_json}${j.delta.partial_json}`.length),
      },
    },
    'a stopped message whose output was told is not guessed at': {
      drawing: `
        -m-v-o-(Zz|)
        > accumulateUsage()
        -1-3---|
        ^------!
      `,
      values: { Z: events.messageDelta('cancelled', { output_tokens: 7 }) },
    },
    'an attempt that is dropped has cost what came of it': {
      drawing: `
        -m-o-t-r-m-s-z-|
        > accumulateUsage()
        -1-----A-1-2---|
      `,
      values: { A: guessed(WORDS) },
    },
    'what a sub-agent says is not counted': {
      drawing: `
        -m-o-T-t-#
        > accumulateUsage()
        -1-------(A#)
        ^--------!
      `,
      values: { T: { ...t, lane: 'sub' }, A: guessed(WORDS) },
    },
    'a source that is tried again begins its numbers again': `
      -m-v-#
      > accumulateUsage()
      -1-3-#
      > retry(1)
      -1-3--1-3-#
      ^----!
      -----^----!
    `,
  },
  checks: {
    'usages that come while another is delivered stay in order': () => {
      expect(valuesUnderReentrancy(accumulateUsage(), [m, z], [v, y])).toEqual([
        begun,
        { ...begun, output_tokens: 7 },
        { ...begun, output_tokens: 9 },
      ]);
    },
  },
});
