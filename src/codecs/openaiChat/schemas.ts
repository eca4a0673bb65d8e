import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** A chunk of a chat completion, or of a text completion. */
export const chatChunkSchema = /* @__PURE__ */ zodOf(wire.chatChunkSchema);

/** A failure within a stream. */
export const chatErrorSchema = /* @__PURE__ */ zodOf(wire.chatErrorSchema);

/** What a frame may hold. */
export const chatFrameSchema = /* @__PURE__ */ zodOf(wire.chatFrameSchema);
