/** Tokens written to the cache, by how long they are kept. */
export interface CacheCreation {
  readonly ephemeral_1h_input_tokens: number;
  readonly ephemeral_5m_input_tokens: number;
}

/** The output tokens that were not shown. */
export interface OutputTokensDetails {
  readonly thinking_tokens: number;
}

/** Requests made by tools that the provider runs. */
export interface ServerToolUsage {
  readonly web_fetch_requests: number;
  readonly web_search_requests: number;
}

interface IterationUsage {
  readonly cache_creation: CacheCreation | null;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** The tokens of one of several model runs behind a single answer. */
export type UsageIteration =
  | (IterationUsage & { readonly type: 'message'; readonly model: string | null })
  | (IterationUsage & { readonly type: 'compaction' })
  | (IterationUsage & { readonly type: 'advisor_message' | 'fallback_message'; readonly model: string });

/** Whether the credit given for a refused request was used. */
export interface FallbackCredit {
  readonly status:
    | { readonly type: 'redeemed' }
    | {
        readonly type: 'not_applied';
        readonly reason:
          | 'body_mismatch'
          | 'continuation_excluded'
          | 'continuation_only'
          | 'expired'
          | 'invalid_target_model'
          | 'not_enabled'
          | 'reprice_unavailable'
          | 'temporarily_unavailable'
          | 'variant_fields_present'
          | 'wrong_organization'
          | 'wrong_platform'
          | 'wrong_workspace';
        readonly remove_to_redeem?: string[] | null;
      };
}

/** The fields that only a beta header adds. */
interface UsageAdditions {
  readonly fallback_credit: FallbackCredit | null;
  readonly iterations: UsageIteration[] | null;
}

interface UsageSoFar extends Partial<UsageAdditions> {
  readonly output_tokens: number;
  readonly cache_creation_input_tokens: number | null;
  readonly cache_read_input_tokens: number | null;
  readonly output_tokens_details: OutputTokensDetails | null;
  readonly server_tool_use: ServerToolUsage | null;
}

/** Tokens used by a message. The whole input is `input_tokens` + `cache_creation_…` + `cache_read_…`. */
export interface Usage extends UsageSoFar {
  readonly input_tokens: number;
  readonly cache_creation: CacheCreation | null;
  readonly inference_geo: string | null;
  readonly service_tier: 'standard' | 'priority' | 'batch' | null;
  readonly speed: 'standard' | 'fast' | null;
}

/** As {@link Usage}, on the beta wire. */
export type BetaUsage = Usage & UsageAdditions;

/**
 * The usage inside `message_delta`: cumulative tokens of the whole message. A number replaces that
 * of `message_start` and is never added to it; `null` or a missing field changes nothing. Gateways and older wires
 * send `output_tokens` alone.
 */
export interface MessageDeltaUsage extends UsageSoFar {
  readonly input_tokens: number | null;
}

/** As {@link MessageDeltaUsage}, on the beta wire. */
export type BetaMessageDeltaUsage = MessageDeltaUsage & UsageAdditions;
