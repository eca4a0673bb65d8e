import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** A part of a UI message stream. */
export const uiMessageChunkSchema = /* @__PURE__ */ zodOf(wire.uiMessageChunkSchema);
