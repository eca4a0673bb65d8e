import { BlockCutter, type Cut, type MarkdownKind } from './blockCutter.js';
import { healed, OpenMarks, type MarkdownMark } from './openMarks.js';

/** One top-level block of a Markdown text, as far as it has come. */
export interface MarkdownBlock {
  /** What it is; `rest` is all that stands behind the first 2,047 blocks. */
  readonly kind: MarkdownKind | 'rest';
  /** Its source, with the blank lines behind it. All of them, joined, are the text. */
  readonly text: string;
  /** `streaming` while more may come of it: of the last one alone. */
  readonly status: 'streaming' | 'complete';
  /** What is open at its end, from the outside in. */
  readonly open: readonly (MarkdownMark | 'fence' | 'table' | 'html')[];
  /** What to give to a renderer: the text, with what is open closed. */
  readonly healed: string;
}

const NOTHING: MarkdownBlock['open'] = [];

/** A list is copied for each piece of text. So that no piece costs more than this list, the last block takes all the rest. */
const MOST_BLOCKS = 2_048;

/** Cuts one Markdown text into its top-level blocks while it comes. */
export class MarkdownReader {
  readonly #cutter = new BlockCutter();
  readonly #finished: MarkdownBlock[] = [];
  #marks = new OpenMarks();
  /** What is known to belong to the open block, and what of the present line is not. */
  #text = '';
  #undecided = '';
  #isOpen = false;
  #length = 0;
  #kind: MarkdownKind = 'paragraph';
  /** How many blocks the cutter has begun for what was taken. */
  #begun = 0;
  /** Whether a CR waits, which may be half a line break. */
  #isBreaking = false;

  /**
   * Takes the next piece of the text.
   *
   * @returns whether the blocks have changed
   */
  next(piece: string): boolean {
    const before = this.#length;
    const text = this.#isBreaking ? `\r${piece}` : piece;
    this.#isBreaking = text.endsWith('\r');
    const lines = (this.#isBreaking ? text.slice(0, -1) : text).split('\n');
    lines.forEach((line, nth) => {
      if (line !== '') this.#take(line, this.#cutter.grow(line));
      if (nth < lines.length - 1) this.#endLine('\n');
    });
    return this.#length > before;
  }

  /** The text has ended. */
  end(): void {
    if (this.#isBreaking) this.#take('\r', this.#cutter.grow('\r'));
    this.#endLine('');
    if (this.#isOpen) this.#finish();
  }

  /** The blocks as far as they are certain. Those that are finished are the same in each. */
  get blocks(): readonly MarkdownBlock[] {
    // To push into a copy would make the engine copy it again.
    return this.#isOpen ? this.#finished.concat([this.#tail()]) : this.#finished.slice();
  }

  #endLine(end: string): void {
    this.#take(end, this.#cutter.end());
    this.#kind = this.#cutter.kind ?? 'paragraph';
    // What is open in a line of these does not go on in the next.
    if (this.#cutter.isOver || /^(?:list|table|heading)$/.test(this.#kind)) this.#marks.clear();
  }

  #take(more: string, cut: Cut): void {
    const text = this.#undecided + more;
    this.#undecided = cut === 'unknown' ? text : '';
    if (cut === 'unknown' || text === '') return;
    if (this.#cutter.begun > this.#begun) {
      // What stands before the first block belongs to it.
      if (this.#begun > 0) this.#endBlock();
      this.#begun = this.#cutter.begun;
      this.#kind = this.#cutter.kind ?? 'paragraph';
    }
    this.#isOpen = true;
    this.#text += text;
    this.#length += text.length;
    this.#marks.next(text);
  }

  #endBlock(): void {
    if (this.#isRest) this.#marks.clear();
    else this.#finish();
  }

  /** Whether no other block may follow the open one. */
  get #isRest(): boolean {
    return this.#finished.length === MOST_BLOCKS - 1;
  }

  #finish(): void {
    this.#finished.push({
      kind: this.#isRest ? 'rest' : this.#kind,
      text: this.#text,
      status: 'complete',
      open: NOTHING,
      healed: this.#text,
    });
    this.#text = '';
    this.#marks = new OpenMarks();
    this.#isOpen = false;
  }

  #tail(): MarkdownBlock {
    const { fence, isOver } = this.#cutter;
    const [kind, text] = [this.#kind, this.#text];
    const block = { kind: this.#isRest ? ('rest' as const) : kind, text, status: 'streaming' as const };
    if (fence !== undefined) {
      return {
        ...block,
        open: ['fence'],
        get healed() {
          return `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
        },
      };
    }
    if (kind === 'html' && !isOver) return { ...block, open: ['html'], healed: text };
    if (isOver || kind === 'code' || kind === 'rule') return { ...block, open: NOTHING, healed: text };
    const { open, state } = this.#marks;
    return {
      ...block,
      open: kind === 'table' ? ['table', ...open] : open,
      // Made when it is read: it costs what the block is long.
      get healed() {
        return healed(text, state);
      },
    };
  }
}
