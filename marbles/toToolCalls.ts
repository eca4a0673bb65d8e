import { retry } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { toToolCalls } from '../src/operators/toToolCalls.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { cutOff, noJson, weather, weatherCall } from './contents.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, b, i, j, d, y, z } = alphabet;

const city = zod.string('There is no city');
const tools = { get_weather: zod.object({ city, unit: zod.string().default('°C') }) };
const strict = { get_weather: zod.object({ city, days: zod.number('There are no days') }) };
const others = {
  get_time: zod.object({ zone: zod.string() }),
  web_search: zod.object({ query: zod.string() }),
};
const slow = { get_weather: zod.object({ city: city.refine(() => Promise.resolve(true)) }) };

const begun = '{"city":"To';
const whole = '{"city":"Tokyo"}';
const weatherOf = (input: unknown): object => ({ ...weatherCall, status: 'complete', input });
const invalid = (json: string, error: StreamError): object => ({
  ...weatherCall,
  status: 'invalid',
  json,
  error,
});
const doubtful = (json: string, reason: string): object => invalid(json, cutOff(json, reason));

const FAILED = 'The stream failed before this call was certain';
const CUT = 'The message ended inside this block';

const timeCall = { ...weatherCall, index: 2, id: 'toolu_2', name: 'get_time' };
const search = { ...weatherCall, type: 'server_tool_use', name: 'web_search' };
const started = events.messageStart({
  id: 'msg_1',
  content: [weather({ city: 'Tokyo' }), weather({ city: 'Oslo' })],
});

