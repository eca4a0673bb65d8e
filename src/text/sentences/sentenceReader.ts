import { endsAbbreviated } from './abbreviations.js';

/** How sentences are cut. */
export interface SentenceLimits {
  readonly locale?: string | undefined;
  /** Characters. */
  readonly min: number;
  readonly max: number;
}

/** What ends a sentence. Without one of them there is nothing to look for. */
const STOP = /[.!?。！？｡؟۔।\n\r\u0085\u2028\u2029]/;

/**
 * What decides whether a sentence ends before it: a letter, for one in lower case goes on with a sentence; another stop, or
 * a line break. Until then spaces, numbers and marks may still belong to it.
 *
 * @see https://unicode.org/reports/tr29/#SB8
 */
const DECIDES = /[\p{L}.!?。！？｡؟۔।\n\r\u0085\u2028\u2029]/u;

const LINE_BREAK = /[\n\r\u0085\u2028\u2029]\s*$/;

/** The mark of a list item or a heading, which belongs to what follows. */
const MARK = /^(?:\d{1,9}[.)]|[-*+•–]|#{1,6}|>)$/;

/** Where a sentence that is too long is cut, as late as there is one. */
const CUTS = [/^[^]*[,;:—–、，；：]["'”’)\]]*\s?/u, /^[^]*\s/u];

/** Cuts a text that comes in pieces into its sentences, each as soon as nothing that comes can change it. */
export class SentenceReader {
  readonly #segmenter: Intl.Segmenter;
  readonly #min: number;
  readonly #max: number;
  readonly #emit: (sentence: string) => void;
  #text = '';
  #hasStop = false;

  constructor({ locale, min, max }: SentenceLimits, emit: (sentence: string) => void) {
    this.#segmenter = new Intl.Segmenter(locale, { granularity: 'sentence' });
    this.#min = min;
    this.#max = max;
    this.#emit = emit;
  }

  next(piece: string): void {
    this.#text += piece;
    this.#hasStop ||= STOP.test(piece);
    if (this.#hasStop || this.#text.length > this.#max) this.#look();
  }

  end(): void {
    this.#look(true);
    this.#say(this.#text);
    this.#text = '';
  }

  /** Emits what is certain, and what is too long. A window is as much as may wait, so that it matters not how pieces are cut. */
  #look(isOver = false): void {
    let from = 0;
    for (;;) {
      // Blank text says nothing, however much of it there is.
      while (from < this.#text.length && /\s/.test(this.#text.charAt(from))) from++;
      const window = this.#text.slice(from, from + this.#max + 1);
      const isLast = from + window.length === this.#text.length;
      const end = this.#emitted(window, isOver && isLast) || this.#cutOff(window);
      if (end === 0) break;
      from += end;
    }
    this.#text = this.#text.slice(from);
    this.#hasStop = STOP.test(this.#text);
  }

  /** Emits the sentences that are certain. @returns where the last of them ends */
  #emitted(window: string, isOver: boolean): number {
    const last = isOver ? window.length : lastDecision(window);
    let from = 0;
    let isBlank = true;
    for (const { index, segment } of this.#segmenter.segment(window)) {
      if (index > last) break;
      const wasBlank = isBlank;
      isBlank = segment.trim() === '';
      // What a blank segment ends has been looked at before.
      if (wasBlank && index > 0 && isBlank) continue;
      if (!this.#isWhole(window.slice(from, index))) continue;
      this.#say(window.slice(from, index));
      from = index;
    }
    return from;
  }

  /** Emits the beginning of a sentence that is too long. @returns where that ends; 0 where the sentence is not */
  #cutOff(window: string): number {
    if (window.length <= this.#max) return 0;
    const most = window.slice(0, this.#max);
    const part = CUTS.map((cut) => cut.exec(most)?.[0] ?? '').find((part) => part.trim() !== '');
    // Half a surrogate pair waits for the other.
    const end = part?.length ?? (/[\ud800-\udbff]$/.test(most) ? most.length - 1 : most.length);
    this.#say(window.slice(0, Math.max(end, 1)));
    return Math.max(end, 1);
  }

  #isWhole(sentence: string): boolean {
    const words = sentence.trim();
    if (words === '') return false;
    if (words.length < this.#min || MARK.test(words)) return false;
    return LINE_BREAK.test(sentence) || !endsAbbreviated(words);
  }

  #say(sentence: string): void {
    const words = sentence.trim();
    if (words !== '') this.#emit(words);
  }
}

/** Up to where sentences are certain: the last character that decides about one before it. */
function lastDecision(text: string): number {
  for (let at = text.length - 1; at >= 0; at--) if (DECIDES.test(text[at] ?? '')) return at;
  return 0;
}
