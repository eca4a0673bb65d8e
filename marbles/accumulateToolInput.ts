import { retry } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { accumulateToolInput } from '../src/operators/accumulateToolInput.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { cutOff, invalidInput, noJson, reading, weather, weatherCall, wholeInput } from './contents.js';
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
const unit = zod.enum(['celsius', 'fahrenheit']);
const choosing = { get_weather: zod.object({ city, unit }) };
const slow = { get_weather: zod.object({ city: city.refine(() => Promise.resolve(true)) }) };

const begun = '{"city":"To';
const whole = '{"city":"Tokyo"}';
const tokyo = { city: 'Tokyo' };
const trip = '{"city":"Tokyo","days":[1,2]}';
const chosen = ['{"unit":"cel', 'sius","city":"To', 'kyo"}'] as const;
const wrong = ['kyo","unit":"kel', 'vin"}'] as const;
const noSuchUnit = unit.safeParse('kelvin').error?.issues[0]?.message ?? '';

function notAsked(issue: string): StreamError {
  const message = `The input of "get_weather" is not what its schema asks for: ${issue}`;
  return new StreamError('tool-input', message);
}

const lost = invalidInput(begun, { city: 'To' }, cutOff(begun, connectionLost.message));

const zone = '{"zone":"JST"}';
const time = {
  ...weatherCall,
  index: 2,
  id: 'toolu_2',
  name: 'get_time',
  json: zone,
  input: { zone: 'JST' },
};
const query = '{"query":"rxjs"}';
const search = { ...weatherCall, type: 'server_tool_use', name: 'web_search', input: { query: 'rxjs' } };

