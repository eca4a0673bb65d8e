import { styleText } from 'node:util';
import type { Block } from '../../src/index.js';
import { colourOf } from './colours.js';
import { formLines, type Room } from './formLines.js';
import type { Call } from './view.js';
import { clip, fold, printable, wrap } from './width.js';

/** What a block looks like: the mark before its title, a note behind it, and the lines below. */
export interface Face {
  readonly mark: string;
  readonly note: string;
  readonly body: readonly string[];
}

/**
 * A call of a tool: its arguments as a form.
 *
 * @param block - the block that it is
 * @param call - as far as it has come
 * @param room - for the body; only a form that grows minds its height
 */
export function callFace(block: Block, { form, input, isChecked }: Call, { width, height }: Room): Face {
  const isGrowing = block.status === 'streaming';
  const style = { colour: colourOf(block.index), isGrowing };
  const lines = formLines(form, { width, height: isGrowing ? height : Infinity }, style);
  switch (block.status) {
    case 'streaming':
      return { mark: '◐', note: '', body: lines };
    case 'aborted':
      return { mark: '◌', note: `, cut off: ${block.reason ?? ''}`, body: lines };
    case 'invalid': {
      const raw = fold(printable(block.raw ?? ''), width);
      return { mark: '✗', note: ', not valid JSON', body: [...raw, ...wrong(block.reason ?? '', width)] };
    }
    case 'complete': {
      if (input.status === 'invalid') {
        const reason = wrong(input.error.message, width);
        return { mark: '✗', note: ', not valid', body: [...lines, ...reason] };
      }
      const words = `${isChecked ? 'valid by its schema' : 'complete'}${lines.length > 0 ? '' : ', without arguments'}`;
      return { mark: '●', note: '', body: [...lines, styleText('green', clip(`✓ ${words}`, width))] };
    }
  }
}

function wrong(reason: string, width: number): string[] {
  return wrap(`✗ ${printable(reason)}`, width).map((line) => styleText('red', line));
}
