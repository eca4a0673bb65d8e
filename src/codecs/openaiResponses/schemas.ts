import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** An event of the Responses API. */
export const responsesEventSchema = /* @__PURE__ */ zodOf(wire.responsesEventSchema);
