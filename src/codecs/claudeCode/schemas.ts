import { zodOf, zodOfEach } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** Any line of a type that this version reads. */
export const claudeCodeLineSchema = /* @__PURE__ */ zodOf(wire.claudeCodeLineSchema);

/** The schema of each type of line that this version reads. */
export const claudeCodeSchemas = /* @__PURE__ */ zodOfEach(wire.claudeCodeSchemas);
