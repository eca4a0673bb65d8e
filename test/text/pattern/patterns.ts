import fc from 'fast-check';

const ATOMS = [
  ...[
    'a',
    'b',
    'ab',
    '.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\s',
    ' ',
    '\\n',
    '\\d',
    '(?:)',
    '[]',
    '[^]',
    '😀',
    '\\u017f',
  ],
  ...['^', '$', '\\b', '\\B'],
];
const REPEATS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}', '{0}'];

const source: fc.Memo<string> = fc.memo((depth) => {
  const atom = fc.constantFrom(...ATOMS);
  if (depth <= 1) return atom;
  const part = source(depth - 1);
  return fc.oneof(
    atom,
    fc.tuple(part, part).map(([one, other]) => one + other),
    fc.tuple(part, part).map(([one, other]) => `(?:${one}|${other})`),
    fc.tuple(part, fc.constantFrom(...REPEATS)).map(([one, repeat]) => `(${one})${repeat}`),
  );
});

/** A pattern of any kind that may be given, over few characters. */
export const pattern = fc
  .tuple(source(4), fc.constantFrom('', 'i', 's', 'm', 'u', 'iu', 'ms', 'v'))
  // V8 reads a class that is negated wrongly with the flag `v`, in Node 20: /^[^a]b[^a]$/v finds `1ba`.
  .map(([text, flags]) => new RegExp(text, flags === 'v' && text.includes('[^') ? 'u' : flags));

/** A text over the characters that patterns have, with halves of others. */
export const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', ' ', '\n', 'A', '1', '😀', '\ud83d', '\ude00', 'ſ', 'K'),
  maxLength: 12,
});

/** A match, and where it begins. */
interface Found {
  readonly index: number;
  readonly text: string;
}

/** What `String.prototype.replace` makes of the whole text, of several patterns at once. */
export function replaced(
  patterns: readonly RegExp[],
  text: string,
  replacement: (match: string) => string,
): string {
  const global = patterns.map(({ source, flags }) => new RegExp(source, `${flags}g`));
  const [only] = global;
  if (global.length === 1 && only !== undefined) return text.replace(only, replacement);
  let [out, at] = ['', 0];
  for (let found = first(global, text, at); found !== undefined; found = first(global, text, at)) {
    out += text.slice(at, found.index) + replacement(found.text);
    at = found.index + found.text.length;
  }
  return out + text.slice(at);
}

function first(patterns: readonly RegExp[], text: string, at: number): Found | undefined {
  let best: Found | undefined;
  for (const expression of patterns) {
    const found = next(expression, text, at);
    if (found !== undefined && (best === undefined || found.index < best.index)) best = found;
  }
  return best;
}

function next(expression: RegExp, text: string, at: number): Found | undefined {
  for (let from = at; from <= text.length; from++) {
    expression.lastIndex = from;
    const found = expression.exec(text);
    if (found === null) return undefined;
    // Inside a pair, the engine goes back to its beginning.
    if (found.index >= at) return { index: found.index, text: found[0] };
  }
  return undefined;
}
