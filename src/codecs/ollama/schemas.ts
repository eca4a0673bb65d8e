import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** A line of `/api/chat` or `/api/generate`. */
export const ollamaLineSchema = /* @__PURE__ */ zodOf(wire.ollamaLineSchema);
