import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Any event of AG-UI, as its JSON is parsed. */
export const agUiEventSchema = /* @__PURE__ */ zodOf(wire.agUiEventSchema);

/** The schema of each event, by its `type`. */
export const agUiEventSchemas = /* @__PURE__ */ zodOfEach(wire.agUiEventSchemas);
