import { indentOf, lineOf, type Line } from './line.js';
import { isTable } from './table.js';

/** What a top-level block is. */
export type MarkdownKind = 'paragraph' | 'heading' | 'code' | 'quote' | 'list' | 'table' | 'html' | 'rule';

/** The block that is open. */
interface Open {
  kind: MarkdownKind;
  /** What closes a fence; what ends HTML. */
  readonly fence: string | undefined;
  readonly end: RegExp | undefined;
  /** Of a list: what its items share, and how far the content of its last one stands from the margin. */
  marker: string | undefined;
  offset: number;
  /** Whether its last item is empty so far. */
  isEmptyItem: boolean;
  /** Of a quote: whether its last line is empty, so that no paragraph goes on behind it. */
  isEmptyLine: boolean;
  /** How many lines of it have come. */
  lines: number;
  /** Whether nothing but blank lines can still belong to it. */
  isOver: boolean;
}

const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;

/** So much of a line decides what begins with it, so that no line costs more than its length. */
const LONGEST = 1_000;

/** What has become of a line as far as it has come: whether a block begins with it. */
export type Cut = 'begins' | 'belongs' | 'unknown';

/**
 * Finds where the top-level blocks of CommonMark and GFM begin, line by line. It looks at the beginning of each line alone,
 * and knows of the open block what is needed for that.
 */
export class BlockCutter {
  #open: Open | undefined;
  #begun = 0;
  #line = '';
  #cut: Cut = 'unknown';
  #afterBlank = false;
  #header = '';

  /** What the open block is. */
  get kind(): MarkdownKind | undefined {
    return this.#open?.kind;
  }

  /** How many blocks have begun. */
  get begun(): number {
    return this.#begun;
  }

  /** The fence that is open. */
  get fence(): string | undefined {
    return this.#open?.isOver === false ? this.#open.fence : undefined;
  }

  /** Whether it can be read without what is still to come of it. */
  get isOver(): boolean {
    return this.#open?.isOver ?? true;
  }

  /** Takes more of the present line, not its end. */
  grow(piece: string): Cut {
    this.#line += piece;
    return this.#decide(false);
  }

  /** The present line ends here. */
  end(): Cut {
    this.#line = this.#line.replace(/\r$/, '');
    const cut = this.#decide(true);
    const line = this.#line;
    this.#line = '';
    this.#cut = 'unknown';
    this.#finishLine(line);
    return cut;
  }

  #decide(isWhole: boolean): Cut {
    if (this.#cut === 'unknown') {
      const open = this.#open;
      // What stands in a fence, or in HTML with an end of its own, begins nothing.
      if (open !== undefined && !open.isOver && (open.fence !== undefined || open.end !== undefined)) {
        this.#cut = 'belongs';
      } else {
        const line = this.#line.slice(0, LONGEST);
        this.#cut = this.#decideBy(lineOf(line, isWhole || line.length < this.#line.length));
      }
    }
    return this.#cut;
  }

  #decideBy(line: Line | undefined): Cut {
    const open = this.#open;
    if (line === undefined) return 'unknown';
    if (line.type === 'blank') return 'belongs';
    if (open === undefined || open.isOver) return this.#begin(line);
    switch (open.kind) {
      case 'list':
        return this.#inList(line, open);
      case 'code':
        // Indented: a fence was looked at before.
        return line.type === 'indented' ? 'belongs' : this.#begin(line);
      case 'html':
        return this.#afterBlank ? this.#begin(line) : 'belongs';
      case 'quote':
        if (this.#afterBlank) return this.#begin(line);
        if (line.type === 'quote') return 'belongs';
        // A list may begin here as it may not inside a paragraph.
        return open.isEmptyLine || line.type === 'item' || interrupts(line) ? this.#begin(line) : 'belongs';
      default:
        return this.#afterBlank || interrupts(line) || (open.kind === 'table' && line.type === 'item')
          ? this.#inParagraph(line, open)
          : 'belongs';
    }
  }

  #inParagraph(line: Line, open: Open): Cut {
    // It makes a heading of the paragraph.
    if (!this.#afterBlank && line.type === 'underline' && open.kind === 'paragraph') return 'belongs';
    return this.#begin(line);
  }

  #inList(line: Line, open: Open): Cut {
    const isGone = open.isEmptyItem && this.#afterBlank;
    if (!isGone && indentOf(this.#line) >= open.offset) return 'belongs';
    if (line.type === 'item' && line.marker === open.marker) {
      open.offset = line.offset;
      open.isEmptyItem = line.isEmpty;
      return 'belongs';
    }
    const isNew = this.#afterBlank || open.isEmptyItem || line.type === 'item' || interrupts(line);
    return isNew ? this.#begin(line) : 'belongs';
  }

  #begin(line: Line): Cut {
    this.#open = openedBy(line);
    this.#begun++;
    this.#header = '';
    return 'begins';
  }

  #finishLine(line: string): void {
    const open = this.#open;
    const isBlank = line.trim() === '';
    if (open === undefined) return;
    open.lines++;
    this.#afterBlank = isBlank;
    if (open.isOver) return;
    if (open.fence !== undefined) open.isOver = open.lines > 1 && closes(line, open.fence);
    else if (open.end !== undefined) open.isOver = open.end.test(line);
    else if (open.kind === 'quote') {
      open.isOver = isBlank;
      open.isEmptyLine = /^[ \t>]*$/.test(line.trimEnd());
    } else if (open.kind === 'html' || open.kind === 'table') open.isOver = isBlank;
    else if (open.kind === 'heading' || open.kind === 'rule') open.isOver = true;
    else if (open.kind === 'paragraph') this.#finishInParagraph(open, line, isBlank);
    else if (open.kind === 'list' && !isBlank && indentOf(line) >= open.offset) open.isEmptyItem = false;
  }

  #finishInParagraph(open: Open, line: string, isBlank: boolean): void {
    if (isBlank) open.isOver = true;
    else if (open.lines === 1) this.#header = line;
    else if (UNDERLINE.test(line)) {
      open.kind = 'heading';
      open.isOver = true;
    } else if (open.lines === 2 && isTable(this.#header, line)) open.kind = 'table';
  }
}

/** All have one shape, by which the engine finds their members faster. */
function opened(kind: MarkdownKind, fence?: string, end?: RegExp): Open {
  return {
    kind,
    fence,
    end,
    marker: undefined,
    offset: 0,
    isEmptyItem: false,
    isEmptyLine: false,
    lines: 0,
    isOver: false,
  };
}

function openedBy(line: Line): Open {
  switch (line.type) {
    case 'heading':
    case 'rule':
    case 'quote':
      return opened(line.type);
    case 'underline':
      return opened(line.isRule ? 'rule' : 'paragraph');
    case 'indented':
      return opened('code');
    case 'fence':
      return opened('code', line.marker);
    case 'html':
      return opened('html', undefined, line.end);
    case 'item': {
      const list = opened('list');
      list.marker = line.marker;
      list.offset = line.offset;
      list.isEmptyItem = line.isEmpty;
      return list;
    }
    default:
      return opened('paragraph');
  }
}

/** Whether a paragraph ends before this line. */
function interrupts(line: Line): boolean {
  switch (line.type) {
    case 'heading':
    case 'rule':
    case 'quote':
    case 'fence':
      return true;
    case 'underline':
      return line.isRule;
    case 'html':
    case 'item':
      return line.interrupts;
    default:
      return false;
  }
}

function closes(line: string, fence: string): boolean {
  const text = line.trim();
  return indentOf(line) < 4 && text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}
