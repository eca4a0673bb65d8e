import { zodOf } from '../kit/zodOf.js';
import * as wire from './wire.js';

/** What any event of `ConverseStream` holds. */
export const converseBodySchema = /* @__PURE__ */ zodOf(wire.converseBodySchema);

/** What a frame of `InvokeModelWithResponseStream` holds. */
export const invokeBodySchema = /* @__PURE__ */ zodOf(wire.invokeBodySchema);

/** A piece of an answer of a Titan model. */
export const titanChunkSchema = /* @__PURE__ */ zodOf(wire.titanChunkSchema);
