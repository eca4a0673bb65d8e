import { cut } from '../errors/streamError.js';
import type { Skip } from '../codecs/skip.js';
import type { Found } from '../wire/stage.js';
import { failureIn, MAX_DOCUMENT_LENGTH, notAStream } from './document.js';
import { beginsField } from './firstBytes.js';

/** So many stray pieces are tried as JSON, because each that is not costs an exception. */
const MOST_TRIES = 256;

/** What stands between the frames. It means something only if it plainly is an error. It belongs to one subscription. */
export class Strays {
  readonly #codec: string;
  readonly #onSkip: ((skip: Skip) => void) | undefined;
  /** What was passed over. */
  #text = '';
  #tries = MOST_TRIES;

  /**
   * @param codec - the name of the protocol
   * @param onSkip - hears of what is passed over
   */
  constructor(codec: string, onSkip: ((skip: Skip) => void) | undefined) {
    this.#codec = codec;
    this.#onSkip = onSkip;
  }

  /** Another body begins. */
  clear(): void {
    this.#text = '';
  }

  /** @returns the data of the error that it is; `undefined` where it is passed over */
  take({ data, unterminated }: Found): string | undefined {
    const failure = data.includes('{') && this.#tries-- > 0 ? failureIn(data) : undefined;
    if (failure) return JSON.stringify(failure);
    this.#onSkip?.({ kind: 'line', codec: this.#codec, raw: cut(data) });
    const isCut = unterminated === true && beginsField(data.slice(data.lastIndexOf('\n') + 1));
    const room = MAX_DOCUMENT_LENGTH - this.#text.length;
    if (!isCut && room > 0) this.#text += `${data.slice(0, room)}\n`;
    return undefined;
  }

  /**
   * What the stray lines say of an answer that did not end: JSON over many lines, or words in a field `error`.
   *
   * @param hasSpoken - whether anything else came
   * @returns the data of an error
   * @throws StreamError `not-a-stream` where they are all that came
   */
  lastWords(hasSpoken: boolean): string | undefined {
    if (this.#text === '') return undefined;
    const failure = failureIn(this.#text);
    const words = failure ? JSON.stringify(failure) : /^error: ?(.*\S)/im.exec(this.#text)?.[1];
    if (words === undefined && !hasSpoken) throw notAStream(this.#text.trim());
    return words;
  }
}
