import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Any event of the Interactions API. */
export const interactionEventSchema = /* @__PURE__ */ zodOf(wire.interactionEventSchema);

/** The schema of each event, by its name. */
export const interactionEventSchemas = /* @__PURE__ */ zodOfEach(wire.interactionEventSchemas);
