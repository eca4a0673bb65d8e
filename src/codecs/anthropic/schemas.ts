import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** One content block. A block of an unknown type needs only its `type`. */
export const contentBlockSchema = /* @__PURE__ */ zodOf(wire.contentBlockSchema);

/** One delta. A delta of an unknown type needs only its `type`. */
export const deltaSchema = /* @__PURE__ */ zodOf(wire.deltaSchema);

/** Any event of the Messages API stream, after its JSON is parsed. */
export const eventSchema = /* @__PURE__ */ zodOf(wire.eventSchema);

/** The schema of each event type, including our own. An `unknown` event has no schema. */
export const eventSchemas = /* @__PURE__ */ zodOfEach(wire.eventSchemas);
