import type { CheckedHalf } from '../codec.js';
import { shortWay } from '../../wire/shortWay.js';
import { guarded } from '../kit/protocols.js';
import { ChatDecoder } from './decoder.js';
import { marking } from './marking.js';
import { chatFrameSchema, DONE, type ChatFrame } from './wire.js';

/** Reads the streams of chat completions: the half of the codec that a source needs. */
export const chatReading: CheckedHalf<ChatFrame> = {
  name: 'openai-chat',
  framing: 'sse',
  schema: chatFrameSchema,
  terminator: DONE,
  shortWay: (framing) => shortWay(framing, marking),
  decoder: (pass) => guarded('openai-chat', new ChatDecoder(pass)),
};
