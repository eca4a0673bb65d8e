/** Text shaped while it streams: `rxjs-llm-stream/text`. */

// Operators: events to events, of `rxjs-llm-stream/text`
export type { TextKind, TextMachine } from './text/blocks/textMachine.js';
export { transformText, type TransformTextOptions } from './text/transformText.js';
export type { Replacement } from './text/guard/guarding.js';
export { guardText, type GuardTextOptions } from './text/guardText.js';

// Operators: pieces of text, as `textDeltas()` gives them, to what is in it, of `rxjs-llm-stream/text`
export type { MarkdownKind } from './text/markdown/blockCutter.js';
export type { MarkdownBlock } from './text/markdown/markdownReader.js';
export type { MarkdownMark } from './text/markdown/openMarks.js';
export { toMarkdownBlocks } from './text/toMarkdownBlocks.js';
export { toCodeFences, type CodeFence } from './text/toCodeFences.js';
export { toSentences, type ToSentencesOptions } from './text/toSentences.js';
