import type { AnyContentBlock, BetaContentBlock, ContentBlock } from './block.js';
import type { BetaStopDetails, StopDetails } from './provider/refusal.js';
import type { Unlisted } from './unknown.js';
import type { BetaUsage, Usage } from './usage.js';

/** Why the model stopped, on the released Messages API. */
export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** Why the model stopped, on the Messages API with beta headers. */
export type BetaStopReason = StopReason | 'compaction';

/** The reader stopped the reply, or the client did. It is of this library, and of protocols that say so. */
export type CancelledStopReason = 'cancelled';

/** A stop reason that this version does not know, as it came. */
export type UnknownStopReason = Unlisted;

/** Any reason why a model stopped. */
export type AnyStopReason = BetaStopReason | CancelledStopReason | UnknownStopReason;

/** The sandbox that the provider ran code in. */
export interface Container {
  readonly id: string;
  /** ISO 8601. */
  readonly expires_at: string;
  readonly skills:
    { readonly type: 'anthropic' | 'custom'; readonly skill_id: string; readonly version: string }[] | null;
}

/** Why the prompt cache could not be used in full. */
export interface Diagnostics {
  readonly cache_miss_reason:
    | {
        readonly type: 'model_changed' | 'system_changed' | 'tools_changed' | 'messages_changed';
        readonly cache_missed_input_tokens: number;
      }
    | { readonly type: 'previous_message_not_found' | 'unavailable' }
    | null;
}

/** Which earlier content the provider cleared from the context. Beta. */
export interface ContextManagement {
  readonly applied_edits: (
    | {
        readonly type: 'clear_tool_uses_20250919';
        readonly cleared_input_tokens: number;
        readonly cleared_tool_uses: number;
      }
    | {
        readonly type: 'clear_thinking_20251015';
        readonly cleared_input_tokens: number;
        readonly cleared_thinking_turns: number;
      }
  )[];
}

/** A part of the request that the provider did not use as it was sent. Beta. */
export interface InputTransformation {
  readonly type: 'thinking_dropped' | 'thinking_mismatch_allowed';
  readonly path: string;
  readonly reason:
    | 'model_binding_mismatch'
    | 'prefix_binding_mismatch'
    | 'organization_binding_mismatch'
    | 'end_user_binding_mismatch';
}

/** What only a beta header adds: to a message and to `message_delta`. */
export interface MessageAdditions {
  readonly context_management: ContextManagement | null;
  readonly input_transformations?: InputTransformation[] | null;
}

/** What only other providers say. */
export interface ProviderAdditions {
  /** The numbers of the provider as they came, under its own names: costs, tokens of audio. */
  readonly usage_details?: { readonly [member: string]: unknown };
}

/**
 * A whole answer, wire-shaped, with the blocks and stop reasons of one wire or of any.
 *
 * @typeParam B - the blocks it may hold
 * @typeParam S - the stop reasons it may end with
 */
export interface MessageWith<B, S> extends Partial<MessageAdditions>, ProviderAdditions {
  readonly type: 'message';
  readonly id: string;
  readonly role: 'assistant';
  readonly model: string;
  readonly content: B[];
  readonly stop_reason: S | null;
  readonly stop_sequence: string | null;
  readonly stop_details: StopDetails | null;
  readonly container: Container | null;
  readonly diagnostics: Diagnostics | null;
  readonly usage: Usage;
}

/** A whole answer, with whatever blocks and stop reason a stream may carry, unknown ones too. */
export interface Message extends MessageWith<AnyContentBlock, AnyStopReason> {}

/** A whole answer of the released Messages API, as its SDK types it. */
export interface ReleasedMessage extends MessageWith<ContentBlock, StopReason> {}

/** A whole answer of the Messages API with beta headers, as its SDK types it. */
export interface BetaMessage extends MessageWith<BetaContentBlock, BetaStopReason>, MessageAdditions {
  readonly input_transformations?: InputTransformation[] | null;
  readonly context_management: ContextManagement | null;
  readonly stop_details: BetaStopDetails | null;
  readonly usage: BetaUsage;
}

/** How a message ends: the fields of the message that `message_delta` replaces. */
export type MessageDelta<S = AnyStopReason> = Pick<
  MessageWith<never, S>,
  'stop_reason' | 'stop_sequence' | 'stop_details' | 'container'
>;

/** As {@link MessageDelta}, on the beta wire. */
export interface BetaMessageDelta extends MessageDelta<BetaStopReason> {
  readonly stop_details: BetaStopDetails | null;
}

/** How the provider names a failure. Closed in what is known, open in what may come: every provider has its own. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error'
  | 'memory_precondition_failed_error'
  | 'memory_path_conflict_error'
  | (string & {});

/** What went wrong, in the provider's words. */
export interface ApiError {
  readonly type: ErrorType;
  readonly message: string;
  /** Whatever the provider adds; on the Messages API an object whose `error_code` is the stable cause. */
  readonly details?: unknown;
  /** The HTTP status that the error names or was answered with upstream, where that is known. Ours. */
  readonly status?: number;
  /** How long to wait before that is worth a try, in ms, where the provider said so. Ours. */
  readonly retry_after_ms?: number;
  /** Whether to ask again, where that does not follow from the status or the type. Ours. */
  readonly retryable?: boolean;
}

const KNOWN_STOP_REASONS = {
  end_turn: true,
  max_tokens: true,
  stop_sequence: true,
  tool_use: true,
  pause_turn: true,
  refusal: true,
  model_context_window_exceeded: true,
  compaction: true,
  cancelled: true,
} as const satisfies Record<BetaStopReason | CancelledStopReason, true>;

/** Whether this version knows a stop reason. Behind it, a switch over the reasons leaves nothing. */
export function isKnownStopReason<S extends string>(reason: S): reason is Exclude<S, UnknownStopReason> {
  return Object.hasOwn(KNOWN_STOP_REASONS, reason);
}