export default sheet({
  operator: 'accumulateToolInput',
  operators: {
    'accumulateToolInput()': () => accumulateToolInput(),
    'accumulateToolInput({ tools })': () => accumulateToolInput({ tools }),
    'accumulateToolInput({ tools: strict })': () => accumulateToolInput({ tools: strict }),
    'accumulateToolInput({ tools: others })': () => accumulateToolInput({ tools: others }),
    'accumulateToolInput({ tools: choosing })': () => accumulateToolInput({ tools: choosing }),
    'accumulateToolInput({ tools: choosing, early: true })': () =>
      accumulateToolInput({ tools: choosing, early: true }),
    'accumulateToolInput({ closed: true })': () => accumulateToolInput({ closed: true }),
    'accumulateToolInput({ tools: slow })': () => accumulateToolInput({ tools: slow }),
    'retry(1)': () => retry(1),
  },
  values: {
    0: reading('', {}),
    1: reading(begun, { city: 'To' }, [{ path: [], value: { city: 'To' } }]),
    2: reading(whole, tokyo, [{ path: ['city'], text: 'kyo' }]),
    3: wholeInput(whole, tokyo),

    // The call in block 2.
    B: events.toolUseStart(2, 'toolu_2', 'get_time'),
    J: events.inputJsonDelta(2, zone),
    D: events.blockStop(2),
    4: { ...time, status: 'partial', json: '', input: {}, growth: [] },
    5: { ...time, status: 'partial', growth: [{ path: [], value: { zone: 'JST' } }] },
    6: { ...time, status: 'complete', growth: [] },

    // A call in block 1 that the provider runs.
    S: events.serverToolUseStart(1, 'toolu_1', 'web_search'),
    Q: events.inputJsonDelta(1, query),
    7: { ...search, status: 'partial', json: '', input: {}, growth: [] },
    8: { ...search, status: 'partial', json: query, growth: [{ path: [], value: { query: 'rxjs' } }] },
    9: { ...search, status: 'complete', json: query, growth: [] },

    E: events.inputJsonDelta(1, ''),
    L: lost,
  },
  flows: ['events', 'inputs'],
  picture: `
    -m-b-i-j-d-y-z-|
    > accumulateToolInput()
    ---0-1-2-3-----|
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateToolInput()
      ---|
      ^--!
    `,
    'a message without calls gives nothing': `
      -m-h-k-g-c-l-p-x-s-z-|
      > accumulateToolInput()
      ---------------------|
    `,
    'a single event that begins a call shows it': {
      drawing: `
        ---b---|
        > accumulateToolInput()
        ---0---(X#)
        ^------!
      `,
      values: { X: invalidInput('', {}, cutOff(undefined, endedEarly.message)) },
      errors: { output: endedEarly },
    },
    'calls interleave with text, and with one another': `
      -m-o-b-i-t-B-j-J-c-D-d-y-z-|
      > accumulateToolInput()
      -----0-1---4-2-5---6-3-----|
    `,
    'an empty piece shows that nothing was added': {
      drawing: `
        -m-b-E-i-E-j-d-y-z-|
        > accumulateToolInput()
        ---0-0-1-N-2-3-----|
      `,
      values: { N: reading(begun, { city: 'To' }) },
    },
    'a number and a literal show when they can no longer change': {
      drawing: `
        -m-b-F-G-H-d-y-z-|
        > accumulateToolInput()
        ---0-T-U-V-W-----|
      `,
      values: {
        F: events.inputJsonDelta(1, '{"days":1'),
        G: events.inputJsonDelta(1, '4,"wind":tr'),
        H: events.inputJsonDelta(1, 'ue}'),
        T: reading('{"days":1', {}, [{ path: [], value: {} }]),
        U: reading('{"days":14,"wind":tr', { days: 14 }, [{ path: ['days'], value: 14 }]),
        V: reading('{"days":14,"wind":true}', { days: 14, wind: true }, [{ path: ['wind'], value: true }]),
        W: wholeInput('{"days":14,"wind":true}', { days: 14, wind: true }),
      },
    },
    'a tool that is called without input has an empty one': {
      drawing: `
        -m-b-E-d-y-z-|
        > accumulateToolInput()
        ---0-0-W-----|
      `,
      values: { W: wholeInput('', {}) },
    },
    'an input that its start holds is there at once': {
      drawing: `
        -m-G-d-y-z-|
        > accumulateToolInput()
        ---U-W-----|
      `,
      values: {
        G: events.toolUseStart(1, 'toolu_1', 'get_weather', tokyo),
        U: reading('', tokyo),
        W: wholeInput('', tokyo),
      },
    },
    'calls that a message holds from its start come at once, complete': {
      drawing: `
        -G----y-z-|
        > accumulateToolInput()
        -(VW)-----|
      `,
      values: {
        G: events.messageStart({ id: 'msg_1', content: [weather(tokyo), weather({})] }),
        V: { ...wholeInput('', tokyo), index: 0 },
        W: wholeInput('', {}),
      },
    },
    'text that is no JSON is a value, and the stream goes on': {
      drawing: `
        -m-b-f-d-B-J-D-y-z-|
        > accumulateToolInput()
        ---0-T-X-4-5-6-----|
      `,
      values: { T: reading('}', {}), X: invalidInput('}', {}, noJson('}')) },
    },
    'text that goes on after it has ceased to be JSON is kept, and shows no more': {
      drawing: `
        -m-b-i-j-f-i-d-y-z-|
        > accumulateToolInput()
        ---0-1-2-T-U-X-----|
      `,
      values: {
        T: reading(`${whole}}`, tokyo),
        U: reading(`${whole}}${begun}`, tokyo),
        X: invalidInput(`${whole}}${begun}`, tokyo, noJson(begun, 'kyo"}', '}', begun)),
      },
    },
    'a block that stops inside its JSON is invalid, and shows no more': {
      drawing: `
        -m-b-i-d-y-z-|
        > accumulateToolInput()
        ---0-1-X-----|
      `,
      values: { X: invalidInput(begun, { city: 'To' }, noJson(begun)) },
    },
    'a block that is given up is invalid, with what could be read': {
      drawing: `
        -m-b-i-a-B-J-D-y-z-|
        > accumulateToolInput()
        ---0-1-X-4-5-6-----|
      `,
      values: { X: invalidInput(begun, { city: 'To' }, cutOff(begun, 'stopped')) },
    },
    'a block that the end of its message cuts off is invalid': {
      drawing: `
        -m-b-i-v-z-|
        > accumulateToolInput()
        ---0-1---X-|
      `,
      values: {
        X: invalidInput(begun, { city: 'To' }, cutOff(begun, 'The message ended inside this block')),
      },
    },
    'a call that the provider runs is one too': `
      -m-S-Q-d-s-z-|
      > accumulateToolInput()
      ---7-8-9-----|
    `,
    'a call of an MCP tool is one too': {
      drawing: `
        -m-G-Q-d-s-z-|
        > accumulateToolInput()
        ---T-U-V-----|
      `,
      values: {
        G: events.blockStart(1, {
          type: 'mcp_tool_use',
          id: 'toolu_1',
          name: 'web_search',
          server_name: 'search',
          input: {},
        }),
        T: { ...search, type: 'mcp_tool_use', status: 'partial', json: '', input: {}, growth: [] },
        U: {
          ...search,
          type: 'mcp_tool_use',
          status: 'partial',
          json: query,
          growth: [{ path: [], value: { query: 'rxjs' } }],
        },
        V: { ...search, type: 'mcp_tool_use', status: 'complete', json: query, growth: [] },
      },
    },
    'a complete input is what the schema makes of it': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > accumulateToolInput({ tools })
        ---0-1-2-W-----|
      `,
      values: { W: wholeInput(whole, { city: 'Tokyo', unit: '°C' }) },
    },
    'an input that is not what its schema asks for is a value, and the stream goes on': {
      drawing: `
        -m-b-i-j-d-o-t-c-y-z-|
        > accumulateToolInput({ tools: strict })
        ---0-1-2-X-----------|
      `,
      values: {
        X: invalidInput(
          whole,
          tokyo,
          new StreamError(
            'tool-input',
            'The input of "get_weather" is not what its schema asks for: days: There are no days',
          ),
        ),
      },
    },
    'a word of an enum shows when it is whole, and other text as it comes': {
      drawing: `
        -m-b-F-G-H-d-y-z-|
        > accumulateToolInput({ tools: choosing })
        ---0-T-U-V-W-----|
      `,
      values: {
        F: events.inputJsonDelta(1, chosen[0]),
        G: events.inputJsonDelta(1, chosen[1]),
        H: events.inputJsonDelta(1, chosen[2]),
        T: reading(chosen[0], {}, [{ path: [], value: {} }]),
        U: reading(chosen[0] + chosen[1], { unit: 'celsius', city: 'To' }, [
          { path: ['unit'], value: 'celsius' },
          { path: ['city'], value: 'To' },
        ]),
        V: reading(chosen.join(''), { unit: 'celsius', city: 'Tokyo' }, [{ path: ['city'], text: 'kyo' }]),
        W: wholeInput(chosen.join(''), { unit: 'celsius', city: 'Tokyo' }),
      },
    },
    'from a word on that is none of the enum nothing is shown, until the input is invalid': {
      drawing: `
        -m-b-i-F-G-d-y-z-|
        > accumulateToolInput({ tools: choosing })
        ---0-1-T-U-X-----|
      `,
      values: {
        F: events.inputJsonDelta(1, wrong[0]),
        G: events.inputJsonDelta(1, wrong[1]),
        T: reading(begun + wrong[0], tokyo, [{ path: ['city'], text: 'kyo' }]),
        U: reading(begun + wrong.join(''), tokyo),
        X: invalidInput(
          begun + wrong.join(''),
          { city: 'Tokyo', unit: 'kelvin' },
          notAsked(`unit: ${noSuchUnit}`),
          [{ path: ['unit'], value: 'kelvin' }],
        ),
      },
    },
    'a finished member that is not what the schema asks for makes the input invalid at once': {
      drawing: `
        -m-b-F-G-d-y-z-|
        > accumulateToolInput({ tools: choosing, early: true })
        ---0-T-X-Y-----|
      `,
      values: {
        F: events.inputJsonDelta(1, '{"city":7'),
        G: events.inputJsonDelta(1, ',"unit":"cel'),
        T: reading('{"city":7', {}, [{ path: [], value: {} }]),
        X: invalidInput('{"city":7,"unit":"cel', { city: 7 }, notAsked('city: There is no city'), [
          { path: ['city'], value: 7 },
        ]),
        Y: invalidInput('{"city":7,"unit":"cel', { city: 7 }, noJson('{"city":7', ',"unit":"cel')),
      },
    },
    'what has just been finished is named where that is asked for': {
      drawing: `
        -m-b-i-F-G-d-y-z-|
        > accumulateToolInput({ closed: true })
        ---S-T-U-V-W-----|
      `,
      values: {
        F: events.inputJsonDelta(1, 'kyo"'),
        G: events.inputJsonDelta(1, ',"days":[1,2]}'),
        S: { ...reading('', {}), closed: [] },
        T: { ...reading(begun, { city: 'To' }, [{ path: [], value: { city: 'To' } }]), closed: [] },
        U: { ...reading(whole.slice(0, -1), tokyo, [{ path: ['city'], text: 'kyo' }]), closed: [['city']] },
        V: {
          ...reading(trip, { city: 'Tokyo', days: [1, 2] }, [{ path: ['days'], value: [1, 2] }]),
          closed: [['days', 0], ['days', 1], ['days'], []],
        },
        W: { ...wholeInput(trip, { city: 'Tokyo', days: [1, 2] }), closed: [] },
      },
    },
    'a call of a tool without a schema is invalid': {
      drawing: `
        -m-b-i-j-d-B-J-D-y-z-|
        > accumulateToolInput({ tools: others })
        ---0-1-2-X-4-5-6-----|
      `,
      values: {
        X: invalidInput(whole, tokyo, new StreamError('tool-input', 'There is no tool "get_weather"')),
      },
    },
    'a call that the provider runs is left out where there is no schema for it': `
      -m-S-Q-d-o-t-c-s-z-|
      > accumulateToolInput({ tools })
      -------------------|
    `,
    'a call that the provider runs is there where there is a schema for it': `
      -m-S-Q-d-o-t-c-s-z-|
      > accumulateToolInput({ tools: others })
      ---7-8-9-----------|
    `,
    'a schema that does not answer at once makes the input invalid': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > accumulateToolInput({ tools: slow })
        ---0-1-2-X-----|
      `,
      values: {
        X: invalidInput(
          whole,
          tokyo,
          new StreamError(
            'tool-input',
            'The input of "get_weather" has a schema that does not answer at once',
          ),
        ),
      },
    },
    'inputs without a message are inputs too': `
      -b-i-j-d-|
      > accumulateToolInput()
      -0-1-2-3-|
    `,
    'each of several messages has its inputs': `
      -m-b-i-j-d-y-z-n-b-i-j-d-y-z-|
      > accumulateToolInput()
      ---0-1-2-3-------0-1-2-3-----|
    `,
    'a message that is begun again does not begin its inputs again': `
      -m-b-i-m-j-d-y-z-|
      > accumulateToolInput()
      ---0-1---2-3-----|
    `,
    'an attempt that failed leaves no input behind': `
      -m-b-i-r-m-b-i-j-d-y-z-|
      > accumulateToolInput()
      ---0-1-----0-1-2-3-----|
    `,
    'what follows the end of a message is passed over': `
      -m-b-i-j-d-y-z-i-p-x-|
      > accumulateToolInput()
      ---0-1-2-3-----------|
    `,
    'an error of the source comes after the open inputs, invalid': `
      -m-b-i-#
      > accumulateToolInput()
      ---0-1-(L#)
      ^------!
    `,
    'an error of the source comes alone where no input is open': `
      -m-b-i-j-d-#
      > accumulateToolInput()
      ---0-1-2-3-#
    `,
    'an error event comes after the open inputs, invalid': {
      drawing: `
        -m-b-i-B-e-|
        > accumulateToolInput()
        ---0-1-4-(XY#)
        ^--------!
      `,
      values: {
        X: invalidInput(begun, { city: 'To' }, cutOff(begun, overloaded.message)),
        Y: {
          ...time,
          status: 'invalid',
          json: '',
          input: {},
          growth: [],
          error: cutOff(undefined, overloaded.message),
        },
      },
      errors: { output: overloaded },
    },
    'a source that ends inside a message is an error': {
      drawing: `
        -m-b-i-j-d-|
        > accumulateToolInput()
        ---0-1-2-3-#
      `,
      errors: { output: endedEarly },
    },
    'a piece for a block that has ended is an error': {
      drawing: `
        -m-b-i-j-d-j-y-z-|
        > accumulateToolInput()
        ---0-1-2-3-#
        ^----------!
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 1, which has ended'),
      },
    },
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-b-i-n-|
        > accumulateToolInput()
        ---0-1-(X#)
        ^------!
      `,
      values: { X: invalidInput(begun, { city: 'To' }, cutOff(begun, anotherBegan.message)) },
      errors: { output: anotherBegan },
    },
    'a source that is tried again begins its inputs again': `
      -m-b-i-#
      > accumulateToolInput()
      ---0-1-(L#)
      > retry(1)
      ---0-1-L--0-1-(L#)
      ^------!
      -------^------!
    `,
  },
  checks: {
    'one of two inputs that come at once is one': () => {
      const started = events.messageStart({ content: [weather(tokyo), weather({})] });
      expect(eventsDrawn(accumulateToolInput(), [started, z], 1)).toBe(1);
    },
    'pieces that come while another is delivered give their inputs in order': () => {
      const inputs = valuesUnderReentrancy(accumulateToolInput(), [m, b], [i, j, d, y, z]);
      expect(inputs.map(({ status, json }) => `${status} ${json}`)).toEqual([
        'partial ',
        `partial ${begun}`,
        `partial ${whole}`,
        `complete ${whole}`,
      ]);
    },
  },
});
