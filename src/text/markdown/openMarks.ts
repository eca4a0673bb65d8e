/** What may be open at the end of a text: what a reader of Markdown has to close. */
export type MarkdownMark = 'code' | 'emphasis' | 'strong' | 'strikethrough' | 'link' | 'image';

interface Mark {
  readonly type: MarkdownMark;
  /** What closes it. */
  readonly closing: string;
  /** Where it begins. */
  readonly at: number;
}

/** What is open at one place of a text. */
export interface OpenState {
  readonly marks: readonly Mark[];
  /** A run of one character at the end, and where it begins. */
  readonly run: string;
  readonly runAt: number;
  /** Where the address of the innermost link begins. */
  readonly addressAt: number | undefined;
}

/** The text as a renderer should read it: what has begun is closed, and half a mark is left out. */
export function healed(text: string, { marks, run, runAt, addressAt }: OpenState): string {
  const last = marks.at(-1);
  const isClosing = run !== '' && last?.closing === run;
  let whole = text;
  if (addressAt !== undefined && last !== undefined) {
    // An address that is not whole leads nowhere: of a link its words stay.
    const words = last.type === 'image' ? '' : text.slice(last.at + 1, addressAt - 2);
    whole = text.slice(0, last.at) + words;
  } else if (run !== '' && !isClosing) whole = text.slice(0, runAt);
  const endings = (isClosing ? marks.slice(0, -1) : marks)
    .map(({ type, closing }) => (type === 'link' || type === 'image' ? '' : closing))
    .reverse()
    .join('');
  return endings === '' ? whole : whole.trimEnd() + endings;
}

/** Longer runs are as long as this. */
const LONGEST_RUN = 64;
/** Deeper marks are not followed. */
const DEEPEST = 32;

/** Follows the marks inside one line or paragraph, character by character. */
export class OpenMarks {
  #marks: Mark[] = [];
  /** A run of one character, which is not over. */
  #run = '';
  #runAt = 0;
  #before = ' ';
  #isEscaped = false;
  /** Where the address of the innermost link begins. */
  #addressAt: number | undefined;
  #at = 0;

  /** What is open, from the outside in. */
  get open(): readonly MarkdownMark[] {
    return this.#marks.map(({ type }) => type);
  }

  /** Takes more of the text. */
  next(text: string): void {
    for (const character of text) {
      this.#character(character);
      this.#at += character.length;
    }
  }

  /** A line or a paragraph has ended: nothing goes on behind it. */
  clear(): void {
    this.#marks = [];
    this.#run = '';
    this.#before = ' ';
    this.#isEscaped = false;
    this.#addressAt = undefined;
  }

  /** What is open now: it stays as it is. */
  get state(): OpenState {
    return { marks: [...this.#marks], run: this.#run, runAt: this.#runAt, addressAt: this.#addressAt };
  }

  #character(character: string): void {
    if (this.#run !== '') {
      if (character === this.#run.charAt(0)) {
        if (this.#run.length < LONGEST_RUN) this.#run += character;
        return;
      }
      this.#endRun(character);
    }
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInCode() ? character === '`' : '*_~`'.includes(character)) {
      this.#run = character;
      this.#runAt = this.#at;
      return;
    } else if (!this.#isInCode()) this.#plain(character);
    this.#before = character;
  }

  #isInCode(): boolean {
    return this.#marks.at(-1)?.type === 'code';
  }

  #plain(character: string): void {
    const last = this.#marks.at(-1);
    if (this.#addressAt !== undefined) {
      if (character === ')' || character === '\n') this.#endLink();
    } else if (character === '\\') this.#isEscaped = true;
    else if (character === '[') {
      const isImage = this.#before === '!';
      this.#push({ type: isImage ? 'image' : 'link', closing: ']', at: this.#at - (isImage ? 1 : 0) });
    } else if (character === '(' && this.#before === ']' && last?.closing === ']') {
      this.#addressAt = this.#at + 1;
    } else if (this.#before === ']' && last?.closing === ']') this.#marks.pop();
  }

  #push(mark: Mark): void {
    if (this.#marks.length < DEEPEST) this.#marks.push(mark);
  }

  #endLink(): void {
    this.#addressAt = undefined;
    this.#marks.pop();
  }

  #endRun(next: string): void {
    const [run, at] = [this.#run, this.#runAt];
    this.#run = '';
    const last = this.#marks.at(-1);
    const before = this.#before;
    this.#before = run.charAt(0);
    if (last?.closing === run && (run.startsWith('`') || !/\s/.test(before))) {
      this.#marks.pop();
      return;
    }
    const type = typeOf(run);
    if (type === undefined || this.#isInCode() || this.#addressAt !== undefined) return;
    const canOpen =
      run.startsWith('`') || (!/\s/.test(next) && !(run.startsWith('_') && /[\p{L}\p{N}]/u.test(before)));
    if (canOpen) this.#push({ type, closing: run, at });
  }
}

function typeOf(run: string): MarkdownMark | undefined {
  if (run.startsWith('`')) return 'code';
  if (run.startsWith('~')) return run.length <= 2 ? 'strikethrough' : undefined;
  if (run.length > 3) return undefined;
  return run.length === 1 ? 'emphasis' : 'strong';
}
