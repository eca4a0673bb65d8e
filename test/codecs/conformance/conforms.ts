import fc from 'fast-check';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { StopReason } from '../../../src/events/message.js';
import { runs } from '../../seed.js';
import { answersIn } from './answerIn.js';
import { answer, answers, STOP_REASONS } from './answers.js';
import { DISORDER, disordered } from './disorder.js';
import { expectSame } from './expectSame.js';
import { inOrder } from './inOrder.js';
import type { Protocol } from './presented.js';
import { ALL, carriedBy, EVERYTHING, everythingIn, scopeOf } from './scope.js';
import { attempted, framesOf, isAccepted, through } from './spelling.js';
import { strangersIn } from './strangers.js';
import { flaws, isOfNoCall, isOfOrder, isWhole } from './wellFormed.js';

/** The tests that every codec passes. They stand inside a `describe` of its own. */
export function itConforms(protocol: Protocol): void {
  const { codec, order, stranger, answersEarlier } = protocol;

  it('carries each feature, or says what becomes of it', () => {
    expect(Object.keys(protocol.carries).sort()).toEqual([...ALL].sort());
    const sentences = Object.values(protocol.carries).filter((words) => words !== true);
    expect(sentences.filter((words) => !/^\S.*[^.\s]$/.test(words))).toEqual([]);
  });

  it('gives back what it carries', () => {
    fc.assert(
      fc.property(answers(scopeOf(carriedBy(protocol.carries), stranger)), (sequence) => {
        expectSame(through([codec], sequence), sequence);
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each(STOP_REASONS)('gives %s back as well where the start of the message tells it', (stop_reason) => {
    const end = events.messageDelta(stop_reason as StopReason);
    const [late, early] = [
      [events.messageStart(), end, events.messageStop()],
      [events.messageStart({ stop_reason }), events.messageStop()],
    ].map((sequence) => answersIn(through([codec], sequence)).map(({ message }) => message?.stop_reason));
    expect(early).toEqual(late);
  });

  it('gives back that a message was cancelled, where its row says so, and never its call', () => {
    const cancelled = [
      events.messageStart(),
      events.toolUseStart(0, 'toolu_1', 'get_weather'),
      events.inputJsonDelta(0, '{"city":'),
      events.blockAbort(0, 'Cancelled'),
      events.messageDelta('cancelled' as StopReason),
      events.messageStop(),
    ];
    const [arrived] = answersIn(through([codec], cancelled));
    const { stopReason } = protocol.carries;
    if (stopReason === true || stopReason.includes('cancelled')) {
      expect(arrived?.message?.stop_reason).toBe('cancelled');
    }
    expect(arrived?.calls).toEqual([]);
  });

  describe('given any stream', () => {
    it('writes frames of its own', () => {
      fc.assert(
        fc.property(answers(EVERYTHING), (sequence) => {
          const strange = framesOf(codec, sequence).filter((frame) => {
            if (frame.data === codec.terminator) return false;
            const isOwn = isAccepted(codec, JSON.parse(frame.data));
            const isUnknown = attempted(codec, [frame]).arrived.some(({ type }) => type === 'unknown');
            return /[\r\n]/.test(frame.data) || !(isOwn || isUnknown);
          });
          expect(strange).toEqual([]);
        }),
        { numRuns: runs(200) },
      );
    });

    it('takes no unknown event for one of its own, however that is spelled', () => {
      fc.assert(
        fc.property(answer(everythingIn(protocol.carries)), fc.nat(), strangersIn(protocol), (...given) => {
          const [sequence, at, strange] = given;
          const place = at % sequence.length;
          const arrived = through([codec], [...sequence.slice(0, place), strange, ...sequence.slice(place)]);
          expectSame(withoutUnknown(arrived), withoutUnknown(through([codec], sequence)));
        }),
        { numRuns: runs(500) },
      );
    });

    it('makes a well-formed one of it, with as many answers', () => {
      fc.assert(
        fc.property(answers(everythingIn(protocol.carries)), (sequence) => {
          const decoded = through([codec], sequence);
          if (order === true) expect(flaws(decoded)).toEqual([]);
          const { arrived, failure } = inOrder(decoded);
          expect(failure).toBeUndefined();
          expect(flaws(arrived)).toEqual([]);
          expect(isWhole(arrived)).toBe(true);
          expect(answersIn(arrived)).toHaveLength(answersIn(sequence).length);
        }),
        { numRuns: runs(500) },
      );
    });

    it('takes none for whole that was cut off before or after it was written', () => {
      fc.assert(
        fc.property(answer(EVERYTHING), fc.nat(), (sequence, at) => {
          const begun = sequence.slice(0, at % sequence.length);
          const given = through([codec], begun);
          // What began anew behind a part that was sent is an error where the protocol cannot take that back.
          const isRefused =
            protocol.carries.resets !== true &&
            begun.some(({ type }) => type === 'reset') &&
            given.at(-1)?.type === 'error';
          expect(isWhole(given) && !isRefused).toBe(false);
          const frames = framesOf(codec, sequence);
          const isEnd = protocol.isEnd ?? (() => false);
          const ends = frames.findIndex(({ data }) => isEnd(data));
          const decoder = codec.decoder();
          for (const frame of frames.slice(0, at % (ends < 0 ? frames.length : ends + 1)))
            decoder.next(frame);
          expect(decoder.end().map(({ type }) => type)).not.toContain('message_stop');
        }),
        { numRuns: runs(300) },
      );
    });

    it('takes none for whole that failed', () => {
      fc.assert(
        fc.property(answer(EVERYTHING), (sequence) => {
          fc.pre(sequence.at(-1)?.type === 'error');
          expect(through([codec], sequence).map(({ type }) => type)).not.toContain('message_stop');
        }),
        { numRuns: runs(100) },
      );
    });

    it('makes a well-formed one of it, or an error, whatever frames are lost, doubled or out of order', () => {
      fc.assert(
        fc.property(answers(EVERYTHING), DISORDER, (sequence, mistakes) => {
          const decoded = attempted(codec, disordered(framesOf(codec, sequence), mistakes));
          const { arrived, failure } = inOrder(decoded.arrived);
          expect(decoded.failure?.code ?? 'none').toMatch(/^(?:none|protocol|malformed)$/);
          const found = flaws(decoded.arrived).filter((flaw) => !answersEarlier || !isOfNoCall(flaw));
          if (order === true) expect(found).toEqual([]);
          expect(failure?.code ?? 'none').toMatch(/^(?:none|protocol)$/);
          expect(flaws(arrived).filter(isOfOrder)).toEqual([]);
        }),
        { numRuns: runs(500) },
      );
    });
  });
}

function withoutUnknown(sequence: readonly StreamEvent[]): readonly StreamEvent[] {
  return sequence.filter(({ type }) => type !== 'unknown');
}
