import type { Frame } from '../wire/frame.js';

/**
 * Why something was passed over:
 *
 * | kind | means |
 * | --- | --- |
 * | `no-event` | nothing that could be an event: no data, a time stamp, a comment or a `[DONE]` sent as data |
 * | `stray` | an event that changes nothing where it stands: the end of a block that is not open, a start that is repeated |
 * | `unknown` | an event of a type that the codec does not know, under `unknown: 'skip'` |
 * | `line` | lines between the frames of an event stream that no field begins; of sources alone |
 * | `malformed` | a frame that cannot be read, under `malformed: 'skip'`, and what comes of a block whose start was in one |
 */
export type SkipKind = 'no-event' | 'line' | 'stray' | 'unknown' | 'malformed';

/** Something that a decoder passed over. */
export interface Skip {
  readonly kind: SkipKind;
  /** The name of the codec. */
  readonly codec: string;
  /** The first 200 characters of its data. It may be a piece of the conversation. */
  readonly raw: string;
}

/** Says that the frame which is being read is passed over. */
export type Passing = (kind: SkipKind) => void;

/** Words that servers and proxies keep a connection alive with, and the sentinel of other protocols. */
const WORD =
  /^[\s"[(.]*(?:ping|pong|keep[\s_-]?alive|heart[\s_-]?beat|[a-z]* ?processing|done|ok)[\s"\]).]*$/i;
const BLANK_OR_COMMENT = /^\s*(?::.*)?$/;
const TIME = /^"?\d[\d:.,TZ+ -]{7,}"?$/;

/** Whether data is none that could be an event of any protocol, so that nothing is lost with it. */
export function isNoEvent(data: string): boolean {
  // Nearly every frame is an object.
  if (data.startsWith('{')) return false;
  return BLANK_OR_COMMENT.test(data) || (data.length < 100 && (WORD.test(data) || TIME.test(data)));
}

/**
 * The frames within a frame, where a server ended its events by one line feed instead of two: each line of the data is
 * then a value of its own, and the last event named itself.
 *
 * @returns `undefined` for any other frame
 */
export function linesIn(frame: Frame): readonly Frame[] | undefined {
  const lines = frame.data.split('\n');
  if (lines.length < 2 || !lines.every((line) => isNoEvent(line) || isWhole(line))) return undefined;
  return lines.map((data, at) => (at < lines.length - 1 ? { data } : { ...frame, data }));
}

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
