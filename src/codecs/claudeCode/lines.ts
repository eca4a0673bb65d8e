import type { Frame } from '../../wire/frame.js';
import { malformedFrame, NOT_JSON, objectIn } from '../kit/door.js';
import { isObject, parsed, type Json } from '../kit/json.js';

/** Whether a line is a warning of Node, which may stand anywhere. */
export function isWarning(data: string): boolean {
  return /^\s*\((?:node:\d+\) |Use `node )/.test(data);
}

/** Whether nothing of a line is a piece of JSON. */
export function isWords(data: string): boolean {
  return !/["{}[\]]|^\s*(?:null|true|false|[-\d.]+)\s*$/.test(data);
}

/** The line that a frame is; under `--output-format json` all the lines of the turn are one array. */
export function linesIn(frame: Frame): readonly Json[] {
  if (!frame.data.startsWith('[')) return [objectIn(frame)];
  let values: unknown;
  try {
    values = parsed(frame.data);
  } catch {
    throw malformedFrame(frame, NOT_JSON);
  }
  const isTurn = Array.isArray(values) && values.every(isObject) && values.at(-1)?.['type'] === 'result';
  if (isTurn) return values as readonly Json[];
  throw malformedFrame(frame, 'The data is not a JSON object');
}
