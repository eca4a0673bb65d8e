import type { Recording } from '../testing/recordings/recording.js';
import { chartSvg } from './chart.js';
import { diagramSvg } from './diagram.js';
import type { Drawing } from './drawing.js';
import type { Theme } from './palette.js';
import { recordedDrawing } from './recordedDrawing.js';

/** Options of {@link toSvg}. */
export interface SvgOptions {
  /** In px, 240 at least. Default: 1000 for a recording; a drawing without it becomes as wide as its marbles need. */
  readonly width?: number | undefined;
  /** What is drawn, in a line. Default: the title of the drawing, or the name of the recording. */
  readonly title?: string | undefined;
  /** The background it is drawn for. Default `auto`: light or dark, as the reader's system is. */
  readonly theme?: Theme | undefined;
}

/**
 * Draws a recorded stream, or any drawing, as an SVG document: a lane for each block and one for the message, on an
 * axis of time. Deltas that would touch are shown as one pill, with their count; the ticks below it are the moments
 * at which they came. A silence that would leave no room for the rest is shortened, and says how long it is.
 *
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs';
 * import { toSvg } from 'rxjs-llm-stream/pictures';
 * import { parseRecording } from 'rxjs-llm-stream/testing';
 *
 * const recording = parseRecording(readFileSync('answer.jsonl', 'utf8'));
 * writeFileSync('answer.svg', toSvg(recording, { title: 'What flowed' }));
 * ```
 *
 * A {@link Drawing} without a `width` becomes a marble diagram, every marble with its own pill, as wide as it needs.
 *
 * The document has no scripts, links or fonts of its own, and its styles reach nothing else in a page. Whatever a model
 * said stands in it as text: escaped, with control characters made visible. Its title and description are for those who
 * cannot see it. The same input always gives the same document.
 *
 * @param picture - what `record` gave, a parsed file, or a drawing
 * @param options - `width`, `title` and `theme`
 * @returns the text of the document
 * @see toAscii
 */
export function toSvg(
  picture: Recording | Drawing,
  { width, title, theme = 'auto' }: SvgOptions = {},
): string {
  if ('entries' in picture) return chartSvg(recordedDrawing(picture, title), width ?? 1000, theme);
  const drawing = title === undefined ? picture : { ...picture, title };
  return width === undefined ? diagramSvg(drawing, theme) : chartSvg(drawing, width, theme);
}
