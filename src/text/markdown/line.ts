/** What a line begins, read by itself. */
export type Line =
  | { readonly type: 'blank' | 'plain' | 'indented' | 'heading' | 'rule' | 'quote' }
  /** A line of `=` or of `-`, which makes a heading of a paragraph before it. */
  | { readonly type: 'underline'; readonly isRule: boolean }
  | { readonly type: 'fence'; readonly marker: string }
  | { readonly type: 'html'; readonly end: RegExp | undefined; readonly interrupts: boolean }
  | {
      readonly type: 'item';
      /** What all items of one list share. */
      readonly marker: string;
      /** How far its content stands from the margin. */
      readonly offset: number;
      readonly isEmpty: boolean;
      /** Whether a paragraph can end before it. */
      readonly interrupts: boolean;
    };

/** How far each line's first character stands from the margin: a tab goes to the next multiple of four. */
export function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === ' ') indent++;
    else if (character === '\t') indent += 4 - (indent % 4);
    else break;
  }
  return indent;
}

const BLOCK_TAGS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul';
const ATTRIBUTE = '\\s+[A-Za-z_:][\\w.:-]*(?:\\s*=\\s*(?:[^\\s"\'=<>`]+|\'[^\']*\'|"[^"]*"))?';

/** HTML blocks, by how they begin and end: CommonMark 4.6. Those without an end go on to a blank line. */
const HTML: readonly (readonly [start: RegExp, end: RegExp | undefined, interrupts: boolean])[] = [
  [/^<(?:script|pre|style|textarea)(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, true],
  [/^<!--/, /-->/, true],
  [/^<\?/, /\?>/, true],
  [/^<![A-Za-z]/, />/, true],
  [/^<!\[CDATA\[/, /\]\]>/, true],
  [new RegExp(`^</?(?:${BLOCK_TAGS})(?:\\s|/?>|$)`, 'i'), undefined, true],
  [
    new RegExp(`^(?:<[A-Za-z][A-Za-z0-9-]*(?:${ATTRIBUTE})*\\s*/?>|</[A-Za-z][A-Za-z0-9-]*\\s*>)\\s*$`),
    undefined,
    false,
  ],
];

/**
 * Reads how a line begins.
 *
 * @param line - as far as it has come, without its end
 * @param isWhole - whether that is all of it
 * @returns nothing, where what is still to come decides
 */
export function lineOf(line: string, isWhole: boolean): Line | undefined {
  const text = line.trimStart();
  if (text === '') return isWhole ? { type: 'blank' } : undefined;
  const indent = indentOf(line);
  if (indent >= 4) return { type: 'indented' };
  switch (text.charAt(0)) {
    case '>':
      return { type: 'quote' };
    case '#':
      if (/^#{1,6}$/.test(text)) return isWhole ? { type: 'heading' } : undefined;
      return { type: /^#{1,6}[ \t]/.test(text) ? 'heading' : 'plain' };
    case '=':
      if (!/^=+[ \t]*$/.test(text)) return { type: 'plain' };
      return isWhole ? { type: 'underline', isRule: false } : undefined;
    case '`':
    case '~':
      return fenceOf(text, isWhole);
    case '-':
    case '+':
    case '*':
    case '_':
      return markedOf(text, indent, isWhole);
    case '<':
      return htmlOf(text, isWhole);
    default:
      return /^\d/.test(text) ? orderedOf(text, indent, isWhole) : { type: 'plain' };
  }
}

function fenceOf(text: string, isWhole: boolean): Line | undefined {
  const [marker = ''] = /^(?:`+|~+)/.exec(text) ?? [];
  if (marker.length < 3 && text.length > marker.length) return { type: 'plain' };
  // Of backticks, another one in the line makes it code within a paragraph.
  if (marker.startsWith('`') && text.indexOf('`', marker.length) > 0) return { type: 'plain' };
  if (!isWhole) return undefined;
  return marker.length < 3 ? { type: 'plain' } : { type: 'fence', marker };
}

function markedOf(text: string, indent: number, isWhole: boolean): Line | undefined {
  const marker = text.charAt(0);
  const isAlone = /^([-+*_])(?:[ \t]|\1)*$/.test(text);
  if (isAlone && !isWhole) return undefined;
  if (isAlone && marker !== '+' && text.replace(/[ \t]/g, '').length >= 3) {
    return marker === '-' && /^-+[ \t]*$/.test(text) ? { type: 'underline', isRule: true } : { type: 'rule' };
  }
  if (marker === '-' && /^--?[ \t]*$/.test(text) && text.trimEnd().length === 2) {
    return { type: 'underline', isRule: false };
  }
  if (marker === '_' || !/^.(?:[ \t]|$)/.test(text)) return { type: 'plain' };
  return itemOf(text, indent, marker, 1, true);
}

function orderedOf(text: string, indent: number, isWhole: boolean): Line | undefined {
  const found = /^(\d{1,9})([.)])(?:[ \t]|$)/.exec(text);
  if (found === null) {
    return !isWhole && /^\d{1,9}[.)]?$/.test(text) ? undefined : { type: 'plain' };
  }
  const [, number = '', delimiter = ''] = found;
  if (!isWhole && text.slice(number.length + 1).trim() === '') return undefined;
  return itemOf(text, indent, delimiter, number.length + 1, Number(number) === 1);
}

function itemOf(text: string, indent: number, marker: string, width: number, mayInterrupt: boolean): Line {
  const rest = text.slice(width);
  const isEmpty = rest.trim() === '';
  const gap = indentOf(`${' '.repeat(indent + width)}${rest}`) - indent - width;
  const offset = indent + width + (isEmpty || gap > 4 ? 1 : gap);
  return { type: 'item', marker, offset, isEmpty, interrupts: mayInterrupt && !isEmpty };
}

function htmlOf(text: string, isWhole: boolean): Line | undefined {
  // An address in angle brackets, or no tag at all.
  if (/^<(?:[^A-Za-z/!?]|\/?[A-Za-z][\w.+-]*[:@])/.test(text)) return { type: 'plain' };
  if (!isWhole) return undefined;
  const found = HTML.find(([start]) => start.test(text));
  if (found === undefined) return { type: 'plain' };
  const [, end, interrupts] = found;
  return { type: 'html', end, interrupts };
}
