import {
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  mergeMap,
  NEVER,
  of,
  retry,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import { ToolError } from '../src/errors/toolError.js';
import * as events from '../src/events/make.js';
import { runTools } from '../src/operators/runTools.js';
import { stopOn } from '../src/operators/stopOn.js';
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
const telling = { get_weather: () => throwError(() => new ToolError('No such city')) };
const number = { get_weather: () => 21 };
const huge = { get_weather: () => of({ celsius: 21n }) };
const dated = { get_weather: () => of({ at: new Date(0) }) };
/** Says on its way how far it is. */
const inSteps = { get_weather: () => concat(after(2, 'half of it'), after(4, '21 °C')) };
const thenFails = {
  get_weather: () => concat(after(2, 'half of it'), timer(2).pipe(mergeMap(failing.get_weather))),
};
const thenEnds = { get_weather: () => concat(of('21 °C'), timer(4).pipe(ignoreElements())) };
/** Each asks somebody who answers so. */
const yes = () => after(4, true);
const no = () => after(4, { approved: false, reason: 'Too far' });
const twice = () => concat(after(4, true), after(1, false));
const atOnceYes = () => true;
const later = () => 'later' as const;
const nobody = () => NEVER;
const silence = () => EMPTY;
const mumble = () => of('yes' as 'later');
const broken = () => throwError(() => new Error('No connection'));
const onlyWeather = ({ name }: { name: string }) => (name === 'get_weather' ? after(16, true) : true);
const guarded = { get_weather: { run: () => after(6, '21 °C'), approve: no }, get_time: () => '12:00' };
const timed = { get_weather: { run: () => after(6, '21 °C'), timeout: 4 } };
/** Its calls run one after another, and beside those of other tools. */
const lone = { get_weather: { run: () => after(9, '21 °C'), concurrency: 1 }, get_time: () => '12:00' };
const echo = { get_weather: ({ city }: { city: string }) => of(city) };
const tools = { get_weather: zod.object({ city: zod.string() }) };
const strict = { get_weather: zod.object({ days: zod.number('There are no days') }) };
const never = { get_weather: () => of('never') };

const result = (content: unknown): object => events.toolResult('toolu_1', content);
const progress = (content: unknown): object => ({
  ...events.toolResult('toolu_1', content),
  preliminary: true,
});
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
    'runTools(telling)': () => runTools(telling),
    'runTools(number)': () => runTools(number),
    'runTools(huge)': () => runTools(huge),
    'runTools(dated)': () => runTools(dated),
    'runTools(inSteps)': () => runTools(inSteps),
    'runTools(thenFails)': () => runTools(thenFails),
    'runTools(thenEnds)': () => runTools(thenEnds),
    'runTools(inSteps, { timeout: 5 })': () => runTools(inSteps, { timeout: 5 }),
    'runTools(handlers, { approve: yes })': () => runTools(handlers, { approve: yes }),
    'runTools(handlers, { approve: yes, timeout: 7 })': () =>
      runTools(handlers, { approve: yes, timeout: 7 }),
    'runTools(handlers, { approve: no })': () => runTools(handlers, { approve: no }),
    'runTools(handlers, { approve: twice })': () => runTools(handlers, { approve: twice }),
    'runTools(handlers, { approve: atOnceYes })': () => runTools(handlers, { approve: atOnceYes }),
    'runTools(handlers, { approve: later })': () => runTools(handlers, { approve: later }),
    'runTools(handlers, { approve: nobody })': () => runTools(handlers, { approve: nobody }),
    'runTools(handlers, { approve: silence })': () => runTools(handlers, { approve: silence }),
    'runTools(handlers, { approve: mumble })': () => runTools(handlers, { approve: mumble }),
    'runTools(handlers, { approve: broken })': () => runTools(handlers, { approve: broken }),
    'runTools(slow, { approve: onlyWeather, concurrency: 1 })': () =>
      runTools(slow, { approve: onlyWeather, concurrency: 1 }),
    'runTools(guarded)': () => runTools(guarded),
    'runTools(timed)': () => runTools(timed),
    'runTools(lone)': () => runTools(lone),
    "runTools({}, { unhandled: 'leave' })": () => runTools({}, { unhandled: 'leave' }),
    'stopOn(timer(19))': () => stopOn(timer(19)),
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
    F: failure('get_weather failed'),
    // Whether the call in block 1 may be run.
    Q: events.toolApproval('toolu_1', 'requested'),
    A: events.toolApproval('toolu_1', 'approved'),
    N: events.toolApproval('toolu_1', 'denied', 'Too far'),
    X: failure('get_weather was not approved: Too far'),
    P: progress('half of it'),
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
    'a text that is returned as it stands is the result, right after the event that made it certain': `
      -m-b-i-j-d-y-z----|
      > runTools(plain)
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
    'a ToolError is made for the model, which reads its message': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(telling)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: failure('No such city') },
    },
    'a number that is returned as it stands is the result': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(number)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: result(21) },
    },
    'a result that is not JSON is an error of its call alone': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(huge)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: failure('The result of get_weather is not JSON') },
    },
    'a result is as JSON has it': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools(dated)
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: result({ at: '1970-01-01T00:00:00.000Z' }) },
    },
    'what a tool says on its way is progress, and what it ends with is the result': `
      -m-b-i-j-d-y-z-------|
      > runTools(inSteps)
      -m-b-i-j-d-y-z-P---l-|
    `,
    'what a tool says before it fails is progress': `
      -m-b-i-j-d-y-z--------|
      > runTools(thenFails)
      -m-b-i-j-d-y-z-P-F----|
    `,
    'a value is progress until the tool completes, which makes it the result': {
      drawing: `
        -m-b-i-j-d-y-z-------|
        > runTools(thenEnds)
        -m-b-i-j-d-y-(zE)l---|
      `,
      values: { E: progress('21 °C') },
    },
    'values that come at once are progress, except the last': {
      drawing: `
        -m-b-i-j-d-y-z-----|
        > runTools(atOnce)
        -m-b-i-j-d-y-(zEl)-|
      `,
      values: { E: progress('20 °C') },
    },
    'the time of a call is that of all it says': {
      drawing: `
        -m-b-i-j-d-y-z-----|
        > runTools(inSteps, { timeout: 5 })
        -m-b-i-j-d-y-z-P--E|
      `,
      values: { E: failure('get_weather took longer than 5 ms') },
    },
    'a call that is to be approved waits for it, and runs then': `
      -m-b-i-j-d-y-z---------|
      > runTools(handlers, { approve: yes })
      -m-b-i-j-d-y-(zQ)A-----(l|)
    `,
    'the time of a call begins with its approval': `
      -m-b-i-j-d-y-z---------|
      > runTools(handlers, { approve: yes, timeout: 7 })
      -m-b-i-j-d-y-(zQ)A-----(l|)
    `,
    'a call that is denied is not run, and the model reads so': `
      -m-b-i-j-d-y-z--------|
      > runTools(handlers, { approve: no })
      -m-b-i-j-d-y-(zQ)(NX)-|
    `,
    'the first answer counts': `
      -m-b-i-j-d-y-z---------|
      > runTools(handlers, { approve: twice })
      -m-b-i-j-d-y-(zQ)A-----(l|)
    `,
    'an approval that is there at once is told all the same': `
      -m-b-i-j-d-y-z--------|
      > runTools(handlers, { approve: atOnceYes })
      -m-b-i-j-d-y-(zQA)-l--|
    `,
    'what is to be answered later is left without a result': `
      -m-b-i-j-d-y-z-----|
      > runTools(handlers, { approve: later })
      -m-b-i-j-d-y-(zQ)--|
    `,
    'an approval that never comes is waited for': `
      -m-b-i-j-d-y-z-|
      > runTools(handlers, { approve: nobody })
      -m-b-i-j-d-y-(zQ)-
    `,
    'an approval that completes without an answer is a denial': {
      drawing: `
        -m-b-i-j-d-y-z------|
        > runTools(handlers, { approve: silence })
        -m-b-i-j-d-y-(zQDE)-|
      `,
      values: {
        D: events.toolApproval('toolu_1', 'denied', 'The approval failed'),
        E: failure('get_weather was not approved: The approval failed'),
      },
    },
    'an approval that is no clear yes is a denial': {
      drawing: `
        -m-b-i-j-d-y-z------|
        > runTools(handlers, { approve: mumble })
        -m-b-i-j-d-y-(zQUE)-|
      `,
      values: {
        U: events.toolApproval('toolu_1', 'denied', 'The approval failed'),
        E: failure('get_weather was not approved: The approval failed'),
      },
    },
    'an approval that fails is a denial': {
      drawing: `
        -m-b-i-j-d-y-z------|
        > runTools(handlers, { approve: broken })
        -m-b-i-j-d-y-(zQUE)-|
      `,
      values: {
        U: events.toolApproval('toolu_1', 'denied', 'The approval failed'),
        E: failure('get_weather was not approved: The approval failed'),
      },
    },
    'only the call that waits for its approval waits, and takes no place of those that run': {
      drawing: `
        -m-b-i-j-d-B---J-D-y-z-|
        > runTools(slow, { approve: onlyWeather, concurrency: 1 })
        -m-b-i-j-d-(BQ)J-D-y-(zRS)-A---K-----------(l|)
      `,
      values: {
        R: events.toolApproval('toolu_2', 'requested'),
        S: events.toolApproval('toolu_2', 'approved'),
      },
    },
    'a tool may ask for itself': {
      drawing: `
        -m-b-i-j-d-B-------J-D-y-z----|
        > runTools(guarded)
        -m-b-i-j-d-(BQ)(NX)J-D-y-(zK)-|
      `,
      values: { K: events.toolResult('toolu_2', '12:00') },
    },
    'a tool may have a time of its own': `
      -m-b-i-j-d-y-z----|
      > runTools(timed)
      -m-b-i-j-d-y-z---L|
    `,
    'a tool that has a concurrency waits for its own calls alone': {
      drawing: `
        -m-b-i-j-d-B-J-D-V-W-y-z-----------|
        > runTools(lone)
        -m-b-i-j-d-B-J-D-V-Wly-(zK)--O-----|
      `,
      values: {
        B: events.toolUseStart(2, 'toolu_3', 'get_weather'),
        V: events.toolUseStart(3, 'toolu_2', 'get_time'),
        W: events.blockStop(3),
        O: events.toolResult('toolu_3', '21 °C'),
        K: events.toolResult('toolu_2', '12:00'),
      },
    },
    'a tool without a handler may be left to somebody else': {
      drawing: `
        -m-b-i-j-d-y-z----|
        > runTools({}, { unhandled: 'leave' })
        -m-b-i-j-d-y-(zE)-|
      `,
      values: { E: progress(null) },
    },
    'a Stop behind it ends the call that waits for its approval': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > runTools(handlers, { approve: nobody })
        -m-b-i-j-d-y-(zQ)--
        > stopOn(timer(19))
        -m-b-i-j-d-y-(zQ)--(CMYz|)
      `,
      values: {
        C: { ...failure('Cancelled'), cancelled: true },
        M: events.messageStart({ model: 'model-1' }),
        Y: events.messageDelta('cancelled'),
      },
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
    'a call that the stream asks somebody about is left alone, whatever becomes of it': {
      drawing: `
        -m-b-i-j-d-Q-N-l-y-z-m-b-i-j-d-Q-y-z-|
        > runTools(handlers)
        -m-b-i-j-d-Q-N-l-y-z-m-b-i-j-d-Q-y-z-|
      `,
      values: {
        Q: events.toolApproval('toolu_1', 'requested'),
        N: events.toolApproval('toolu_1', 'denied'),
      },
    },
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
      const seen = valuesUnderReentrancy(runTools(plain), [m], [b, i, j, d, y, z]);
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
    'a tool gets the input, the call and a signal': () => {
      const given: unknown[] = [];
      of(m, b, i, j, d, y, z)
        .pipe(
          runTools({ get_weather: (input, { call, signal }) => (given.push(input, call, signal), EMPTY) }),
        )
        .subscribe();
      const call = { type: 'tool_use', index: 1, id: 'toolu_1', name: 'get_weather', status: 'complete' };
      const input = { city: 'Tokyo' };
      expect(given).toEqual([input, { ...call, input }, expect.objectContaining({ aborted: false })]);
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
