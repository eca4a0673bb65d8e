import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Codec } from '../../../src/codecs/codec.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { answersIn, type Answer } from './answerIn.js';
import { answers } from './answers.js';
import type { Scope } from './scope.js';
import { through } from './spelling.js';

type Sequence = readonly StreamEvent[];

/** How many replies a stream holds, of one or of two. */
const MEAN = 1.5;

/** What holds of a stream that two codecs carried, and of what it was; it throws where it does not. */
export type Law = (arrived: Sequence, sent: Sequence, answers: readonly Answer[]) => void;

/** Generated streams for many pairs of codecs: what the first makes of each is made once. */
export class Translated {
  readonly #scope: Scope;
  readonly #sent: readonly { readonly sequence: Sequence; readonly answers: readonly Answer[] }[];
  readonly #arrived = new Map<Codec, readonly (Sequence | undefined)[]>();

  /** @param replies - how many replies the streams hold together */
  constructor(scope: Scope, replies: number) {
    this.#scope = scope;
    const generated = fc.sample(answers(scope), Math.ceil(replies / MEAN));
    this.#sent = generated.map((sequence) => ({ sequence, answers: answersIn(sequence) }));
  }

  /** Checks a law of two codecs, one after the other. Of the streams that break it the smallest is shown. */
  check(from: Codec, to: Codec, law: Law): void {
    const [first, second] = [this.#through(from), this.#through(to)];
    const broken = this.#sent.findIndex(({ sequence, answers }, at) => {
      const between = first[at];
      const arrived = between === sequence ? second[at] : attempt(() => through([to], between ?? []));
      if (between === undefined || arrived === undefined) return true;
      const obeys = attempt(() => {
        if (arrived !== sequence) law(arrived, sequence, answers);
        return true;
      });
      return obeys === undefined;
    });
    if (broken < 0) return;
    const each = fc.property(answers(this.#scope), (sequence) => {
      law(through([from, to], sequence), sequence, answersIn(sequence));
    });
    fc.assert(each, { path: String(broken) });
    throw new Error(`Stream ${broken} breaks the law of ${from.name} and ${to.name} now and then`);
  }

  /** What arrives of each through a codec: the stream itself where nothing is changed, and `undefined` where that fails. */
  #through(codec: Codec): readonly (Sequence | undefined)[] {
    const known = this.#arrived.get(codec);
    if (known !== undefined) return known;
    const made = this.#sent.map(({ sequence }) => {
      const arrived = attempt(() => through([codec], sequence));
      return isDeepStrictEqual(arrived, sequence) ? sequence : arrived;
    });
    this.#arrived.set(codec, made);
    return made;
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
