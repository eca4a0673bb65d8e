import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Any event of the crate, as its JSON is parsed. */
export const workerEventSchema = /* @__PURE__ */ zodOf(wire.workerEventSchema);

/** The schema of what each event holds, by the event's name. */
export const workerEventSchemas = /* @__PURE__ */ zodOfEach(wire.workerEventSchemas);
