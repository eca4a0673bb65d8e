import { styleText } from 'node:util';
import type { Block } from '../../src/index.js';
import { bold, colourOf } from './colours.js';
import { speedOf } from './pace.js';
import type { View } from './view.js';
import { clip, fold, printable, widthOf, wrap } from './width.js';

const MARKS = { streaming: '◐', complete: '●', aborted: '◌', invalid: '✗' } as const;

/**
 * A block as lines.
 *
 * @param block - as far as it has come
 * @param width - the most columns of a line
 * @param input - the JSON text of its tool input, where it has one
 */
export function blockLines(block: Block, width: number, input?: string): string[] {
  const colour = colourOf(block.index);
  const title = clip(`${MARKS[block.status]} ${titleOf(block)}${noteOf(block)}`, width);
  const text = printable(bodyOf(block, input));
  const lines = isProse(block) ? wrap(text, width - 2) : fold(text, width - 2);
  const body = lines.map((line) => {
    const shown = block.type === 'thinking' ? styleText('dim', line) : line;
    return `${styleText(colour, '│')} ${shown}`.trimEnd();
  });
  return [bold(title, colour), ...body, ''];
}

/**
 * The line at the bottom: it shows that something is alive, and how far it is.
 *
 * @param elapsed - since the request, in ms
 */
export function statusLine({ message, pace }: View, elapsed: number, width: number): string {
  const speed = speedOf(pace);
  const parts = [
    `${(elapsed / 1000).toFixed(1)} s`,
    counted(pace.events, 'event'),
    counted(pace.characters, 'character'),
    ...(speed === undefined ? [] : [`${speed}/s`]),
    ...(message === undefined
      ? []
      : [`${message.usage.input_tokens} tokens in, ${message.usage.output_tokens} out`]),
  ];
  const waiting = message === undefined ? ['waiting for the first event'] : [];
  return styleText('dim', fit([`${spinner(elapsed)} ${parts.shift() ?? ''}`, ...waiting, ...parts], width));
}

/** `1 event`, `2 events`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** As many parts as fit. */
function fit(parts: readonly string[], width: number): string {
  return parts.reduce((line, part) => {
    const longer = `${line}  ·  ${part}`;
    return widthOf(longer) <= width ? longer : line;
  });
}

function spinner(elapsed: number): string {
  return '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[Math.floor(elapsed / 100) % 10] ?? '';
}

/** What a block is called. */
export function titleOf(block: { readonly type: string; readonly name?: unknown }): string {
  const type = block.type.replaceAll('_', ' ').replace('tool use', 'tool');
  return printable(typeof block.name === 'string' ? `${type} ${block.name}` : type).replaceAll('\n', ' ');
}

function isProse({ type }: Block): boolean {
  return type === 'text' || type === 'thinking';
}

function noteOf(block: Block): string {
  if (block.status === 'aborted') return `, cut off: ${block.reason}`;
  return block.status === 'invalid' ? `, not valid JSON: ${block.reason}` : '';
}

/** The most characters shown of a block that is not made for reading. */
const MAX_DATA = 400;

function bodyOf(block: Block, input?: string): string {
  if (block.type === 'text') return block.text;
  if (block.type === 'thinking') return block.thinking;
  if ('input' in block) return input ?? (block.status === 'streaming' ? '' : JSON.stringify(block.input));
  const { type: _type, index: _index, status: _status, ...data } = block;
  const text = JSON.stringify(data);
  return text.length > MAX_DATA ? `${text.slice(0, MAX_DATA)}…` : text;
}
