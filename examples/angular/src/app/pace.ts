import type { AnyContentBlockDelta, StreamEvent } from 'rxjs-llm-stream';

/** An event and when it came, in ms since the request. */
export interface Moment {
  readonly event: StreamEvent;
  readonly at: number;
}

/** How fast an answer comes. Times in ms since the request. */
export interface Pace {
  /** Of text, thinking and tool input, in UTF-16 units. */
  readonly characters: number;
  /** When the first of them came. */
  readonly first: number | undefined;
  readonly last: number;
}

export const STILL: Pace = { characters: 0, first: undefined, last: 0 };

/** A token is about four characters of English. */
const CHARACTERS_A_TOKEN = 4;

/** In ms: less is too short to tell a speed. */
const SHORTEST = 250;

/** The pace with one more event. */
export function paceOf(pace: Pace, { event, at }: Moment): Pace {
  const grown = event.type === 'content_block_delta' ? growthOf(event.delta) : 0;
  return { characters: pace.characters + grown, first: pace.first ?? (grown > 0 ? at : undefined), last: at };
}

/**
 * Tokens per second since the first one.
 *
 * @param tokens - how many there were; estimated from the characters where it is not known yet
 */
export function speedOf(
  { characters, first, last }: Pace,
  tokens = characters / CHARACTERS_A_TOKEN,
): number | undefined {
  if (first === undefined || last - first < SHORTEST) return undefined;
  return (tokens * 1000) / (last - first);
}

function growthOf(delta: AnyContentBlockDelta): number {
  switch (delta.type) {
    case 'text_delta':
      return delta.text.length;
    case 'thinking_delta':
      return delta.thinking.length;
    case 'input_json_delta':
      return delta.partial_json.length;
    default:
      return 0;
  }
}
