import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Ending } from '../kit/messageReader.js';
import type { Facts } from '../kit/messageWriter.js';
import type { TurnOutcome, TurnResponse, TurnUsage } from './rpcEvent.js';

/** An outcome as far as its fields are read here; which of them there are depends on its kind. */
type OutcomeFields = Partial<Record<'kind' | 'code' | 'correlation_id', unknown>>;

const KINDS: ReadonlySet<unknown> = new Set([
  'completed',
  'canceled',
  'provider_failed',
  'tool_failed',
  'budget_exceeded',
  'interrupted_after_side_effect',
] satisfies TurnOutcome['kind'][]);

/**
 * A turn that failed as the error it is.
 *
 * @param response - the response that says so
 * @param said - what an `error` frame said of it before, should the response itself say nothing
 * @returns an `error` event: its type is the `code` of the outcome, else its `kind`, else `api_error`; its `request_id`
 *   is the correlation id, and an outcome that says more than these stands in `details`
 */
export function errorOf({ error, outcome }: TurnResponse, said?: string): ErrorEvent {
  const { kind, code, correlation_id }: OutcomeFields = outcome ?? {};
  const type = [code, kind].find((name) => typeof name === 'string') ?? 'api_error';
  const id = typeof correlation_id === 'string' ? correlation_id : undefined;
  const event = events.error(type, error ?? said ?? 'The turn failed without a word', id);
  if (outcome === undefined || outcome === null || kind === 'provider_failed') return event;
  return { ...event, error: { ...event.error, details: outcome } };
}

/** The outcome that {@link errorOf} reads as this error. */
export function outcomeOf({ error, request_id }: ErrorEvent): object {
  const { details } = error;
  if (isOutcome(details)) return details;
  const id = typeof request_id === 'string' && { correlation_id: request_id };
  return { kind: 'provider_failed', code: error.type, ...id };
}

/** Whether anything was spent: a child says zeros where no provider told it. */
export function isSpent(usage: TurnUsage): boolean {
  const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage;
  return [input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens].some(Boolean);
}

/** The tokens of a turn, as a message counts them. No input at all means that nobody counted it. */
export function tokensOf(usage: TurnUsage | undefined): Facts['usage'] {
  if (usage === undefined) return undefined;
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  return {
    output_tokens,
    input_tokens: input_tokens || undefined,
    cache_creation_input_tokens,
    cache_read_input_tokens,
  };
}

/**
 * What a message cost, as the end of a turn has it. The fields of the cache may be left out where they are not known;
 * those of input and output may not.
 */
export function turnUsageOf({ usage, message }: Ending): TurnUsage {
  const {
    cache_read_input_tokens: read,
    cache_creation_input_tokens: created,
    cache_creation: split,
  } = usage;
  return {
    input_tokens: usage.input_tokens ?? 0,
    output_tokens: usage.output_tokens ?? 0,
    ...(typeof read === 'number' && { cache_read_input_tokens: read }),
    ...(typeof created === 'number' && { cache_creation_input_tokens: created }),
    ...(split && {
      cache_creation_5m: split.ephemeral_5m_input_tokens,
      cache_creation_1h: split.ephemeral_1h_input_tokens,
    }),
    ...(message?.model && { model: message.model }),
  };
}

function isOutcome(value: unknown): value is TurnOutcome {
  return typeof value === 'object' && value !== null && KINDS.has((value as OutcomeFields).kind);
}
