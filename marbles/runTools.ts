import { defer, EMPTY, finalize, map, NEVER, of, retry, throwError, timer, type Observable } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { runTools } from '../src/operators/runTools.js';
import { alphabet, anotherBegan, endedEarly, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, b, i, j, d, y, z } = alphabet;

/** A tool that takes so long. */
const after = <T>(ms: number, value: T): Observable<T> => timer(ms).pipe(map(() => value));

const handlers = { get_weather: () => after(6, '21 °C') };
const both = { get_weather: () => after(12, '21 °C'), get_time: () => after(2, { time: '12:00' }) };
const slow = { get_weather: () => after(12, '21 °C'), get_time: () => after(10, { time: '12:00' }) };
const atOnce = { get_weather: () => of('20 °C', '21 °C') };
const silent = { get_weather: () => EMPTY };
const plain = { get_weather: () => '21 °C' };
const listed = { get_weather: () => ['sun', 'rain'] };
const endless = { get_weather: () => NEVER };
const failing = { get_weather: () => throwError(() => new Error('No such city')) };
const throwing = {
  get_weather: () => {
    throw new Error('No such city');
  },
};
const odd = {
  get_weather: () => {
    throw Object.create(null);
  },
};
const echo = { get_weather: ({ city }: { city: string }) => of(city) };
const tools = { get_weather: zod.object({ city: zod.string() }) };
const strict = { get_weather: zod.object({ days: zod.number('There are no days') }) };
const never = { get_weather: () => of('never') };

const result = (content: unknown): object => events.toolResult('toolu_1', content);
const failure = (content: string, id = 'toolu_1'): object => events.toolResult(id, content, true);

