import type { TextCitation } from './provider/citation.js';

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

/**
 * The growth of a block on the released Messages API. Closed, so that a switch on `type` narrows; at run time a
 * delta type this version does not know passes as it came, see {@link UnknownDelta}.
 */
export type ContentBlockDelta = TextDelta | InputJsonDelta | CitationsDelta | ThinkingDelta | SignatureDelta;

/** The growth of a block with beta headers. */
export type BetaContentBlockDelta =
  TextDelta | InputJsonDelta | CitationsDelta | BetaThinkingDelta | SignatureDelta | CompactionDelta;

/** Any delta that a `StreamEvent` may carry. */
export type AnyContentBlockDelta = ContentBlockDelta | CompactionDelta;

/**
 * A delta of a type that this version does not know, read in the `default` of a switch or behind
 * {@link isKnownDelta}: `const other: UnknownDelta = delta`.
 */
export interface UnknownDelta {
  readonly type: string;
  readonly [key: string]: unknown;
}

const KNOWN_DELTAS = {
  text_delta: true,
  input_json_delta: true,
  citations_delta: true,
  thinking_delta: true,
  signature_delta: true,
  compaction_delta: true,
} as const satisfies Record<AnyContentBlockDelta['type'], true>;

/** Whether this version knows the delta's type. Looks at `type` only. */
export function isKnownDelta(delta: AnyContentBlockDelta | UnknownDelta): delta is AnyContentBlockDelta {
  return Object.hasOwn(KNOWN_DELTAS, delta.type);
}
