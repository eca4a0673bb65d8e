import { anthropic } from '../../../src/anthropic.js';
import { bytesOf, recordings } from '../../recordings/recordings.js';
import { answersIn, partOf } from './answerIn.js';
import { PROTOCOLS } from './protocols.js';
import { carriedBy } from './scope.js';
import { eventsIn, through } from './spelling.js';
import { flaws } from './wellFormed.js';

const known = recordings('anthropic');
const others = PROTOCOLS.filter(({ codec }) => codec.name !== anthropic.name).map(
  (protocol) => [protocol.codec.name, protocol] as const,
);

if (known.length === 0) {
  it('there are no recordings here to be translated', () => {
    expect(known).toEqual([]);
  });
} else {
  const files = known.map(
    (recording) => [recording.file, eventsIn(anthropic, [bytesOf(recording)])] as const,
  );

  describe.each(others)('a recorded stream of the Messages API that was sent on as %s', (_, protocol) => {
    it.each(files)('%s is the same in what that carries', (_file, recorded) => {
      // A fallback block names another model than the start, and few protocols have either.
      const carried = new Set([...carriedBy(protocol.carries)].filter((feature) => feature !== 'model'));
      const arrived = through([protocol.codec, anthropic], recorded);
      expect(flaws(arrived)).toEqual(protocol.order === true ? [] : flaws(recorded));
      const sent = answersIn(recorded).map((answer) => partOf(answer, carried));
      expect(answersIn(arrived).map((answer) => partOf(answer, carried))).toEqual(sent);
    });
  });
}
