/** Who hears what stands in a text. */
export interface FenceSink {
  /** Text outside of fences, line breaks included. */
  text(piece: string): void;
  /** A fence begins. `info` is what stands behind its mark. */
  open(info: string): void;
  /** More of the code in it, without the line break before its end. */
  code(piece: string): void;
  close(): void;
}

/** An open fence. */
interface Fence {
  /** What a line has to be to close it. */
  readonly end: RegExp;
  /** What a line may begin with that is to close it. */
  readonly maybeEnd: RegExp;
  /** How many quotes it stands in. */
  readonly quotes: number;
  /** How far it is indented behind them; the mark of a list item is as wide as it is. */
  readonly indent: number;
}

/** The marks of quotes and list items at the beginning of a line. */
const MARKS = String.raw`(?:[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]|>))*[ \t]*`;
const OPENER = new RegExp(`^(${MARKS})(\`{3,}(?=[^\`]*$)|~{3,})[ \\t]*(.*)$`);
/** The beginning of a line that may still open a fence. */
const MAY_OPEN = new RegExp(`^${MARKS}(?:[-*+]|\\d{1,9}[.)]?|\`{1,2}|~{1,2}|\`{3,}[^\`]*|~{3,}.*)?$`);
/** A longer line neither opens a fence nor closes one: so much may be held back, and no more. */
const LONGEST = 1_000;

/**
 * Finds the code fences of a text that comes in pieces: at the beginning of a line, behind the marks of quotes and list
 * items, however far it is indented. What a line may still be is held back until that is known.
 *
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export class FenceScanner {
  readonly #sink: FenceSink;
  #fence: Fence | undefined;
  /** The beginning of a line while it is not known what it is. */
  #line = '';
  #isKnown = false;
  /** Whether there is a line of code before this one. */
  #hasCode = false;
  /** Whether a CR waits, which may be half a line break. */
  #isBreaking = false;

  constructor(sink: FenceSink) {
    this.#sink = sink;
  }

  get isInside(): boolean {
    return this.#fence !== undefined;
  }

  next(piece: string): void {
    let rest = this.#isBreaking ? `\r${piece}` : piece;
    this.#isBreaking = rest.endsWith('\r');
    if (this.#isBreaking) rest = rest.slice(0, -1);
    for (;;) {
      const end = rest.indexOf('\n');
      if (end < 0) break;
      this.#add(rest.slice(0, rest[end - 1] === '\r' ? end - 1 : end), true);
      rest = rest.slice(end + 1);
    }
    if (rest !== '') this.#add(rest, false);
  }

  /** Says what is still held back. A fence that nothing closes stays open. */
  end(): void {
    if (this.#isBreaking) this.#add('\r', false);
    if (this.#line !== '') this.#settle(true);
  }

  #add(part: string, isWhole: boolean): void {
    if (!this.#isKnown) {
      this.#line += part;
      this.#settle(isWhole);
    } else if (part !== '') this.#say(part);
    if (!isWhole) return;
    if (this.#isKnown && this.#fence === undefined) this.#sink.text('\n');
    this.#isKnown = false;
  }

  /** Finds out what the line is, if that can be told. */
  #settle(isWhole: boolean): void {
    const line = this.#line;
    const fence = this.#fence;
    if (fence !== undefined) {
      if (isWhole && line.length < LONGEST && fence.end.test(line)) this.#close();
      else if (isWhole || line.length >= LONGEST || !fence.maybeEnd.test(line))
        this.#begin(codeIn(line, fence));
      return;
    }
    if (!isWhole && line.length < LONGEST && MAY_OPEN.test(line)) return;
    const opened = isWhole && line.length < LONGEST ? OPENER.exec(line) : null;
    if (opened === null) this.#begin(line);
    else this.#open(opened);
  }

  #begin(line: string): void {
    this.#line = '';
    this.#isKnown = true;
    if (this.#fence !== undefined && this.#hasCode) this.#sink.code('\n');
    this.#hasCode = true;
    if (line !== '') this.#say(line);
  }

  #say(part: string): void {
    if (this.#fence === undefined) this.#sink.text(part);
    else this.#sink.code(part);
  }

  #open([, marks = '', mark = '', info = '']: RegExpExecArray): void {
    const quotes = marks.split('>').length - 1;
    const inQuotes = String.raw`(?:[ \t]*>){0,${quotes}}[ \t]*`;
    const character = mark.charAt(0);
    this.#fence = {
      end: new RegExp(`^${inQuotes}${character}{${mark.length},}[ \\t]*$`),
      maybeEnd: new RegExp(`^${inQuotes}${character}*[ \\t]*$`),
      quotes,
      indent: marks.length - (marks.lastIndexOf('>') + 1),
    };
    this.#line = '';
    this.#hasCode = false;
    this.#sink.open(info.trim());
  }

  #close(): void {
    this.#line = '';
    this.#fence = undefined;
    this.#sink.close();
  }
}

/** A line of code without the marks of the quotes that it stands in, and without the indentation of its fence. */
function codeIn(line: string, { quotes, indent }: Fence): string {
  let from = 0;
  for (let nth = 0; nth < quotes; nth++) {
    const mark = /^[ \t]*>/.exec(line.slice(from));
    if (mark === null) break;
    from += mark[0].length;
  }
  // A space behind the mark of a quote belongs to it, and is a part of the indentation of the fence.
  const spaces = /^[ \t]*/.exec(line.slice(from))?.[0].length ?? 0;
  return line.slice(from + Math.min(spaces, indent));
}
