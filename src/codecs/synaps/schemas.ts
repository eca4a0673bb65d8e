import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Any event of the assistant. */
export const assistantEventSchema = /* @__PURE__ */ zodOf(wire.assistantEventSchema);

/** Any frame, as its JSON is parsed. */
export const rpcEventSchema = /* @__PURE__ */ zodOf(wire.rpcEventSchema);

/** The schema of each event of the assistant. */
export const assistantEventSchemas = /* @__PURE__ */ zodOfEach(wire.assistantEventSchemas);

/** The schema of each frame, by its `type`. */
export const rpcEventSchemas = /* @__PURE__ */ zodOfEach(wire.rpcEventSchemas);
