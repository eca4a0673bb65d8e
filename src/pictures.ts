/** Pictures of recorded streams and of marble diagrams: `rxjs-llm-stream/pictures`. */
export type {
  Drawing,
  End,
  Face,
  Line,
  Look,
  Marble,
  OperatorBox,
  Piece,
  Row,
  Subscription,
  Tone,
} from './pictures/drawing.js';
export type { Theme } from './pictures/palette.js';
export { toAscii, type AsciiOptions } from './pictures/toAscii.js';
export { toSvg, type SvgOptions } from './pictures/toSvg.js';
