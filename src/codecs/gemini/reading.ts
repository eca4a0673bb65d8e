import { ElementText } from '../../wire/elementText.js';
import type { CheckedHalf } from '../codec.js';
import { shortWay } from '../../wire/shortWay.js';
import { guarded } from '../kit/protocols.js';
import { GeminiDecoder } from './decoder.js';
import { marking } from './marking.js';
import { geminiFrameSchema, type GeminiChunk, type GeminiError } from './wire.js';

/** Reads the streams of `streamGenerateContent`: the half of the codec that a source needs. */
export const geminiReading: CheckedHalf<GeminiChunk | GeminiError> = {
  name: 'gemini',
  framing: 'sse',
  unpacker: (limits) => new ElementText(limits),
  schema: geminiFrameSchema,
  shortWay: (framing) => shortWay(framing, marking),
  decoder: (pass) => guarded('gemini', new GeminiDecoder(pass)),
};
