import { of, retry, Subject, timer } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import type { Message } from '../src/events/message.js';
import type { StreamState } from '../src/fold/turn/streamState.js';
import { NO_USAGE, type UsageTotals } from '../src/fold/usage/usageTotals.js';
import { accumulateState } from '../src/operators/accumulateState.js';
import { runTools } from '../src/operators/runTools.js';
import { stopOn } from '../src/operators/stopOn.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { cutOff, ended, hologram, message, text, weather, weatherCall } from './contents.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, s, z } = alphabet;

/** What each message that has come was billed. */
function usageOf(messages: readonly Message[]): UsageTotals {
  const sum = (field: 'input_tokens' | 'output_tokens'): number =>
    messages.reduce((total, { usage }) => total + usage[field], 0);
  return { ...NO_USAGE, input_tokens: sum('input_tokens'), output_tokens: sum('output_tokens') };
}

/** What has come besides the last reply. */
interface Besides {
  readonly before?: readonly Message[];
  readonly calls?: readonly object[];
  readonly usage?: UsageTotals;
}

/** A state whose last reply is this. */
function stateOf(
  status: StreamState['status'],
  message: Message | undefined,
  { before = [], calls = [], usage }: Besides = {},
): object {
  const messages = message === undefined ? before : [...before, message];
  return { status, message, messages, calls, usage: usage ?? usageOf(messages), error: undefined };
}

const waiting = stateOf('waiting', undefined);
const streaming = (message: Message, besides?: Besides): object => stateOf('streaming', message, besides);
const done = (message: Message, besides?: Besides): object => stateOf('done', message, besides);

/** The last state of an answer that fails when so much of it has come. */
function failed(
  error: StreamError,
  message?: Message,
  besides?: Besides,
  partial: unknown = message,
): object {
  return { ...stateOf('failed', message, besides), error: error.withPartial(partial) };
}

const call = (status: string, input: object, more: object = {}): object => ({
  ...weatherCall,
  status,
  input,
  ...more,
});

const la = message(text('la'));
const whole = ended(message(text('la 🎵')), 'end_turn', 5);
const second: Message = { ...alphabet.n.message };
const tokyo = { city: 'Tokyo' };
const asked = ended(message(weather(tokyo)), 'tool_use', alphabet.y.usage.output_tokens);
const warm = call('done', tokyo, { result: '21 °C', isError: false });
const cold = call('cancelled', tokyo, { result: 'Cancelled', isError: true });
const empty = events.messageStart({ model: 'model-1' }).message;
const paused = { ...message(), stop_reason: 'pause_turn' as const };
const foreign = new Error('lost');

