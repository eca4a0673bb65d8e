import { retry } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { accumulateToolCalls } from '../src/operators/accumulateToolCalls.js';
import { alphabet, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { cutOff, noJson, weather, weatherCall } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, b, i, j, d, y, z, l } = alphabet;

const city = zod.string('There is no city');
const tools = { get_weather: zod.object({ city, unit: zod.string().default('°C') }) };
const strict = { get_weather: zod.object({ city, days: zod.number('There are no days') }) };
const others = { get_time: zod.object({ zone: zod.string() }) };

const begun = '{"city":"To';
const whole = '{"city":"Tokyo"}';
const tokyo = { city: 'Tokyo' };

const streaming = (input: unknown): object => ({ ...weatherCall, status: 'streaming', input });
const queued = (input: unknown): object => ({ ...weatherCall, status: 'queued', input });
const invalid = (input: unknown, error: StreamError): object => ({
  ...weatherCall,
  status: 'invalid',
  input,
  error,
});
const answered = (result: unknown, input: unknown = tokyo): object => ({
  ...weatherCall,
  status: 'done',
  input,
  result,
  isError: false,
});
const failed = (result: unknown): object => ({ ...answered(result), status: 'failed', isError: true });

const time = { ...weatherCall, index: 2, id: 'toolu_2', name: 'get_time' };
const timeBegun = { ...time, status: 'streaming', input: {} };
const timeGrown = { ...time, status: 'streaming', input: { zone: 'JST' } };
const timeQueued = { ...time, status: 'queued', input: { zone: 'JST' } };
const timeDone = { ...time, status: 'done', input: { zone: 'JST' }, result: '9:00', isError: false };

