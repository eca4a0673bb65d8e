/** Why a model refused. */
export type RefusalCategory = 'cyber' | 'bio' | 'frontier_llm' | 'reasoning_extraction' | 'general_harms';

/** What only a beta header adds to the details of a refusal. */
interface StopDetailsAdditions {
  readonly fallback_credit_token: string | null;
  readonly fallback_has_prefill_claim: boolean | null;
  readonly recommended_model: string | null;
}

/** More about a `refusal`. */
export interface StopDetails extends Partial<StopDetailsAdditions> {
  readonly type: 'refusal';
  readonly category: RefusalCategory | null;
  readonly explanation: string | null;
}

/** As {@link StopDetails}, on the beta wire. */
export type BetaStopDetails = StopDetails & StopDetailsAdditions;
