import type { TextCitation } from './provider/citation.js';
import type { UnlistedValue } from './unknown.js';

/** More text, to be appended. */
export interface TextDelta {
  readonly type: 'text_delta';
  readonly text: string;
}

/** A piece of a tool's input; the pieces of one block, joined, are JSON (or empty, which means `{}`). */
export interface InputJsonDelta {
  readonly type: 'input_json_delta';
  readonly partial_json: string;
}

/** One more citation of a text block. */
export interface CitationsDelta {
  readonly type: 'citations_delta';
  readonly citation: TextCitation;
}

/** More thinking, to be appended. */
export interface ThinkingDelta {
  readonly type: 'thinking_delta';
  readonly thinking: string;
  /** Beta: a rough number of tokens to add to a progress display, where the thinking itself is left out. */
  readonly estimated_tokens?: number | null;
}

/** As {@link ThinkingDelta}, on the beta wire. */
export interface BetaThinkingDelta extends ThinkingDelta {
  readonly estimated_tokens: number | null;
}

/** The whole signature of a thinking block, just before the block stops. */
export interface SignatureDelta {
  readonly type: 'signature_delta';
  readonly signature: string;
}

/** The whole content of a compaction block: assigned, not appended; `null` where compaction failed. */
export interface CompactionDelta {
  readonly type: 'compaction_delta';
  readonly content: string | null;
  readonly encrypted_content: string | null;
}

/** The growth of a block on the released Messages API, as its SDK types it. */
export type ContentBlockDelta = TextDelta | InputJsonDelta | CitationsDelta | ThinkingDelta | SignatureDelta;

/** The growth of a block on the Messages API with beta headers, as its SDK types it. */
export type BetaContentBlockDelta =
  TextDelta | InputJsonDelta | CitationsDelta | BetaThinkingDelta | SignatureDelta | CompactionDelta;

/** A delta of a type that this version does not know, as it came: what the `default` of a switch is left with. */
export interface UnknownDelta extends UnlistedValue {}

/** A delta of a type that this version knows, released or beta. */
export type KnownDelta = ContentBlockDelta | CompactionDelta;

/** Any delta that a `StreamEvent` may carry. */
export type AnyContentBlockDelta = KnownDelta | UnknownDelta;

const KNOWN_DELTAS = {
  text_delta: true,
  input_json_delta: true,
  citations_delta: true,
  thinking_delta: true,
  signature_delta: true,
  compaction_delta: true,
} as const satisfies Record<KnownDelta['type'], true>;

/** Whether this version knows the type of a delta. Behind it, a switch over the types leaves nothing. */
export function isKnownDelta<D extends { readonly type: string }>(
  delta: D,
): delta is Exclude<D, UnknownDelta> {
  return Object.hasOwn(KNOWN_DELTAS, delta.type);
}
