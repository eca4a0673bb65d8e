import { readFileSync } from 'node:fs';
import { from, retry, take, type OperatorFunction } from 'rxjs';
import { dedent, docComment } from '../../../marbles/gallery/docComment.js';
import { eventsDrawn, valuesUnderReentrancy } from '../../../marbles/kit/laws.js';
import { lettersOf } from '../../../marbles/kit/letters.js';
import { run } from '../../../marbles/kit/run.js';
import type { AnyOperator } from '../../../marbles/kit/sheet.js';
import { decodeRpc, unwrapMessageUpdate } from '../../../src/codecs/synaps/codec.js';
import { isMessageUpdate, isTurnResponse, type AnyRpcEvent } from '../../../src/codecs/synaps/wire.js';
import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import { AGENT_END, callStart, line, OTHERS, READY, response, text, update } from './frames.js';

const HEARTBEAT = { type: 'heartbeat', n: 1 };
/** Small letters are the protocol's events; their frames, or what they hold, are the capital ones. */
const EVENTS = {
  r: READY,
  t: text('hi'),
  u: callStart('t1'),
  x: events.unknown('heartbeat', HEARTBEAT),
  e: AGENT_END,
  p: response('1'),
};
const FRAMES = {
  R: line(READY),
  T: line(EVENTS.t),
  X: line(HEARTBEAT),
  E: line(AGENT_END),
  P: line(EVENTS.p),
  M: { data: '{"type":"message_update"}' },
  V: line({ ...READY, protocol_version: 2 }),
};
const HELD = {
  T: { type: 'text_delta', delta: 'hi' },
  U: { type: 'toolcall_start', tool_id: 't1', tool_name: 'bash' },
};

const CONNECTION_LOST = new StreamError('network', 'The connection was lost');
const MALFORMED = new StreamError('malformed', 'message_update.event must be an object, but is missing', {
  raw: '{"type":"message_update"}',
});
const VERSION = new StreamError('protocol', 'Version 2 of the protocol is not supported; 1 is', {
  raw: FRAMES.V.data,
});
const NOT_GREETED = new StreamError('protocol', 'A frame came before ready: "message_update"', {
  raw: FRAMES.T.data,
});
interface Drawn {
  readonly drawing: string;
  readonly output?: StreamError;
}

interface Subject {
  readonly name: string;
  readonly operators: Readonly<Record<string, () => AnyOperator>>;
  readonly letters: Readonly<Record<string, unknown>>;
  readonly picture: string;
  readonly cases: Readonly<Record<string, string | Drawn>>;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'decodeRpc',
    operators: {
      'decodeRpc()': () => decodeRpc(),
      "decodeRpc({ unknown: 'skip', malformed: 'skip' })": () =>
        decodeRpc({ unknown: 'skip', malformed: 'skip' }),
      'decodeRpc({ handshake: true })': () => decodeRpc({ handshake: true }),
      'retry(1)': () => retry(1),
    },
    letters: { ...EVENTS, ...FRAMES },
    picture: `
      -R-T-X-E-P-|
      > decodeRpc()
      -r-t-x-e-p-|
      ^----------!
    `,
    cases: {
      'a source that never speaks stays silent': `
        ------
        > decodeRpc()
        ------
        ^-----
      `,
      'an empty source is empty': `
        --|
        > decodeRpc()
        --|
        ^-!
      `,
      'a frame that cannot be read is an error after those before it': {
        drawing: `
          -T-(TMT)-|
          > decodeRpc()
          -t-(t#)
          ^--!
        `,
        output: MALFORMED,
      },
      'what cannot be read is skipped where that is asked for': `
        -X-M-T-|
        > decodeRpc({ unknown: 'skip', malformed: 'skip' })
        -----t-|
        ^------!
      `,
      'another version of the protocol is refused': {
        drawing: `
          -V-T-|
          > decodeRpc()
          -#
          ^!
        `,
        output: VERSION,
      },
      'a handshake that is demanded is awaited by each subscription': `
        -R-T-#
        > decodeRpc({ handshake: true })
        -r-t-#
        > retry(1)
        -r-t--r-t-#
        ^----!
        -----^----!
      `,
      'what comes before a handshake that is demanded is an error': {
        drawing: `
          -T-R-|
          > decodeRpc({ handshake: true })
          -#
          ^!
        `,
        output: NOT_GREETED,
      },
      'an error of the source passes': `
        -T-#
        > decodeRpc()
        -t-#
        ^--!
      `,
      'a subscriber who leaves lets go of the source': `
        -R-T-T-|
        > decodeRpc()
        -r-t-
        ----!
        ^---!
      `,
    },
  },
  {
    name: 'unwrapMessageUpdate',
    operators: { 'unwrapMessageUpdate()': () => unwrapMessageUpdate(), 'retry(1)': () => retry(1) },
    letters: { ...EVENTS, ...HELD },
    picture: `
      -r-t-u-x-e-p-|
      > unwrapMessageUpdate()
      ---T-U-------|
      ^------------!
    `,
    cases: {
      'a source that never speaks stays silent': `
        ------
        > unwrapMessageUpdate()
        ------
        ^-----
      `,
      'an empty source is empty': `
        --|
        > unwrapMessageUpdate()
        --|
        ^-!
      `,
      'an error of the source passes, and what is tried again is read from its start': `
        -t-#
        > unwrapMessageUpdate()
        -T-#
        > retry(1)
        -T--T-#
        ^--!
        ---^--!
      `,
      'a subscriber who leaves lets go of the source': `
        -t-u-|
        > unwrapMessageUpdate()
        -T-
        --!
        ^-!
      `,
    },
  },
];

