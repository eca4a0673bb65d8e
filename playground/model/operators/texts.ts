import { accumulateJson, smoothText, textDeltas, toArrayElements, toText } from '../../../src/index.js';
import { toCodeFences, toMarkdownBlocks, toSentences } from '../../../src/text.js';
import type { OperatorSpec } from '../catalogue.js';
import { optionsCode, taken, valueCode, type OptionSpec } from '../options.js';

const OWN = 'rxjs-llm-stream';
const TEXT = 'rxjs-llm-stream/text';
const BETWEEN: OptionSpec = { name: 'between', kind: 'text', hint: 'what stands between two texts' };
const PROSE: OptionSpec = {
  name: 'prose',
  kind: 'choice',
  of: ['error', 'skip'],
  hint: 'what becomes of words around the JSON',
};

/** Operators that give text, and those that read it. */
export const TEXTS: readonly OperatorSpec[] = [
  {
    name: 'textDeltas',
    entry: OWN,
    what: 'The pieces of the text, as they come.',
    takes: ['events'],
    gives: 'text',
    options: [BETWEEN],
    make: (options) => textDeltas(taken(options)),
  },
  {
    name: 'toText',
    entry: OWN,
    what: 'The whole text, once the message is whole.',
    takes: ['events'],
    gives: 'text',
    options: [BETWEEN],
    make: (options) => toText(taken(options)),
  },
  {
    name: 'smoothText',
    entry: OWN,
    what: 'Lets text that comes in bursts come at a steady pace.',
    takes: ['text', 'messages', 'states'],
    gives: 'what it takes',
    options: [
      {
        name: 'by',
        kind: 'choice',
        of: ['word', 'grapheme', 'line'],
        hint: 'what is shown at a time',
        needed: 'word',
      },
      { name: 'maxLag', kind: 'ms', hint: 'ms that text may wait' },
      { name: 'interval', kind: 'ms', hint: 'ms between two showings' },
    ],
    make: (options, scheduler) => smoothText(taken(options), scheduler),
  },
  {
    name: 'toSentences',
    entry: TEXT,
    what: 'The sentences of a text, for a voice.',
    takes: ['text'],
    gives: 'text',
    options: [
      { name: 'locale', kind: 'text', hint: 'whose sentences: en, de, ja', needed: 'en' },
      { name: 'min', kind: 'count', hint: 'characters at least' },
      { name: 'max', kind: 'count', hint: 'characters at most' },
      { name: 'code', kind: 'choice', of: ['keep', 'omit'], hint: 'whether code is read out' },
    ],
    make: (options) => toSentences(taken(options)),
  },
  {
    name: 'toMarkdownBlocks',
    entry: TEXT,
    what: 'The top-level blocks of a Markdown text, with each piece.',
    takes: ['text'],
    gives: 'values',
    options: [],
    make: () => toMarkdownBlocks(),
  },
  {
    name: 'toCodeFences',
    entry: TEXT,
    what: 'The code fences of a Markdown text.',
    takes: ['text'],
    gives: 'values',
    options: [],
    make: () => toCodeFences(),
  },
  {
    name: 'accumulateJson',
    entry: OWN,
    what: 'A reply that is JSON, as far as it is known.',
    takes: ['events', 'text'],
    gives: 'values',
    options: [PROSE],
    make: (options) => accumulateJson(taken(options)),
  },
  {
    name: 'toArrayElements',
    entry: OWN,
    what: 'Each element of an array in a reply that is JSON, once it is complete.',
    takes: ['events', 'text'],
    gives: 'values',
    options: [{ name: 'path', kind: 'words', hint: 'the keys that lead to the array' }, PROSE],
    make: (options) => toArrayElements(taken(options)),
    code({ path, ...options }) {
      const keys = path === undefined ? '' : `path: ${valueCode(path)}`;
      const others = optionsCode(options).slice(2, -2);
      const members = [keys, others].filter((member) => member !== '').join(', ');
      return `toArrayElements(${members === '' ? '' : `{ ${members} }`})`;
    },
  },
];
