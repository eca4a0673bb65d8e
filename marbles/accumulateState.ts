import { of, retry, Subject } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import type { StreamState } from '../src/fold/message/streamState.js';
import { accumulateState } from '../src/operators/accumulateState.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { ended, hologram, message, text, weather } from './contents.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, s, z } = alphabet;

const waiting = { status: 'waiting', message: undefined, error: undefined };
const streaming = (message: unknown): object => ({ status: 'streaming', message, error: undefined });
const done = (message: unknown): object => ({ status: 'done', message, error: undefined });

/** The last state of an answer that fails when so much of it has come. */
function failed(error: StreamError, message?: unknown, partial = message): object {
  return { status: 'failed', message, error: error.withPartial(partial) };
}

const la = message(text('la'));
const whole = ended(message(text('la 🎵')), 'end_turn', 5);
const second = { ...alphabet.n.message };
const foreign = new Error('lost');

export default sheet({
  operator: 'accumulateState',
  operators: { 'accumulateState()': () => accumulateState(), 'retry(1)': () => retry(1) },
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
      values: { N: streaming(second), E: done(second) },
    },
    'what follows the end of a message is passed over': `
      -m-o-t-c-z-u-l-x-|
      > accumulateState()
      WM-O-T---D-------|
    `,
    'a reset is waited after': `
      -m-o-t-r--m-o-t-c-z-|
      > accumulateState()
      WM-O-T-W--M-O-T---D-|
    `,
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
        B: streaming(message(weather({}))),
        I: streaming(message(weather({ city: 'To' }))),
        E: failed(connectionLost, message(weather({}))),
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
        E: failed(new StreamError('protocol', 'A block began before its message'), undefined, [
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
        E: failed(new StreamError('source', 'The source of the stream failed', { cause: foreign }), la),
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
