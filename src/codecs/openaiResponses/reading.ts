import type { CheckedHalf } from '../codec.js';
import { shortWay } from '../../wire/shortWay.js';
import { guarded } from '../kit/protocols.js';
import { ResponsesDecoder } from './decoder.js';
import { marking } from './marking.js';
import { PASSED, responsesEventSchema, type ResponsesEvent } from './wire.js';

/** Reads the streams of the Responses API: the half of the codec that a source needs. */
export const responsesReading: CheckedHalf<ResponsesEvent> = {
  name: 'openai-responses',
  framing: 'sse',
  schema: responsesEventSchema,
  passes: PASSED,
  shortWay: (framing) => shortWay(framing, marking),
  decoder: (pass) => guarded('openai-responses', new ResponsesDecoder(pass)),
};