export default sheet({
  operator: 'accumulateState',
  operators: {
    'accumulateState()': () => accumulateState(),
    'stopOn(timer(8))': () => stopOn(timer(8)),
    'stopOn(timer(14))': () => stopOn(timer(14)),
    'retry(1)': () => retry(1),
    "runTools({}, { unhandled: 'leave' })": () => runTools({}, { unhandled: 'leave' }),
  },
  values: {
    W: waiting,
    M: streaming(message()),
    O: streaming(message(text(''))),
    T: streaming(la),
    U: streaming(message(text('la 🎵'))),
    S: streaming(whole),
    Z: done(whole),
    D: done(la),
    F: failed(overloaded, la),
    B: streaming(message(weather({})), { calls: [call('streaming', {})] }),
    I: streaming(message(weather({ city: 'To' })), { calls: [call('streaming', { city: 'To' })] }),
    J: streaming(message(weather(tokyo)), { calls: [call('streaming', tokyo)] }),
    Y: streaming(asked, { calls: [call('streaming', tokyo)] }),
    A: stateOf('tools', asked, { calls: [call('queued', tokyo)] }),
    L: stateOf('tools', asked, { calls: [warm] }),
    X: failed(connectionLost, la),
  },
  labels: {
    W: 'waiting',
    M: 'streaming, no text',
    O: 'streaming ""',
    T: 'streaming "la"',
    F: 'failed "la"',
  },
  flows: ['events', 'states'],
  picture: `
    -m-o-t-e---|
    > accumulateState()
    WM-O-T-(F|)
    ^------!
  `,
  cases: {
    'a source that never speaks is waited for': `
      -------
      > accumulateState()
      W------
      ^------
    `,
    'an empty source has failed': {
      drawing: `
        ---|
        > accumulateState()
        W--(E|)
        ^--!
      `,
      values: { E: failed(endedEarly) },
    },
    'the first event of a message begins it, and the last one ends it': `
      --m-o-t-u-c-s-z-|
      > accumulateState()
      W-M-O-T-U---S-Z-|
      ^---------------!
    `,
    'what changes nothing is not told': `
      -pxm-pop-pt-c-pz-px-|
      > accumulateState()
      W--M--O---T----D----|
    `,
    'states of one moment all come': `
      --(mot)-(ucsz)-|
      > accumulateState()
      W-(MOT)-(USZ)--|
    `,
    'another message begins its own states': {
      drawing: `
        -m-o-t-c-z-n-z-|
        > accumulateState()
        WM-O-T---D-N-E-|
      `,
      values: { N: streaming(second, { before: [la] }), E: done(second, { before: [la] }) },
    },
    'what follows the end of a message is passed over': `
      -m-o-t-c-z-u-l-x-|
      > accumulateState()
      WM-O-T---D-------|
    `,
    'a reset is waited after, and what the attempt cost stays': {
      drawing: `
        -m-o-t-r--n-z-|
        > accumulateState()
        WM-O-T-R--N-E-|
      `,
      values: {
        R: stateOf('waiting', undefined, { usage: usageOf([la]) }),
        N: streaming(second, { usage: usageOf([la, second]) }),
        E: done(second, { usage: usageOf([la, second]) }),
      },
    },
    'the tools of the app are waited for, and then the next reply': {
      drawing: `
        -m-b-i-j-d-y-z---l---n-z-|
        > accumulateState()
        WM-B-I-J---Y-A---L---N-E-|
        ^------------------------!
      `,
      values: {
        N: streaming(second, { before: [asked], calls: [warm] }),
        E: done(second, { before: [asked], calls: [warm] }),
      },
    },
    'with the results and the end of the source a turn is done': {
      drawing: `
        -m-b-i-j-d-y-z-l-|
        > accumulateState()
        WM-B-I-J---Y-A-L-(D|)
      `,
      values: {
        D: done(asked, { calls: [warm] }),
      },
    },
    'a reply that has all its results before it ends is followed by another all the same': {
      drawing: `
        -(mbijdl)-y-z---n-z-|
        > accumulateState()
        W(MBIJG)--P-A---N-E-|
      `,
      values: {
        G: streaming(message(weather(tokyo)), { calls: [warm] }),
        P: streaming(asked, { calls: [warm] }),
        A: stateOf('tools', asked, { calls: [warm] }),
        N: streaming(second, { before: [asked], calls: [warm] }),
        E: done(second, { before: [asked], calls: [warm] }),
      },
    },
    'at the end nobody waits for the result of a call that nobody ran': {
      drawing: `
        -(mbijdyz)-|
        > accumulateState()
        W(MBIJYA)--(D|)
      `,
      values: { D: done(asked, { calls: [call('queued', tokyo)] }) },
    },
    'a call that was left to somebody else still waits for its result': {
      drawing: `
        -(mbijdyz)-------|
        > runTools({}, { unhandled: 'leave' })
        -(mbijdyzG)------|
        > accumulateState()
        W(MBIJYAS)-------|
      `,
      values: {
        G: { ...events.toolResult('toolu_1', null), preliminary: true },
        S: stateOf('tools', asked, { calls: [call('running', tokyo, { progress: null })] }),
      },
    },
    'an approval and the progress of a tool show in its call': {
      drawing: `
        -(mbijdyz)-P-Q-G-l-|
        > accumulateState()
        W(MBIJYA)--R-A-S-L-(D|)
      `,
      values: {
        P: events.toolApproval('toolu_1', 'requested'),
        Q: events.toolApproval('toolu_1', 'approved'),
        G: { ...events.toolResult('toolu_1', 'half of it'), preliminary: true },
        R: stateOf('tools', asked, { calls: [call('approval', tokyo)] }),
        S: stateOf('tools', asked, { calls: [call('running', tokyo, { progress: 'half of it' })] }),
        D: done(asked, { calls: [warm] }),
      },
    },
    'a stop while the reply is written is no failure': {
      drawing: `
        -m-o-t---u-c-z-|
        > stopOn(timer(8))
        -m-o-t--(QCz|)
        > accumulateState()
        WM-O-T--(GH|)
        ^-------!
      `,
      values: {
        Q: events.blockAbort(0, 'Cancelled'),
        C: events.messageDelta('cancelled', { output_tokens: 1 }),
        G: streaming(ended(la, 'cancelled', 1)),
        H: stateOf('stopped', ended(la, 'cancelled', 1)),
      },
    },
    'a stop while a tool runs cancels the call': {
      drawing: `
        -(mbijdyz)-------|
        > stopOn(timer(14))
        -(mbijdyz)----(CVKz|)
        > accumulateState()
        W(MBIJYA)-----(GNPH|)
        ^-------------!
      `,
      values: {
        C: { ...events.toolResult('toolu_1', 'Cancelled', true), cancelled: true },
        V: events.messageStart({ model: 'model-1' }),
        K: events.messageDelta('cancelled'),
        G: stateOf('tools', asked, { calls: [cold] }),
        N: streaming(empty, { before: [asked], calls: [cold] }),
        P: streaming(ended(empty, 'cancelled', 0), { before: [asked], calls: [cold] }),
        H: stateOf('stopped', ended(empty, 'cancelled', 0), { before: [asked], calls: [cold] }),
      },
    },
    'after a pause the next reply is awaited': {
      drawing: `
        -m-P-z---n-z-|
        > accumulateState()
        WM-S-A---N-E-|
      `,
      values: {
        P: events.messageDelta('pause_turn', { output_tokens: 1 }),
        S: streaming(paused),
        A: stateOf('waiting', paused),
        N: streaming(second, { before: [paused] }),
        E: done(second, { before: [paused] }),
      },
    },
    'a reset before anything has come changes nothing': `
      -p-r-m-o-t-#
      > accumulateState()
      W----M-O-T-(X|)
    `,
    'an error of the source is a failure': `
      -m-o-t-#
      > accumulateState()
      WM-O-T-(X|)
      ^------!
    `,
    'an end inside the message is a failure, with what had come of it': {
      drawing: `
        -m-o-t-c-|
        > accumulateState()
        WM-O-T---(E|)
      `,
      values: { E: failed(endedEarly, la) },
    },
    'a tool input that is cut off shows what is certain of it': {
      drawing: `
        -m-b-i-#
        > accumulateState()
        WM-B-I-(E|)
      `,
      values: {
        E: failed(connectionLost, message(weather({})), {
          calls: [call('invalid', { city: 'To' }, { error: cutOff('{"city":"To', connectionLost.message) })],
        }),
      },
    },
    'events that contradict each other are a failure': {
      drawing: `
        -m-o-t-n-z-|
        > accumulateState()
        WM-O-T-(E|)
        ^------!
      `,
      values: { E: failed(anotherBegan, la) },
    },
    'blocks without a message are a failure, which has them': {
      drawing: `
        -w-d-|
        > accumulateState()
        W(E|)
        ^!
      `,
      values: {
        E: failed(new StreamError('protocol', 'A block began before its message'), undefined, {}, [
          { ...hologram, index: 1, status: 'aborted', reason: 'A block began before its message' },
        ]),
      },
    },
    'an error of others becomes one of ours': {
      drawing: `
        -m-o-t-#
        > accumulateState()
        WM-O-T-(E|)
      `,
      errors: { source: foreign },
      values: {
        E: failed(
          new StreamError('source', 'The source of the stream failed: see its cause', { cause: foreign }),
          la,
        ),
      },
    },
    'a failure after the end of a message is told, and the message stays': {
      drawing: `
        -m-o-t-c-z-#
        > accumulateState()
        WM-O-T---D-(X|)
      `,
    },
    'there is nothing to try again: it does not fail': `
      -m-o-t-#
      > accumulateState()
      WM-O-T-(X|)
      > retry(1)
      WM-O-T-(X|)
      ^------!
    `,
  },
  checks: {
    'states of events that come while another is delivered stay in order': () => {
      const source = new Subject<StreamEvent>();
      const seen: string[] = [];
      source.pipe(accumulateState()).subscribe(({ status, message }) => {
        seen.push(`${status} ${JSON.stringify(message?.content ?? [])}`);
        if (seen.length === 2) for (const event of [o, t, c, z]) source.next(event);
      });
      source.next(m);
      expect(seen.map((state) => state.split(' ')[0])).toEqual([
        'waiting',
        'streaming',
        'streaming',
        'streaming',
        'done',
      ]);
    },
    'the message that did not change is the same object in the next state': () => {
      const states: StreamState[] = [];
      of(m, o, t, c, s, z)
        .pipe(accumulateState())
        .subscribe((state) => states.push(state));
      const [last, whole] = states.slice(-2);
      expect([last?.status, whole?.status]).toEqual(['streaming', 'done']);
      expect(whole?.message).toBe(last?.message);
    },
  },
});
