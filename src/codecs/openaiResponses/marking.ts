import { markingOf } from '../kit/marking.js';

/** The events that let a text grow, whatever the piece. */
const GROWTH = /^response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text)\.delta$/;

/** What may differ from one event to the next: the piece of text, its place, and what hides how long it is. */
export const marking = /* @__PURE__ */ markingOf(
  ({ type, delta }) => (GROWTH.test(String(type)) ? delta : undefined),
  ['sequence_number', 'obfuscation'],
);
