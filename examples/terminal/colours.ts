import { styleText } from 'node:util';
import type { Tone } from '../../src/pictures/drawing.js';

/** A colour of the terminal. */
export type Colour = 'blue' | 'cyan' | 'gray' | 'green' | 'magenta' | 'red' | 'white' | 'yellow';

const BLOCKS = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const satisfies Colour[];

const OTHERS = {
  message: 'white',
  ping: 'gray',
  error: 'red',
  unknown: 'gray',
  value: 'cyan',
} as const satisfies Record<Exclude<Tone, number>, Colour>;

/** One colour per block, the same on the screen as in the diagram. */
export function colourOf(tone: Tone): Colour {
  if (typeof tone !== 'number') return OTHERS[tone];
  return BLOCKS[tone % BLOCKS.length] ?? BLOCKS[0];
}

/** In bold: of several formats at once, `styleText` of Node 20 does not ask whether the terminal has colours. */
export function bold(text: string, colour: Colour = 'white'): string {
  return styleText('bold', colour === 'white' ? text : styleText(colour, text));
}