export default sheet({
  operator: 'toToolCalls',
  operators: {
    'toToolCalls()': () => toToolCalls(),
    'toToolCalls({ tools })': () => toToolCalls({ tools }),
    'toToolCalls({ tools: strict })': () => toToolCalls({ tools: strict }),
    'toToolCalls({ tools: others })': () => toToolCalls({ tools: others }),
    'toToolCalls({ tools: slow })': () => toToolCalls({ tools: slow }),
    'retry(1)': () => retry(1),
  },
  values: {
    1: weatherOf({ city: 'Tokyo' }),

    // The call in block 2.
    B: events.toolUseStart(2, 'toolu_2', 'get_time'),
    J: events.inputJsonDelta(2, '{"zone":"JST"}'),
    D: events.blockStop(2),
    2: { ...timeCall, status: 'complete', input: { zone: 'JST' } },

    // A call in block 1 that the provider runs.
    S: events.serverToolUseStart(1, 'toolu_1', 'web_search'),
    Q: events.inputJsonDelta(1, '{"query":"rxjs"}'),
    3: { ...search, status: 'complete', input: { query: 'rxjs' } },

    L: doubtful(begun, connectionLost.message),
    X: doubtful(whole, FAILED),
  },
  flows: ['events', 'calls'],
  picture: `
    -m-b-i-j-d-B-J-D-y-z-|
    > toToolCalls()
    -----------1-------2-|
    ^--------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > toToolCalls()
      ---|
      ^--!
    `,
    'a message without calls gives none': `
      -m-h-k-g-c-l-p-x-s-z-|
      > toToolCalls()
      ---------------------|
    `,
    'a single call comes when its message has ended for it': `
      -m-b-i-j-d-y-z-|
      > toToolCalls()
      -------------1-|
    `,
    'a text after a call makes it certain': `
      -m-b-i-j-d-o-t-c-y-z-|
      > toToolCalls()
      -----------1---------|
    `,
    'a block of an unknown type after a call makes it certain': {
      drawing: `
        -m-B-J-D-w-d-s-z-|
        > toToolCalls()
        ---------2-------|
      `,
    },
    'calls that interleave come in the order in which they stopped': `
      -m-b-i-B-J-D-j-d-y-z----|
      > toToolCalls()
      -------------------(21)-|
    `,
    'calls that become certain in one moment stay apart': `
      -(mbijdBJDyz)-|
      > toToolCalls()
      -(12)---------|
    `,
    'a tool that is called without input has an empty one': {
      drawing: `
        -m-b-d-y-z-|
        > toToolCalls()
        ---------W-|
      `,
      values: { W: weatherOf({}) },
    },
    'an input that its start holds is the input': {
      drawing: `
        -m-G-d-y-z-|
        > toToolCalls()
        ---------1-|
      `,
      values: { G: events.toolUseStart(1, 'toolu_1', 'get_weather', { city: 'Tokyo' }) },
    },
    'calls that a message holds from its start wait for its end too': {
      drawing: `
        -G-y-z----|
        > toToolCalls()
        -----(VW)-|
      `,
      values: {
        G: started,
        V: { ...weatherOf({ city: 'Tokyo' }), index: 0 },
        W: weatherOf({ city: 'Oslo' }),
      },
    },
    'a call is not certain where the reply ran into its limit of tokens, even if it reads as JSON': {
      drawing: `
        -m-b-i-j-d-v-z-|
        > toToolCalls()
        -------------W-|
      `,
      values: { W: doubtful(whole, 'The reply was cut off: it ended with max_tokens') },
    },
    'a call is certain where the reply ran into its limit in a later block': {
      drawing: `
        -m-b-i-j-d-B-J-D-v-z-|
        > toToolCalls()
        -----------1-------W-|
      `,
      values: {
        W: {
          ...timeCall,
          status: 'invalid',
          json: '{"zone":"JST"}',
          error: cutOff('{"zone":"JST"}', 'The reply was cut off: it ended with max_tokens'),
        },
      },
    },
    'a call is certain whatever the reply ended with, for gateways end good calls as they like': `
      -m-b-i-j-d-s-z-|
      > toToolCalls()
      -------------1-|
    `,
    'a call is not certain where the reply was refused': {
      drawing: `
        -m-b-i-j-d-R-z-|
        > toToolCalls()
        -------------W-|
      `,
      values: {
        R: events.messageDelta('refusal', {}),
        W: doubtful(whole, 'The reply was cut off: it ended with refusal'),
      },
    },
    'a result of another call says nothing of this one': {
      drawing: `
        -m-b-i-j-d-R-v-z-|
        > toToolCalls()
        ---------------W-|
      `,
      values: {
        R: events.toolResult('toolu_9', 'of another'),
        W: doubtful(whole, 'The reply was cut off: it ended with max_tokens'),
      },
    },
    'calls of one id are calls all the same': {
      drawing: `
        -m-b-i-j-d-G-J-D-y-z-|
        > toToolCalls()
        -----------1-------W-|
      `,
      values: {
        G: events.toolUseStart(2, 'toolu_1', 'get_time'),
        W: { ...timeCall, id: 'toolu_1', status: 'complete', input: { zone: 'JST' } },
      },
    },
    'a call is not certain where nobody told why the reply ended': {
      drawing: `
        -m-b-i-j-d-z-|
        > toToolCalls()
        -----------W-|
      `,
      values: { W: doubtful(whole, 'The reply ended without a stop reason, so it may have been cut off') },
    },
    'a call that the end of its message cuts off is invalid, whatever the reason': {
      drawing: `
        -m-b-i-y-z-|
        > toToolCalls()
        ---------W-|
      `,
      values: { W: doubtful(begun, CUT) },
    },
    'a call that is given up is invalid at once': {
      drawing: `
        -m-b-i-a-B-J-D-y-z-|
        > toToolCalls()
        -------W---------2-|
      `,
      values: { W: doubtful(begun, 'stopped') },
    },
    'text that is no JSON is a value, and the stream goes on': {
      drawing: `
        -m-b-f-d-B-J-D-y-z-|
        > toToolCalls()
        ---------W-------2-|
      `,
      values: { W: invalid('}', noJson('}')) },
    },
    'a complete input is what the schema makes of it': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > toToolCalls({ tools })
        -------------W-|
      `,
      values: { W: weatherOf({ city: 'Tokyo', unit: '°C' }) },
    },
    'an input that is not what its schema asks for is a value, and the stream goes on': {
      drawing: `
        -m-b-i-j-d-o-t-c-y-z-|
        > toToolCalls({ tools: strict })
        -----------W---------|
      `,
      values: {
        W: invalid(
          whole,
          new StreamError(
            'tool-input',
            'The input of "get_weather" is not what its schema asks for: days: There are no days',
          ),
        ),
      },
    },
    'a call of a tool without a schema is invalid': {
      drawing: `
        -m-b-i-j-d-B-J-D-y-z-|
        > toToolCalls({ tools: others })
        -----------W-------2-|
      `,
      values: { W: invalid(whole, new StreamError('tool-input', 'There is no tool "get_weather"')) },
    },
    'a schema that does not answer at once makes the call invalid': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > toToolCalls({ tools: slow })
        -------------W-|
      `,
      values: {
        W: invalid(
          whole,
          new StreamError(
            'tool-input',
            'The input of "get_weather" has a schema that does not answer at once',
          ),
        ),
      },
    },
    'a call that the provider runs is one too': `
      -m-S-Q-d-o-t-c-s-z-|
      > toToolCalls()
      ---------3---------|
    `,
    'a call that the provider runs is left out where there is no schema for it': `
      -m-S-Q-d-o-t-c-s-z-|
      > toToolCalls({ tools })
      -------------------|
    `,
    'a call that the provider runs is there where there is a schema for it': `
      -m-S-Q-d-o-t-c-s-z-|
      > toToolCalls({ tools: others })
      ---------3---------|
    `,
    'each of several messages gives its calls': `
      -m-b-i-j-d-y-z-n-b-i-j-d-y-z-|
      > toToolCalls()
      -------------1-------------1-|
    `,
    'a message that is begun again does not begin its calls again': `
      -m-b-i-m-j-d-m-y-z-|
      > toToolCalls()
      -----------------1-|
    `,
    'an attempt that failed leaves no call behind, not even a whole one': `
      -m-b-i-j-d-r-m-B-J-D-y-z-|
      > toToolCalls()
      -----------------------2-|
    `,
    'what follows the end of a message is passed over': `
      -m-b-i-j-d-y-z-o-p-x-|
      > toToolCalls()
      -------------1-------|
    `,
    'an error of the source comes after the call that was open': `
      -m-b-i-#
      > toToolCalls()
      -------(L#)
      ^------!
    `,
    'an error of the source comes after the call that was whole, but not certain': `
      -m-b-i-j-d-y-#
      > toToolCalls()
      -------------(X#)
      ^------------!
    `,
    'an error of the source comes alone where every call was certain': `
      -m-b-i-j-d-o-t-#
      > toToolCalls()
      -----------1---#
    `,
    'an error event comes after the calls that were not certain': {
      drawing: `
        -m-b-i-B-J-D-e-|
        > toToolCalls()
        -------------(VW#)
        ^------------!
      `,
      values: {
        V: {
          ...timeCall,
          status: 'invalid',
          json: '{"zone":"JST"}',
          error: cutOff('{"zone":"JST"}', FAILED),
        },
        W: doubtful(begun, overloaded.message),
      },
      errors: { output: overloaded },
    },
    'a source that ends inside a message is an error, after the calls that were not certain': {
      drawing: `
        -m-b-i-j-d-y-|
        > toToolCalls()
        -------------(X#)
      `,
      errors: { output: endedEarly },
    },
    'a source that ends after a call, without a message, is an error too': {
      drawing: `
        -b-i-j-d-|
        > toToolCalls()
        ---------(X#)
      `,
      errors: { output: endedEarly },
    },
    'a piece for a block that has ended is an error': {
      drawing: `
        -m-b-i-j-d-j-y-z-|
        > toToolCalls()
        -----------(X#)
        ^----------!
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 1, which has ended'),
      },
    },
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-b-i-n-|
        > toToolCalls()
        -------(W#)
        ^------!
      `,
      values: { W: doubtful(begun, anotherBegan.message) },
      errors: { output: anotherBegan },
    },
    'a source that is tried again begins its calls again': `
      -m-b-i-#
      > toToolCalls()
      -------(L#)
      > retry(1)
      -------L------(L#)
      ^------!
      -------^------!
    `,
  },
  checks: {
    'one of two calls that come at once is one': () => {
      expect(eventsDrawn(toToolCalls(), [started, y, z], 1)).toBe(3);
    },
    'a call that comes while another is delivered waits for those before it': () => {
      const later: StreamEvent[] = [m, b, i, j, d, y, z];
      const calls = valuesUnderReentrancy(toToolCalls(), [started, y, z], later);
      const cities = calls.map((call) => call.status === 'complete' && call.input);
      expect(cities).toEqual([{ city: 'Tokyo' }, { city: 'Oslo' }, { city: 'Tokyo' }]);
    },
  },
});