export default sheet({
  operator: 'runTools',
  operators: {
    'runTools(handlers)': () => runTools(handlers),
    'runTools(both)': () => runTools(both),
    'runTools(both, { concurrency: 1 })': () => runTools(both, { concurrency: 1 }),
    'runTools(both, { timeout: 4 })': () => runTools(both, { timeout: 4 }),
    'runTools(slow, { concurrency: 1, timeout: 13 })': () => runTools(slow, { concurrency: 1, timeout: 13 }),
    'runTools(atOnce)': () => runTools(atOnce),
    'runTools(silent)': () => runTools(silent),
    'runTools(plain)': () => runTools(plain),
    'runTools(listed)': () => runTools(listed),
    'runTools(endless)': () => runTools(endless),
    'runTools(failing)': () => runTools(failing),
    'runTools(throwing)': () => runTools(throwing),
    'runTools(odd)': () => runTools(odd),
    'runTools(slow)': () => runTools(slow),
    'runTools(slow, { concurrency: NaN })': () => runTools(slow, { concurrency: NaN }),
    'runTools({})': () => runTools({}),
    'runTools(echo, { tools })': () => runTools(echo, { tools }),
    'runTools(never, { tools: strict })': () => runTools(never, { tools: strict }),
    'retry(1)': () => retry(1),
  },
  values: {
    // The call in block 2.
    B: events.toolUseStart(2, 'toolu_2', 'get_time'),
    J: events.inputJsonDelta(2, '{"zone":"JST"}'),
    D: events.blockStop(2),
    K: events.toolResult('toolu_2', { time: '12:00' }),
    // A call in block 1 that the provider runs.
    S: events.serverToolUseStart(1, 'toolu_1', 'web_search'),
    F: failure('No such city'),
    L: failure('get_weather took longer than 4 ms'),
  },
  usual: (scheduler) => runTools({ draw: () => NEVER }, { timeout: 1_000 }, scheduler),
  flows: ['events', 'events'],
  picture: `
    -m-b-i-j-d-y-z-|
    > runTools(handlers)
    -m-b-i-j-d-y-z-----(l|)
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > runTools(handlers)
      ---|
      ^--!
    `,
    'a reply without calls passes as it is': `
      -mpxo-t-c-s-z-|
      > runTools(handlers)
      -mpxo-t-c-s-z-|
    `,
    'a call is run when it is certain, and its result comes when it has been run': `
      -m-b-i-j-d-B-J-D-y-z-|
      > runTools(both)
      -m-b-i-j-d-B-J-D-y-z-K-(l|)
    `,
    'calls wait where only so many may run at once': `
      -m-b-i-j-d-B-J-D-y-z-|
      > runTools(both, { concurrency: 1 })
      -m-b-i-j-d-B-J-D-y-z---l-(K|)
    `,
    'a result that comes at once follows the event that made it certain': `
      -m-b-i-j-d-y-z----|
      > runTools(atOnce)
      -m-b-i-j-d-y-(zl)-|
    `,
    'a tool that gives nothing has an empty result': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(silent)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: result('') },
    },
    'a text that is returned as it stands is the result': `
      -m-b-i-j-d-y-z----|
      > runTools(plain)
      -m-b-i-j-d-y-(zl)-|
    `,
    'an array that is returned as it stands is the result': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(listed)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: result(['sun', 'rain']) },
    },
    'what a tool fails with is a result': `
      -m-b-i-j-d-y-z----|
      > runTools(failing)
      -m-b-i-j-d-y-(zF)-|
    `,
    'what a tool throws is a result': `
      -m-b-i-j-d-y-z----|
      > runTools(throwing)
      -m-b-i-j-d-y-(zF)-|
    `,
    'what cannot be made a text is a result all the same': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(odd)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: failure('get_weather failed') },
    },
    'at least one runs, whatever number is asked for': `
      -m-b-i-j-d-B-J-D-y-z-|
      > runTools(slow, { concurrency: NaN })
      -m-b-i-j-d-B-J-D-y-z---l---------(K|)
    `,
    'a tool that takes too long is let go, with a result': `
      -m-b-i-j-d-y-z-|
      > runTools(both, { timeout: 4 })
      -m-b-i-j-d-y-z---(L|)
    `,
    'a call that waits for its turn is not timed': `
      -m-b-i-j-d-B-J-D-y-z-|
      > runTools(slow, { concurrency: 1, timeout: 13 })
      -m-b-i-j-d-B-J-D-y-z---l---------(K|)
    `,
    'a tool that is not there has a result that says so': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools({})
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: failure('There is no tool "get_weather"') },
    },
    'the input is the one that the schema gives': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(echo, { tools })
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: result('Tokyo') },
    },
    'an input that is not what the schema asks for is not run': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(never, { tools: strict })
        -m-b-i-j-d-y-(zE)-|
      `,
      values: {
        E: failure('The input of "get_weather" is not what its schema asks for: days: There are no days'),
      },
    },
    'an input that the reply cut off is not run': {
      drawing: `
        -m-b-i-j-d-v-z----|
        > runTools(handlers)
        -m-b-i-j-d-v-(zE)-|
      `,
      values: { E: failure('The reply was cut off: it ended with max_tokens') },
    },
    'a call that is aborted is not run': {
      drawing: `
        -m-b-i-a----s-z-|
        > runTools(handlers)
        -m-b-i-(aE)-s-z-|
      `,
      values: { E: failure('stopped') },
    },
    'a call of the provider is left to it': `
      -m-S-i-j-d-s-z-|
      > runTools(handlers)
      -m-S-i-j-d-s-z-|
    `,
    'a call that the stream answers itself is left alone': `
      -m-b-i-j-d-l-y-z-|
      > runTools(handlers)
      -m-b-i-j-d-l-y-z-|
    `,
    'a call that waits to be certain is run, whatever result of another comes meanwhile': {
      drawing: `
        -m-b-i-j-d-E-y-z-----|
        > runTools(handlers)
        -m-b-i-j-d-E-y-z-----(l|)
      `,
      values: { E: events.toolResult('toolu_9', 'of another') },
    },
    'of two calls, the one that the stream does not answer is run': {
      drawing: `
        -m-b-i-j-B-J-d-D-l-y-z-|
        > runTools(both)
        -m-b-i-j-B-J-d-D-l-y-z-(K|)
      `,
    },
    'a call is run whatever the reply ended with, unless that cut it off': `
      -m-b-i-j-d-s-z-|
      > runTools(handlers)
      -m-b-i-j-d-s-z-----(l|)
    `,
    'calls of one id run one after another, so that each has its own result': {
      drawing: `
        -m-b-i-j-d-B-J-D-y-z-|
        > runTools(slow)
        -m-b-i-j-d-B-J-D-y-z---l---------(K|)
      `,
      values: {
        B: events.toolUseStart(2, 'toolu_1', 'get_time'),
        K: events.toolResult('toolu_1', { time: '12:00' }),
      },
    },
    'a reset lets go of the calls of the attempt it drops': `
      -m-b-i-j-d-B-r-m-o-t-c-s-z-|
      > runTools(both)
      -m-b-i-j-d-B-r-m-o-t-c-s-z-|
    `,
    'a reset leaves the calls of a message that is whole': `
      -m-b-i-j-d-y-z-n-r--n-z-|
      > runTools(handlers)
      -m-b-i-j-d-y-z-n-r-ln-z-|
    `,
    'a failure of the reply lets go of the calls that run': {
      drawing: `
        -m-b-i-j-d-B-#
        > runTools(endless)
        -m-b-i-j-d-B-#
        ^------------!
      `,
    },
    'an error event is a failure': {
      drawing: `
        -m-b-i-j-d-B-e-|
        > runTools(endless)
        -m-b-i-j-d-B-#
        ^------------!
      `,
      errors: { output: overloaded },
    },
    'an end inside the message is a failure': {
      drawing: `
        -m-b-i-j-d-B-|
        > runTools(endless)
        -m-b-i-j-d-B-#
      `,
      errors: { output: endedEarly },
    },
    'events that contradict each other are a failure': {
      drawing: `
        -m-b-n-|
        > runTools(handlers)
        -m-b-#
        ^----!
      `,
      errors: { output: anotherBegan },
    },
    'a subscriber who leaves lets go of the source, and of the calls': `
      -m-b-i-j-d-y-z-|
      > runTools(handlers)
      -m-b-i-j-d-y-z--
      ---------------!
      ^--------------!
    `,
    'a source that is tried again is read from its start': `
      -m-b-#
      > runTools(handlers)
      -m-b-#
      > retry(1)
      -m-b--m-b-#
      ^----!
      -----^----!
    `,
  },
  checks: {
    'a subscriber who leaves with a result draws nothing more': () => {
      expect(eventsDrawn(runTools(atOnce), [m, b, i, j, d, y, z, m], 8)).toBe(7);
    },
    'events that come while another is delivered wait for its results': () => {
      const seen = valuesUnderReentrancy(runTools(atOnce), [m], [b, i, j, d, y, z]);
      expect(seen).toEqual([m, b, i, j, d, y, z, result('21 °C')]);
    },
    'a tool that is let go is unsubscribed from': () => {
      let running = 0;
      const counted = {
        get_weather: () => defer(() => (running++, NEVER)).pipe(finalize(() => running--)),
      };
      const subscription = of(m, b, i, j, d, y, z).pipe(runTools(counted)).subscribe();
      expect(running).toBe(1);
      subscription.unsubscribe();
      expect(running).toBe(0);
    },
    'a tool gets the input and the call': () => {
      const given: unknown[] = [];
      of(m, b, i, j, d, y, z)
        .pipe(runTools({ get_weather: (input, call) => (given.push(input, call), EMPTY) }))
        .subscribe();
      const call = { type: 'tool_use', index: 1, id: 'toolu_1', name: 'get_weather', status: 'complete' };
      expect(given).toEqual([{ city: 'Tokyo' }, { ...call, input: { city: 'Tokyo' } }]);
    },
    'no tool of a reply that fails before it is certain is run': () => {
      const errors: unknown[] = [];
      of(m, b, i, j, d)
        .pipe(runTools(throwing))
        .subscribe({ error: (error: unknown) => errors.push(error) });
      expect(errors).toEqual([new StreamError('truncated', endedEarly.message)]);
    },
  },
});
