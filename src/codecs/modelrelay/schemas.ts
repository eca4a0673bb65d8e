import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** A record of any dialect. */
export const modelRelayRecordSchema = /* @__PURE__ */ zodOf(wire.modelRelayRecordSchema);

/** A record of the dialect `event`. */
export const ndjsonStreamEventSchema = /* @__PURE__ */ zodOf(wire.ndjsonStreamEventSchema);

/** A record of the dialect `v2`; one of `v1` too, whose payload is any other here. */
export const responsesStreamEnvelopeSchema = /* @__PURE__ */ zodOf(wire.responsesStreamEnvelopeSchema);

/** A record of the dialect `v1`. */
export const responsesStreamRecordV1Schema = /* @__PURE__ */ zodOf(wire.responsesStreamRecordV1Schema);
