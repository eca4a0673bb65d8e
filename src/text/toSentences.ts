import { defer, type OperatorFunction } from 'rxjs';
import { requireText } from '../errors/requireText.js';
import { transform } from '../rx/transform.js';
import { FenceScanner } from './fences/fenceScanner.js';
import { SentenceReader } from './sentences/sentenceReader.js';

/** Options of {@link toSentences}. Lengths are in UTF-16 units, as those of JavaScript are. */
export interface ToSentencesOptions {
  /** Whose sentences, as a BCP 47 tag. Default: those of the platform's language. */
  readonly locale?: string | undefined;
  /** How long a sentence is at least: a shorter one is joined with the next. Default 1. */
  readonly min?: number | undefined;
  /**
   * How long a sentence is at most, up to 10,000: a longer one is cut behind a comma, or else between two words.
   * Default 1,000.
   */
  readonly max?: number | undefined;
  /** Whether code fences are left out, which nobody wants to hear. Default `keep`. */
  readonly code?: 'keep' | 'omit' | undefined;
}

/** A sentence is looked at again with each piece of it. */
const LONGEST = 10_000;

/**
 * Emits the sentences of a text, for a voice: each as soon as nothing that comes can change it.
 *
 * ```text
 * -A--B---C---|
 * > toSentences({ locale: 'en' })
 * ----D---(EG)(F|)
 * ^-----------!
 * ```
 *
 * A sentence is certain when the next one has begun: `3.` may be the beginning of `3.14`. Abbreviations, initials and the
 * numbers of lists do not end one; a line break does. They come without the spaces around them.
 *
 * It reads pieces of one text; how they are cut changes nothing. What is left comes before completion.
 *
 * ```ts
 * import { concatMap } from 'rxjs';
 * import { streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { toSentences } from 'rxjs-llm-stream/text';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), textDeltas(), toSentences({ locale: 'en', min: 20, code: 'omit' }), concatMap(speak))
 *   .subscribe();
 * ```
 *
 * @param options - `locale`, `min`, `max` and `code`
 * @returns an operator from pieces of text to sentences; errors of the source pass
 * @throws StreamError `source` for what is no text; RangeError, when it is called, for lengths that contradict each other, and
 *   for a locale that is no tag
 * @see {@link textDeltas} {@link transformText}
 * @see https://unicode.org/reports/tr29/#Sentence_Boundaries
 */
export function toSentences({
  locale,
  min = 1,
  max = 1000,
  code = 'keep',
}: ToSentencesOptions = {}): OperatorFunction<string, string> {
  if (!(min >= 1 && max >= min && max <= LONGEST)) {
    throw new RangeError(
      `Sentences of ${min} to ${max} characters: give a min of 1 or more, and a max between that and ${LONGEST}`,
    );
  }
  Intl.getCanonicalLocales(locale);
  return (pieces) =>
    defer(() => {
      let say: (sentence: string) => void = () => undefined;
      const reader = new SentenceReader({ locale, min, max }, (sentence) => say(sentence));
      const ignore = (): void => undefined;
      const scanner = new FenceScanner({
        text: (piece) => reader.next(piece),
        open: ignore,
        code: ignore,
        close: ignore,
      });
      return pieces.pipe(
        transform<string, string>(
          (piece, emit) => {
            say = emit;
            (code === 'omit' ? scanner : reader).next(requireText('toSentences', piece));
          },
          {
            complete(emit) {
              say = emit;
              if (code === 'omit') scanner.end();
              reader.end();
            },
          },
        ),
      );
    });
}