describe.each(SUBJECTS.map((subject) => [subject.name, subject] as const))('%s', (name, subject) => {
  const { picture, operators, letters, cases } = subject;

  function runs(drawn: string | Drawn): void {
    const { drawing, output = CONNECTION_LOST } = typeof drawn === 'string' ? { drawing: drawn } : drawn;
    const errors = { source: CONNECTION_LOST, output };
    run({ drawing, operators, letters: lettersOf({}, letters), errors, before: picture });
  }

  it('does what its picture shows', () => runs(picture));

  it('has its picture in its documentation, word for word', () => {
    const source = readFileSync(new URL(`../../../src/codecs/synaps/codec.ts`, import.meta.url), 'utf8');
    expect(docComment(source, name).drawing).toBe(dedent(picture));
  });

  for (const [sentence, drawn] of Object.entries(cases)) it(sentence, () => runs(drawn));
});

/** Small events, as far as their types go. */
const T = text('hi') as AnyRpcEvent;
const P = response('1') as AnyRpcEvent;

describe('a synchronous source', () => {
  it('is drawn no further than is taken', () => {
    expect(eventsDrawn(decodeRpc(), [FRAMES.T], 3)).toBe(3);
    expect(eventsDrawn(unwrapMessageUpdate(), [T], 3)).toBe(3);
  });
});

describe('what comes while another is delivered', () => {
  it.each<
    [string, OperatorFunction<never, unknown>, readonly object[], readonly object[], readonly object[]]
  >([
    ['decodeRpc', decodeRpc(), [FRAMES.R], [FRAMES.T, FRAMES.E], [EVENTS.r, EVENTS.t, EVENTS.e]],
    ['unwrapMessageUpdate', unwrapMessageUpdate(), [EVENTS.t], [EVENTS.u], [HELD.T, HELD.U]],
  ])('stays in order: %s', (_name, operator, first, later, expected) => {
    expect(valuesUnderReentrancy(operator as OperatorFunction<object, unknown>, first, later)).toEqual(
      expected,
    );
  });
});

describe('the guards', () => {
  it('tell what belongs to a turn, and what ends one', () => {
    const all = [READY, T, AGENT_END, P, ...OTHERS, EVENTS.x] as readonly AnyRpcEvent[];
    expect(all.filter(isMessageUpdate)).toEqual([T]);
    expect(all.filter(isTurnResponse)).toEqual([P]);
    expect(isTurnResponse(response('auto:1', { ok: true }, 'auto_turn'))).toBe(true);
  });
});

it('the operators read a turn from its frames to its text', () => {
  const frames = [
    READY,
    text('a'),
    update({ type: 'text_delta', delta: 'b' }),
    AGENT_END,
    response('1'),
    text('c'),
  ];
  let words = '';
  from(frames.map(line))
    .pipe(decodeRpc({ handshake: true }), unwrapMessageUpdate(), take(2))
    .subscribe((event) => {
      if (event.type === 'text_delta') words += event.delta;
    });
  expect(words).toBe('ab');
});
