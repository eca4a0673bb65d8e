import { styleText } from 'node:util';
import type { Block } from '../../src/index.js';
import { bold, colourOf } from './colours.js';
import { callFace, type Face } from './callFace.js';
import type { Room } from './formLines.js';
import { speedOf } from './pace.js';
import type { Call, View } from './view.js';
import { clip, fold, printable, widthOf, wrap } from './width.js';

const MARKS = { streaming: '◐', complete: '●', aborted: '◌', invalid: '✗' } as const;

/**
 * A block as lines.
 *
 * @param block - as far as it has come
 * @param room - the most columns of a line, and the lines there are for a form that grows
 * @param call - the same block as a call of a tool, if it is one
 */
export function blockLines(block: Block, { width, height }: Room, call?: Call): string[] {
  const colour = colourOf(block.index);
  // A bar to the left; a title above, an empty line below.
  const room = { width: width - 2, height: height - 2 };
  const { mark, note, body } = call ? callFace(block, call, room) : faceOf(block, room);
  const title = clip(`${mark} ${titleOf(block)}${note}`, width);
  return [bold(title, colour), ...body.map((line) => `${styleText(colour, '│')} ${line}`.trimEnd()), ''];
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

function faceOf(block: Block, { width }: Room): Face {
  const isHidden = block.type === 'thinking' && block.status === 'complete' && block.thinking === '';
  const note = block.status === 'aborted' ? `, cut off: ${block.reason}` : isHidden ? ', not shown' : '';
  return { mark: MARKS[block.status], note, body: bodyOf(block, width) };
}

/** The most characters shown of a block that is not made for reading. */
const MAX_DATA = 400;

function bodyOf(block: Block, width: number): string[] {
  if (block.type === 'text') return linesOf(block.text, block.status, width);
  if (block.type === 'thinking') {
    return linesOf(block.thinking, block.status, width).map((line) => styleText('dim', line));
  }
  const { type: _type, index: _index, status: _status, ...data } = block;
  const text = JSON.stringify(data);
  return fold(printable(text.length > MAX_DATA ? `${text.slice(0, MAX_DATA)}…` : text), width);
}

/** A text; of one that grows no more without the blank lines at its end. */
function linesOf(text: string, status: Block['status'], width: number): string[] {
  if (status === 'streaming') return wrap(printable(text), width);
  const whole = text.trimEnd();
  return whole === '' ? [] : wrap(printable(whole), width);
}
