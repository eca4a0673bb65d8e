import type { StreamEvent } from '../../../src/events/event.js';
import { synaps } from '../../../src/synaps.js';
import { runs } from '../../seed.js';
import { answersIn, partOf } from './answerIn.js';
import type { Feature } from './carries.js';
import { expectSame } from './expectSame.js';
import type { Protocol } from './presented.js';
import { PROTOCOLS } from './protocols.js';
import { ALL, carriedBy, EVERYTHING, scopeOf, type Scope } from './scope.js';
import { eventsOf, framesOf } from './spelling.js';
import { Translated, type Law } from './translated.js';

/** How many generated replies each pair translates: of any kind, and of those that both carry whole, which are among them. */
const REPLIES = runs(1000);
const WHOLE_REPLIES = runs(100);

/** Two protocols, one after the other, and the features that streams between them may hold. */
interface Pair {
  readonly from: Protocol;
  readonly to: Protocol;
  readonly carried: ReadonlySet<Feature>;
  readonly features: ReadonlySet<Feature>;
}

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

describe('the whole answer arrives where both carry all of it', () => {
  // An unknown event is spelled as its own protocol does.
  itHolds(
    pairs((feature, carried) => feature !== 'unknown' && carried.has(feature)),
    scopeOf,
    WHOLE_REPLIES,
    ({ features }) => {
      return (arrived, sent) => expectSame(wholeAnswers(arrived, features), wholeAnswers(sent, features));
    },
  );
});

describe('of any answer, what both carry arrives', () => {
  const formed = (features: ReadonlySet<Feature>): Scope => ({
    ...EVERYTHING,
    has: (feature) => features.has(feature),
  });
  itHolds(
    pairs((feature, carried) => !FORMS.includes(feature) || carried.has(feature)),
    formed,
    REPLIES,
    ({ carried }) => {
      return (arrived, _, answers) =>
        expectSame(
          answersIn(arrived).map((answer, at) => partOf(answer, carried, answers[at])),
          answers.map((answer) => partOf(answer, carried)),
        );
    },
  );
});

/** Every pair, with the features of its streams. Those of the same features stand together. */
function pairs(holds: (feature: Feature, carried: ReadonlySet<Feature>) => boolean): readonly Pair[] {
  const all = PROTOCOLS.flatMap((from) =>
    PROTOCOLS.map((to): Pair => {
      const carried = carriedBy(from.carries, to.carries);
      return { from, to, carried, features: new Set(ALL.filter((feature) => holds(feature, carried))) };
    }),
  );
  return all.sort((one, other) => namesOf(one.features).localeCompare(namesOf(other.features)));
}

function namesOf(features: ReadonlySet<Feature>): string {
  return [...features].join();
}

function itHolds(
  all: readonly Pair[],
  scopeFor: (features: ReadonlySet<Feature>) => Scope,
  replies: number,
  lawOf: (pair: Pair) => Law,
): void {
  let last: { readonly names: string; readonly streams: Translated } | undefined;
  const streamsOf = (features: ReadonlySet<Feature>): Translated => {
    const names = namesOf(features);
    if (last?.names !== names) last = { names, streams: new Translated(scopeFor(features), replies) };
    return last.streams;
  };
  it.each(all.map((pair) => [pair.from.codec.name, pair.to.codec.name, pair] as const))(
    'from %s to %s',
    (_from, _to, pair) => {
      streamsOf(pair.features).check(pair.from.codec, pair.to.codec, lawOf(pair));
    },
  );
}

/** The answers, without their reason where a call alone may change it. */
function wholeAnswers(sequence: readonly StreamEvent[], carried: ReadonlySet<Feature>): readonly object[] {
  const answers = answersIn(sequence);
  if (carried.has('stopReason') || carried.has('endTurnAfterCalls')) return answers;
  return answers.map(({ message, ...answer }) => ({ ...answer, message: { ...message, stop_reason: null } }));
}
