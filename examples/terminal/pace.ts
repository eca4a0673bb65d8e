import type { Timestamp } from 'rxjs';
import type { AnyContentBlockDelta, StreamEvent } from '../../src/index.js';

/** How fast it comes. Times in ms since the request. */
export interface Pace {
  readonly events: number;
  /** Of text, thinking and tool input. */
  readonly characters: number;
  /** When the first of them came. */
  readonly first: number | undefined;
  readonly last: number;
}

export const STILL: Pace = { events: 0, characters: 0, first: undefined, last: 0 };

/** The pace with one more event. */
export function paceOf(pace: Pace, { value, timestamp }: Timestamp<StreamEvent>): Pace {
  const grown = value.type === 'content_block_delta' ? growthOf(value.delta).length : 0;
  return {
    events: pace.events + 1,
    characters: pace.characters + grown,
    first: pace.first ?? (grown > 0 ? timestamp : undefined),
    last: timestamp,
  };
}

/** Characters per second since the first one. */
export function speedOf({ characters, first, last }: Pace): number | undefined {
  if (first === undefined || last - first < 100) return undefined;
  return Math.round((characters * 1000) / (last - first));
}

function growthOf(delta: AnyContentBlockDelta): string {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    case 'thinking_delta':
      return delta.thinking;
    case 'input_json_delta':
      return delta.partial_json;
    default:
      return '';
  }
}
