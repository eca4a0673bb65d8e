import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import { synaps } from '../../../src/synaps.js';
import { runs } from '../../seed.js';
import type { Feature } from './carries.js';
import { answersIn, partOf } from './answerIn.js';
import { answers } from './answers.js';
import { expectSame } from './expectSame.js';
import { PROTOCOLS } from './protocols.js';
import { carriedBy, EVERYTHING, scopeOf, type Scope } from './scope.js';
import { eventsOf, framesOf, through } from './spelling.js';

const PAIRS = PROTOCOLS.flatMap((from) => PROTOCOLS.map((to) => [from, to] as const)).map(
  ([from, to]) => [from.codec.name, to.codec.name, from, to] as const,
);

/** Where these are not carried, what is carried arrives in another order, twice, or as a text. */
const FORMS: readonly Feature[] = [
  'interleaving',
  'resets',
  'toolResultValues',
  'errors',
  'inputPieces',
  'endTurnAfterCalls',
];

it.each(PROTOCOLS.map((to) => [to.codec.name, to] as const))(
  'an error that ended no turn ends none in %s',
  (_, to) => {
    const data = '{"type":"error","message":"The subagent failed","id":null}';
    const given = eventsOf(synaps, [{ data }]);
    expect(given.map(({ type }) => type)).toEqual(['unknown']);
    const arrived = eventsOf(to.codec, framesOf(to.codec, given));
    expect(arrived.filter(({ type }) => type !== 'unknown')).toEqual([]);
  },
);

describe.each(PAIRS)('from %s to %s', (_from, _to, from, to) => {
  const codecs = [from.codec, to.codec];
  const carried = carriedBy(from.carries, to.carries);

  it('the whole answer arrives where both carry all of it', () => {
    // An unknown event is spelled as its own protocol does.
    const shared = new Set([...carried].filter((feature) => feature !== 'unknown'));
    fc.assert(
      fc.property(answers(scopeOf(shared)), (sequence) => {
        expectSame(wholeAnswers(through(codecs, sequence), shared), wholeAnswers(sequence, shared));
      }),
      { numRuns: runs(100) },
    );
  });

  it('of any answer, what both carry arrives', () => {
    const formed: Scope = {
      ...EVERYTHING,
      has: (feature) => !FORMS.includes(feature) || carried.has(feature),
    };
    fc.assert(
      fc.property(answers(formed), (sequence) => {
        const sent = answersIn(sequence).map((answer) => partOf(answer, carried));
        const arrived = answersIn(through(codecs, sequence)).map((answer) => partOf(answer, carried));
        expectSame(arrived, sent);
      }),
      { numRuns: runs(100) },
    );
  });
});

/** The answers, without their reason where a call alone may change it. */
function wholeAnswers(sequence: readonly StreamEvent[], carried: ReadonlySet<Feature>): readonly object[] {
  const answers = answersIn(sequence);
  if (carried.has('stopReason') || carried.has('endTurnAfterCalls')) return answers;
  return answers.map(({ message, ...answer }) => ({ ...answer, message: { ...message, stop_reason: null } }));
}
