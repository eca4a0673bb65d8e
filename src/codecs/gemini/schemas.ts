import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Anything that a stream may hold: a chunk, or a failure. */
export const geminiFrameSchema = /* @__PURE__ */ zodOf(wire.geminiFrameSchema);

/** A chunk of an answer. */
export const geminiChunkSchema = /* @__PURE__ */ zodOf(wire.geminiChunkSchema);

/** A failure within the stream. */
export const geminiErrorSchema = /* @__PURE__ */ zodOf(wire.geminiErrorSchema);
