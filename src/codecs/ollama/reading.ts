import type { CheckedHalf } from '../codec.js';
import { shortWay } from '../../wire/shortWay.js';
import { guarded } from '../kit/protocols.js';
import { OllamaDecoder } from './decoder.js';
import { marking } from './marking.js';
import { ollamaLineSchema, type OllamaLine } from './wire.js';

/** Reads the lines of `/api/chat` and of `/api/generate`: the half of the codec that a source needs. */
export const ollamaReading: CheckedHalf<OllamaLine> = {
  name: 'ollama',
  framing: 'ndjson',
  schema: ollamaLineSchema,
  shortWay: (framing) => shortWay(framing, marking),
  decoder: (pass) => guarded('ollama', new OllamaDecoder(pass)),
};