const search = { type: 'server_tool_use', index: 1, id: 'srv_1', name: 'web_search', input: {} };
const found = [
  {
    type: 'web_search_result',
    encrypted_content: '',
    page_age: null,
    title: 'RxJS',
    url: 'https://rxjs.dev',
  },
] as const;
const refused = { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' } as const;

const FAILED = 'The stream failed before this call was certain';

/** The block with what a search found, or why it failed. */
function searchResult(index: number, content: [...typeof found] | typeof refused): StreamEvent {
  return events.blockStart(index, {
    type: 'web_search_tool_result',
    tool_use_id: 'srv_1',
    content,
    caller: { type: 'direct' },
  });
}

export default sheet({
  operator: 'accumulateToolCalls',
  operators: {
    'accumulateToolCalls()': () => accumulateToolCalls(),
    'accumulateToolCalls({ tools })': () => accumulateToolCalls({ tools }),
    'accumulateToolCalls({ tools: strict })': () => accumulateToolCalls({ tools: strict }),
    'accumulateToolCalls({ tools: others })': () => accumulateToolCalls({ tools: others }),
    'retry(1)': () => retry(1),
  },
  values: {
    0: [streaming({})],
    1: [streaming({ city: 'To' })],
    2: [streaming(tokyo)],
    3: [queued(tokyo)],
    4: [answered('21 °C')],

    // The call in block 2, and its result.
    B: events.toolUseStart(2, 'toolu_2', 'get_time'),
    J: events.inputJsonDelta(2, '{"zone":"JST"}'),
    D: events.blockStop(2),
    L: events.toolResult('toolu_2', '9:00'),

    // A call in block 1 that the provider runs, and the block with what it found.
    S: events.serverToolUseStart(1, 'srv_1', 'web_search'),
    F: searchResult(2, [...found]),
    5: [{ ...search, status: 'streaming' }],
    6: [{ ...search, status: 'done', result: found, isError: false }],

    E: events.inputJsonDelta(1, ''),
    X: [invalid({ city: 'To' }, cutOff(begun, connectionLost.message))],
  },
  flows: ['events', 'calls'],
  labels: { 3: 'get_weather, queued' },
  picture: `
    -m-b-i-j-d-y-z-l-|
    > accumulateToolCalls()
    ---0-1-2-----3-4-|
    ^----------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateToolCalls()
      ---|
      ^--!
    `,
    'a message without calls gives nothing': `
      -m-h-k-g-c-p-x-s-z-|
      > accumulateToolCalls()
      -------------------|
    `,
    'a single event that begins a call shows it': {
      drawing: `
        ---b---|
        > accumulateToolCalls()
        ---0---(N#)
        ^------!
      `,
      values: { N: [invalid({}, cutOff(undefined, endedEarly.message))] },
      errors: { output: endedEarly },
    },
    'a call is approved, says how far it is, and a result is the last word': {
      drawing: `
        -(mbijdyz)-A-G-P-R-l-P-A-|
        > accumulateToolCalls()
        -(0123)----O-3-Q-S-4-----|
      `,
      values: {
        A: events.toolApproval('toolu_1', 'requested'),
        G: events.toolApproval('toolu_1', 'approved'),
        P: { ...events.toolResult('toolu_1', 0.2), preliminary: true },
        R: { ...events.toolResult('toolu_1', 0.9), preliminary: true },
        O: [{ ...queued(tokyo), status: 'approval' }],
        Q: [{ ...queued(tokyo), status: 'running', progress: 0.2 }],
        S: [{ ...queued(tokyo), status: 'running', progress: 0.9 }],
      },
    },
    'a call that is denied stays so, with what the model reads of it': {
      drawing: `
        -(mbijdyz)-D-G-R-|
        > accumulateToolCalls()
        -(0123)----O---Q-|
      `,
      values: {
        D: events.toolApproval('toolu_1', 'denied', 'Too far'),
        G: events.toolApproval('toolu_1', 'approved'),
        R: events.toolResult('toolu_1', 'Denied: Too far', true),
        O: [{ ...queued(tokyo), status: 'denied', reason: 'Too far' }],
        Q: [
          { ...queued(tokyo), status: 'denied', reason: 'Too far', result: 'Denied: Too far', isError: true },
        ],
      },
    },
    'a call that a stop ended is cancelled': {
      drawing: `
        -(mbijdyz)-R-|
        > accumulateToolCalls()
        -(0123)----O-|
      `,
      values: {
        R: { ...events.toolResult('toolu_1', 'Cancelled', true), cancelled: true },
        O: [{ ...queued(tokyo), status: 'cancelled', result: 'Cancelled', isError: true }],
      },
    },
    'an approval of a call that never began is passed over': {
      drawing: `
        -(mbijdyz)-A-|
        > accumulateToolCalls()
        -(0123)------|
      `,
      values: { A: events.toolApproval('toolu_9', 'requested') },
    },
    'a call without a result stays queued': `
      -m-b-i-j-d-y-z-|
      > accumulateToolCalls()
      ---0-1-2-----3-|
    `,
    'calls interleave, and are answered in any order': {
      drawing: `
        -m-b-i-B-j-J-d-D-y-z-L-l-|
        > accumulateToolCalls()
        ---0-1-N-O-P-------Q-R-T-|
      `,
      values: {
        N: [streaming({ city: 'To' }), timeBegun],
        O: [streaming(tokyo), timeBegun],
        P: [streaming(tokyo), timeGrown],
        Q: [queued(tokyo), timeQueued],
        R: [queued(tokyo), timeDone],
        T: [answered('21 °C'), timeDone],
      },
    },
    'the next block makes a call certain': {
      drawing: `
        -m-b-i-j-d-B-J-D-y-z-|
        > accumulateToolCalls()
        ---0-1-2---N-O-----P-|
      `,
      values: {
        N: [queued(tokyo), timeBegun],
        O: [queued(tokyo), timeGrown],
        P: [queued(tokyo), timeQueued],
      },
    },
    'a result makes a call certain that had ended': `
      -m-b-i-j-d-l-y-z-|
      > accumulateToolCalls()
      ---0-1-2---4-----|
    `,
    'a result that is an error is one': {
      drawing: `
        -m-b-i-j-d-y-z-K-|
        > accumulateToolCalls()
        ---0-1-2-----3-N-|
      `,
      values: {
        K: events.toolResult('toolu_1', { reason: 'no such city' }, true),
        N: [failed({ reason: 'no such city' })],
      },
    },
    'a later result replaces the one before': {
      drawing: `
        -m-b-i-j-d-y-z-K-G-l-|
        > accumulateToolCalls()
        ---0-1-2-----3-N-O-4-|
      `,
      values: {
        K: events.toolResult('toolu_1', 'asking', false),
        G: events.toolResult('toolu_1', 'no answer', true),
        N: [answered('asking')],
        O: [failed('no answer')],
      },
    },
    'pieces that add nothing are no change': `
      -m-b-E-i-E-j-E-d-y-z-|
      > accumulateToolCalls()
      ---0---1---2-------3-|
    `,
    'a piece that only opens the input is no change': {
      drawing: `
        -m-b-G-H-d-y-z-|
        > accumulateToolCalls()
        ---0---2-----3-|
      `,
      values: { G: events.inputJsonDelta(1, '{"ci'), H: events.inputJsonDelta(1, 'ty":"Tokyo"}') },
    },
    'an input that its start holds is there at once': {
      drawing: `
        -m-G-d-y-z-|
        > accumulateToolCalls()
        ---2-----3-|
      `,
      values: { G: events.toolUseStart(1, 'toolu_1', 'get_weather', tokyo) },
    },
    'calls that a message holds from its start come at once, and are certain with its end': {
      drawing: `
        -G-y-z-|
        > accumulateToolCalls()
        -N---O-|
      `,
      values: {
        G: events.messageStart({ id: 'msg_1', content: [weather(tokyo)] }),
        N: [{ ...streaming(tokyo), index: 0 }],
        O: [{ ...queued(tokyo), index: 0 }],
      },
    },
    'a call that the provider runs finds its result in a later block': `
      -m-S-d-F-D-o-t-c-s-z-|
      > accumulateToolCalls()
      ---5---6-------------|
    `,
    'a call that the provider runs may fail': {
      drawing: `
        -m-S-d-G-D-s-z-|
        > accumulateToolCalls()
        ---5---N-------|
      `,
      values: {
        G: searchResult(2, refused),
        N: [{ ...search, status: 'failed', result: refused, isError: true }],
      },
    },
    'a call of an MCP tool finds its result in a later block': {
      drawing: `
        -m-M-d-G-D-H-s-z-|
        > accumulateToolCalls()
        ---N---O---P-----|
      `,
      values: {
        M: events.blockStart(1, {
          type: 'mcp_tool_use',
          id: 'mcp_1',
          name: 'echo',
          server_name: 'local',
          input: {},
        }),
        G: events.blockStart(2, {
          type: 'mcp_tool_result',
          tool_use_id: 'mcp_1',
          content: 'no',
          is_error: true,
        }),
        H: events.blockStart(3, {
          type: 'mcp_tool_result',
          tool_use_id: 'mcp_1',
          content: 'yes',
          is_error: false,
        }),
        N: [{ ...search, type: 'mcp_tool_use', id: 'mcp_1', name: 'echo', status: 'streaming' }],
        O: [
          {
            ...search,
            type: 'mcp_tool_use',
            id: 'mcp_1',
            name: 'echo',
            status: 'failed',
            result: 'no',
            isError: true,
          },
        ],
        P: [
          {
            ...search,
            type: 'mcp_tool_use',
            id: 'mcp_1',
            name: 'echo',
            status: 'done',
            result: 'yes',
            isError: false,
          },
        ],
      },
    },
    'the result of a call in the message before it comes after a pause': {
      drawing: `
        -m-S-d-V-z-n-F-D-s-z-|
        > accumulateToolCalls()
        ---5-----N---6-------|
      `,
      values: { V: events.messageDelta('pause_turn', {}), N: [{ ...search, status: 'queued' }] },
    },
    'two calls of one id each keep their own result, in their order': {
      drawing: `
        -m-b-i-j-d-B-J-D-y-z-l-L-K-|
        > accumulateToolCalls()
        ---0-1-2---N-O-----P-Q-R-T-|
      `,
      values: {
        B: events.toolUseStart(2, 'toolu_1', 'get_time'),
        L: events.toolResult('toolu_1', '9:00'),
        K: events.toolResult('toolu_1', '9:01'),
        N: [queued(tokyo), { ...timeBegun, id: 'toolu_1' }],
        O: [queued(tokyo), { ...timeGrown, id: 'toolu_1' }],
        P: [queued(tokyo), { ...timeQueued, id: 'toolu_1' }],
        Q: [answered('21 °C'), { ...timeQueued, id: 'toolu_1' }],
        R: [answered('21 °C'), { ...timeDone, id: 'toolu_1' }],
        T: [answered('21 °C'), { ...timeDone, id: 'toolu_1', result: '9:01' }],
      },
    },
    'the id of a call in an earlier message may be that of another': {
      drawing: `
        -m-b-i-j-d-y-z-n-b-i-j-d-y-z-l-|
        > accumulateToolCalls()
        ---0-1-2-----3---N-O-P-----Q-R-|
      `,
      values: {
        N: [queued(tokyo), streaming({})],
        O: [queued(tokyo), streaming({ city: 'To' })],
        P: [queued(tokyo), streaming(tokyo)],
        Q: [queued(tokyo), queued(tokyo)],
        R: [queued(tokyo), answered('21 °C')],
      },
    },
    'the result of a call in the message before it shows that the call was whole': {
      drawing: `
        -m-S-d-V-z-n-F-D-s-z-|
        > accumulateToolCalls()
        ---5-----N---6-------|
      `,
      values: {
        V: events.messageDelta(null, {}),
        N: [
          {
            ...search,
            status: 'invalid',
            error: cutOff('', 'The reply ended without a stop reason, so it may have been cut off'),
          },
        ],
      },
    },
    'the result of a call in an earlier reply is passed over': `
      -m-F-D-b-i-j-d-y-z-|
      > accumulateToolCalls()
      -------0-1-2-----3-|
    `,
    'a call that the reply cut off is invalid': {
      drawing: `
        -m-b-i-v-z-|
        > accumulateToolCalls()
        ---0-1---N-|
      `,
      values: { N: [invalid({ city: 'To' }, cutOff(begun, 'The message ended inside this block'))] },
    },
    'a call that the reply may have cut off is invalid, even if it reads as JSON': {
      drawing: `
        -m-b-i-j-d-v-z-|
        > accumulateToolCalls()
        ---0-1-2-----N-|
      `,
      values: { N: [invalid(tokyo, cutOff(whole, 'The reply was cut off: it ended with max_tokens'))] },
    },
    'a call that is given up is invalid at once, and keeps what could be read': {
      drawing: `
        -m-b-i-a-y-z-|
        > accumulateToolCalls()
        ---0-1-N-----|
      `,
      values: { N: [invalid({ city: 'To' }, cutOff(begun, 'stopped'))] },
    },
    'an invalid call stays invalid when it is answered': {
      drawing: `
        -m-b-f-d-y-z-K-|
        > accumulateToolCalls()
        ---0-------N-O-|
      `,
      values: {
        K: events.toolResult('toolu_1', 'The input is not JSON', true),
        N: [invalid({}, noJson('}'))],
        O: [{ ...invalid({}, noJson('}')), result: 'The input is not JSON', isError: true }],
      },
    },
    'an input is what the schema makes of it': {
      drawing: `
        -m-b-i-j-d-y-z-l-|
        > accumulateToolCalls({ tools })
        ---0-1-2-----N-O-|
      `,
      values: {
        N: [queued({ city: 'Tokyo', unit: '°C' })],
        O: [answered('21 °C', { city: 'Tokyo', unit: '°C' })],
      },
    },
    'an input that is not what its schema asks for is invalid, and the stream goes on': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > accumulateToolCalls({ tools: strict })
        ---0-1-2-----N-|
      `,
      values: {
        N: [
          invalid(
            tokyo,
            new StreamError(
              'tool-input',
              'The input of "get_weather" is not what its schema asks for: days: There are no days',
            ),
          ),
        ],
      },
    },
    'a call of a tool without a schema is invalid': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > accumulateToolCalls({ tools: others })
        ---0-1-2-----N-|
      `,
      values: { N: [invalid(tokyo, new StreamError('tool-input', 'There is no tool "get_weather"'))] },
    },
    'a call that the provider runs is left out where there is no schema for it, and so is its result': {
      drawing: `
        -m-S-d-F-D-G-H-y-z-K-|
        > accumulateToolCalls({ tools })
        -----------N-----O---|
      `,
      values: {
        G: events.toolUseStart(3, 'toolu_1', 'get_weather', tokyo),
        H: events.blockStop(3),
        K: events.toolResult('srv_1', 'found'),
        N: [{ ...streaming(tokyo), index: 3 }],
        O: [{ ...queued({ city: 'Tokyo', unit: '°C' }), index: 3 }],
      },
    },
    'several messages keep their calls': {
      drawing: `
        -m-b-i-j-d-y-z-l-n-B-J-D-y-z-L-|
        > accumulateToolCalls()
        ---0-1-2-----3-4---N-O-----P-Q-|
      `,
      values: {
        N: [answered('21 °C'), timeBegun],
        O: [answered('21 °C'), timeGrown],
        P: [answered('21 °C'), timeQueued],
        Q: [answered('21 °C'), timeDone],
      },
    },
    'a message that is begun again does not begin its calls again': `
      -m-b-i-m-j-d-y-z-|
      > accumulateToolCalls()
      ---0-1---2-----3-|
    `,
    'a failed attempt takes its calls along, and no others': {
      drawing: `
        -m-b-i-j-d-y-z-n-B-J-r-n-B-D-y-z-|
        > accumulateToolCalls()
        ---0-1-2-----3---N-O-3---N-----P-|
      `,
      values: {
        N: [queued(tokyo), timeBegun],
        O: [queued(tokyo), timeGrown],
        P: [queued(tokyo), { ...timeBegun, status: 'queued' }],
      },
    },
    'the result of a call that a failed attempt took along is passed over': {
      drawing: `
        -m-b-i-j-d-B-r-l-m-|
        > accumulateToolCalls()
        ---0-1-2---N-O-----#
      `,
      values: { N: [queued(tokyo), timeBegun], O: [] },
      errors: { output: endedEarly },
    },
    'what follows the end of a message is passed over, but for results': `
      -m-b-i-j-d-y-z-i-b-p-x-l-|
      > accumulateToolCalls()
      ---0-1-2-----3---------4-|
    `,
    'a result of a call that never began is an error': {
      drawing: `
        -m-l-b-i-|
        > accumulateToolCalls()
        ---#
        ^--!
      `,
      errors: { output: new StreamError('protocol', 'A result for call "toolu_1", which never began') },
    },
    'a result of a call that has not ended is an error': {
      drawing: `
        -m-b-i-l-j-d-y-z-|
        > accumulateToolCalls()
        ---0-1-(N#)
        ^------!
      `,
      values: {
        N: [invalid({ city: 'To' }, cutOff(begun, 'A result for call "toolu_1", which has not ended'))],
      },
      errors: { output: new StreamError('protocol', 'A result for call "toolu_1", which has not ended') },
    },
    'an error of the source comes after the call that was open, invalid': `
      -m-b-i-#
      > accumulateToolCalls()
      ---0-1-(X#)
      ^------!
    `,
    'an error of the source comes after the call that was whole, but not certain': {
      drawing: `
        -m-b-i-j-d-y-#
        > accumulateToolCalls()
        ---0-1-2-----(N#)
        ^------------!
      `,
      values: { N: [invalid(tokyo, cutOff(whole, FAILED))] },
    },
    'an error of the source comes alone where every call was certain': `
      -m-b-i-j-d-y-z-#
      > accumulateToolCalls()
      ---0-1-2-----3-#
    `,
    'an error event comes after the calls that were not certain': {
      drawing: `
        -m-b-i-e-|
        > accumulateToolCalls()
        ---0-1-(N#)
        ^------!
      `,
      values: { N: [invalid({ city: 'To' }, cutOff(begun, overloaded.message))] },
      errors: { output: overloaded },
    },
    'a source that ends inside a message is an error, after the calls that were not certain': {
      drawing: `
        -m-b-i-j-d-y-|
        > accumulateToolCalls()
        ---0-1-2-----(N#)
      `,
      values: { N: [invalid(tokyo, cutOff(whole, FAILED))] },
      errors: { output: endedEarly },
    },
    'a source that ends after a call, without a message, is an error too': {
      drawing: `
        -b-i-j-d-|
        > accumulateToolCalls()
        -0-1-2---(N#)
      `,
      values: { N: [invalid(tokyo, cutOff(whole, FAILED))] },
      errors: { output: endedEarly },
    },
    'a source that is tried again begins with no calls': `
      -m-b-i-#
      > accumulateToolCalls()
      ---0-1-(X#)
      > retry(1)
      ---0-1-X--0-1-(X#)
      ^------!
      -------^------!
    `,
  },
  checks: {
    'a call that did not change is the same object as before': () => {
      const { B, J, D } = {
        B: events.toolUseStart(2, 'toolu_2', 'get_time'),
        J: events.inputJsonDelta(2, '{"zone":"JST"}'),
        D: events.blockStop(2),
      };
      const lists = valuesUnderReentrancy(accumulateToolCalls(), [m, b, i, j, d, B, J, D, y, z, l], []);
      const versions = [0, 1].map((nth) => new Set(lists.map((calls) => calls[nth])).size);
      // The first begins, grows twice, is queued, is done; the second is not there, begins, grows, is queued.
      expect(versions).toEqual([5, 4]);
      expect(lists).toHaveLength(7);
    },
    'lists that come while another is delivered stay in order': () => {
      const lists = valuesUnderReentrancy(accumulateToolCalls(), [m, b], [i, j, d, y, z, l]);
      expect(lists.map(([call]) => call?.status)).toEqual([
        'streaming',
        'streaming',
        'streaming',
        'queued',
        'done',
      ]);
    },
  },
});
