import { concatMap, from, map, of, timer, type Observable } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import type { TurnMessage } from '../src/events/turnMessage.js';
import { runTools } from '../src/operators/runTools.js';
import { stopOn } from '../src/operators/stopOn.js';
import { streamTurn } from '../src/turns/streamTurn.js';
import { alphabet, endedEarly, overloaded } from './alphabet.js';
import { sheet } from './kit/sheet.js';

const { n, o, t, c, s, z } = alphabet;

const question: readonly TurnMessage[] = [{ role: 'user', content: 'How warm is it in Tokyo?' }];

/** The answer to the first request; to each other one, a text that comes piece by piece. */
const first = (answer: Observable<StreamEvent>) => (messages: readonly TurnMessage[]) =>
  messages.length === question.length ? answer : said;
const said = from([n, o, t, c, s, z]).pipe(concatMap((event) => timer(2).pipe(map(() => event))));
/** The same answer to each request. */
const each = (answer: Observable<StreamEvent>) => () => answer;

const run = runTools({ get_weather: () => timer(4).pipe(map(() => '21 °C')) });
const atOnce = runTools({ get_weather: () => of('21 °C') });

const tooMany = (rounds: number): StreamError =>
  new StreamError(
    'limit',
    `The model is not done after ${rounds} rounds; raise maxRounds if the task needs more`,
  );

export default sheet({
  operator: 'streamTurn',
  operators: {
    '(answer) => streamTurn(question, { ask: first(answer), run })': () => (answer) =>
      streamTurn(question, { ask: first(answer), run }),
    '(answer) => streamTurn(question, { ask: first(answer) })': () => (answer) =>
      streamTurn(question, { ask: first(answer) }),
    '(answer) => streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: 2 })': () => (answer) =>
      streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: 2 }),
    '(answer) => streamTurn(question, { ask: each(answer), maxRounds: 2 })': () => (answer) =>
      streamTurn(question, { ask: each(answer), maxRounds: 2 }),
    '(answer) => streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: NaN })': () => (answer) =>
      streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: NaN }),
    'stopOn(timer(15))': () => stopOn(timer(15)),
    'stopOn(timer(22))': () => stopOn(timer(22)),
  },
  values: {
    P: events.messageDelta('pause_turn'),
    L: { ...events.toolResult('toolu_1', 'Cancelled', true), cancelled: true },
    M: events.messageStart({ model: 'model-1' }),
    D: events.messageDelta('cancelled'),
    Q: events.blockAbort(0, 'Cancelled'),
    C: events.messageDelta('cancelled', { output_tokens: 1 }),
  },
  usual: () => (answer) => streamTurn(question, { ask: first(answer) }),
  flows: ['events', 'events'],
  picture: `
    -m-b-i-j-d-y-z-|
    > (answer) => streamTurn(question, { ask: first(answer), run })
    -m-b-i-j-d-y-z---l-n-o-t-c-s-(z|)
    ^------------!
  `,
  cases: {
    'a source that never speaks stays silent': `
      -------
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -------
      ^------
    `,
    'an empty source has ended too early': {
      drawing: `
        ---|
        > (answer) => streamTurn(question, { ask: first(answer), run })
        ---#
        ^--!
      `,
      errors: { output: endedEarly },
    },
    'a reply that calls no tool is the last one': `
      -m-o-t-c-s-z-----|
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -m-o-t-c-s-(z|)
      ^----------!
    `,
    'a reply that was cut off is the last one, though its call has a result': {
      drawing: `
        -m-b-i-j-d-v-z-|
        > (answer) => streamTurn(question, { ask: first(answer), run })
        -m-b-i-j-d-v-(zF|)
        ^------------!
      `,
      values: {
        F: events.toolResult('toolu_1', 'The reply was cut off: it ended with max_tokens', true),
      },
    },
    'a call that nobody runs is left: it may be answered later': `
      -m-b-i-j-d-y-z-|
      > (answer) => streamTurn(question, { ask: first(answer) })
      -m-b-i-j-d-y-(z|)
      ^------------!
    `,
    'a call that ends with end_turn is answered, too': `
      -m-b-i-j-d-s-z-|
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -m-b-i-j-d-s-z---l-n-o-t-c-s-(z|)
      ^------------!
    `,
    'an interrupted reply is gone on with, as often as maxRounds allows': {
      drawing: `
        -m-o-t-c-P-z-|
        > (answer) => streamTurn(question, { ask: each(answer), maxRounds: 2 })
        -m-o-t-c-P-zm-o-t-c-P-(z#)
        ^----------!
        -----------^----------!
      `,
      errors: { output: tooMany(2) },
    },
    'a turn that is not done after so many rounds is an error, after all that came': {
      drawing: `
        ----m-b---d-y-z-|
        > (answer) => streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: 2 })
        ----m-b---d-y-(zl)m-b---d-y-(zl#)
        ^-------------!
        --------------^-------------!
      `,
      errors: { output: tooMany(2) },
    },
    'a maxRounds that is no number is 1': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > (answer) => streamTurn(question, { ask: each(answer), run: atOnce, maxRounds: NaN })
        -m-b-i-j-d-y-(zl#)
        ^------------!
      `,
      errors: { output: tooMany(1) },
    },
    'a failure passes as it came': `
      -m-o-t-#
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -m-o-t-#
      ^------!
    `,
    'an error event is one, after what had come': {
      drawing: `
        -m-o-t-e-|
        > (answer) => streamTurn(question, { ask: first(answer), run })
        -m-o-t-#
        ^------!
      `,
      errors: { output: overloaded },
    },
    'stopped while the tool runs, the turn has an end': `
      -m-b-i-j-d-y-z-|
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -m-b-i-j-d-y-z---l-n-o-t-c-s-(z|)
      ^------------!
      > stopOn(timer(15))
      -m-b-i-j-d-y-z-(LMDz|)
      ^------------!
    `,
    'stopped in a later round, that reply has one': `
      -m-b-i-j-d-y-z-|
      > (answer) => streamTurn(question, { ask: first(answer), run })
      -m-b-i-j-d-y-z---l-n-o-t-c-s-(z|)
      ^------------!
      > stopOn(timer(22))
      -m-b-i-j-d-y-z---l-n-o(QCz|)
      ^------------!
    `,
  },
});
