import type { AnyContentBlock, BetaContentBlock, ContentBlock } from './block.js';
import type { AnyContentBlockDelta, BetaContentBlockDelta, ContentBlockDelta } from './delta.js';
import type {
  ApiError,
  BetaMessage,
  BetaMessageDelta,
  Message,
  MessageAdditions,
  MessageDelta,
  ProviderAdditions,
  ReleasedMessage,
  StopReason,
} from './message.js';
import type { BetaMessageDeltaUsage, MessageDeltaUsage } from './usage.js';

/** Whose event this is, where agents answer side by side. */
export interface InLane {
  /** The id of the call that started the sub-agent which says this; absent for the main agent. */
  readonly lane?: string;
}

/** Begins the message: who answers, with no content yet, and what the input cost. */
export interface MessageStartEvent<M = Message> extends InLane {
  readonly type: 'message_start';
  readonly message: M;
}

/** Begins a block. `index` is its own within the message; the block holds what is known at once. */
export interface ContentBlockStartEvent<B = AnyContentBlock> extends InLane {
  readonly type: 'content_block_start';
  readonly index: number;
  readonly content_block: B;
}

/** Lets a block grow. */
export interface ContentBlockDeltaEvent<D = AnyContentBlockDelta> extends InLane {
  readonly type: 'content_block_delta';
  readonly index: number;
  readonly delta: D;
}

/** Finishes a block. */
export interface ContentBlockStopEvent extends InLane {
  readonly type: 'content_block_stop';
  readonly index: number;
}

/** Says how the message ends and what it cost: cumulative numbers, that replace those of `message_start`. */
export interface MessageDeltaEvent<D = MessageDelta, U = MessageDeltaUsage>
  extends InLane, Partial<MessageAdditions>, ProviderAdditions {
  readonly type: 'message_delta';
  readonly delta: D;
  readonly usage: U;
}

/** Ends the message well. Terminal. */
export interface MessageStopEvent extends InLane {
  readonly type: 'message_stop';
}

/** Keeps the connection alive; any number of them, anywhere. */
export interface PingEvent extends InLane {
  readonly type: 'ping';
}

/** Ends the message with a failure: the provider failed after it had begun to answer. Terminal. */
export interface ErrorEvent extends InLane {
  readonly type: 'error';
  readonly error: ApiError;
  /** The provider's id of the request, to quote to its support. */
  readonly request_id?: string | null;
}

/** An event of a type that this version does not know: its name on the wire and its data as it came. */
export interface UnknownEvent extends InLane {
  readonly type: 'unknown';
  readonly name: string;
  readonly data: unknown;
}

/** Says that a block will never finish. */
export interface BlockAbortEvent extends InLane {
  readonly type: 'block_abort';
  readonly index: number;
  readonly reason: string;
}

/** The result of a tool, from `runTools()` and from protocols that run tools within the stream. */
export interface ToolResultEvent extends InLane {
  readonly type: 'tool_result';
  /** The `id` of the call this answers. */
  readonly tool_use_id: string;
  /** A text or any JSON value, as the tool gave it. */
  readonly content: unknown;
  readonly is_error?: boolean;
  /** Progress of a tool that still runs: for views, not for the model. Each replaces the one before. */
  readonly preliminary?: boolean;
  /** The tool did not finish, because the turn was stopped; `is_error` is set, too. */
  readonly cancelled?: boolean;
}

/** Says whether somebody lets a call be run. */
export interface ToolApprovalEvent extends InLane {
  readonly type: 'tool_approval';
  /** The `id` of the call. */
  readonly tool_use_id: string;
  readonly state: 'requested' | 'approved' | 'denied';
  /** Why it was approved or denied. */
  readonly reason?: string;
}

/** Says that a failed attempt is being repeated: what was gathered from it is to be dropped. */
export interface ResetEvent extends InLane {
  readonly type: 'reset';
  /** The number of the attempt that begins, the first one being 1. */
  readonly attempt: number;
  /** What the attempt before it failed with. */
  readonly cause: unknown;
}

/** An event of the released Messages API, as its SDK types it: without `ping` and `error`. */
export type MessageStreamEvent =
  | MessageStartEvent<ReleasedMessage>
  | ContentBlockStartEvent<ContentBlock>
  | ContentBlockDeltaEvent<ContentBlockDelta>
  | ContentBlockStopEvent
  | MessageDeltaEvent<MessageDelta<StopReason>>
  | MessageStopEvent;

/** An event of the Messages API with beta headers, as its SDK types it: without `ping` and `error`. */
export type BetaMessageStreamEvent =
  | MessageStartEvent<BetaMessage>
  | ContentBlockStartEvent<BetaContentBlock>
  | ContentBlockDeltaEvent<BetaContentBlockDelta>
  | ContentBlockStopEvent
  | (MessageDeltaEvent<BetaMessageDelta, BetaMessageDeltaUsage> & MessageAdditions)
  | MessageStopEvent;

/** An event that stands on the Messages API's wire under its own name, released or beta. */
export type WireEvent =
  | MessageStartEvent
  | ContentBlockStartEvent
  | ContentBlockDeltaEvent
  | ContentBlockStopEvent
  | MessageDeltaEvent
  | MessageStopEvent
  | PingEvent
  | ErrorEvent;

/**
 * One event of an answer, spelled as on the Anthropic Messages wire, plus five of our own:
 * `unknown`, `block_abort`, `tool_result`, `tool_approval` and `reset`. Events of the official SDK are assignable to it.
 *
 * The union is closed, so that a switch on `type` narrows and can be exhaustive. What this version does not know is kept
 * as it came and has a type of its own in each union: {@link UnknownEvent}, `UnknownBlock`, `UnknownDelta` and
 * `UnknownStopReason`.
 */
export type StreamEvent =
  WireEvent | UnknownEvent | BlockAbortEvent | ToolResultEvent | ToolApprovalEvent | ResetEvent;

/** The event of a type: `EventOf<'ping'>` is `PingEvent`. */
export type EventOf<T extends StreamEvent['type']> = Extract<StreamEvent, { type: T }>;

/**
 * What an operator emits that adds events of type `Added` to those of type `E`: both. It is written so that the compiler
 * infers `E` from the events that come in, and not from what a caller expects to come out.
 */
export type EventsWith<E, Added> = { readonly all: E | Added }[E extends unknown ? 'all' : never];

/** The message that events of type `E` make: the one that their `message_start` carries. */
export type MessageOf<E extends StreamEvent> = E extends {
  readonly type: 'message_start';
  readonly message: infer M extends Message;
}
  ? M
  : never;

const WIRE_TYPES: ReadonlySet<string> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
] satisfies WireEvent['type'][]);

/**
 * Makes a guard for one type of event, to be used as `filter(isEvent('message_delta'))`.
 *
 * @param type - the type to let through
 * @returns a guard that narrows to the event of that type
 */
export function isEvent<T extends StreamEvent['type']>(type: T): (event: StreamEvent) => event is EventOf<T> {
  return (event): event is EventOf<T> => event.type === type;
}

/**
 * Whether nothing comes after this event: `message_stop` and `error`, but not `message_delta`, nor the end of what a sub-agent
 * says.
 */
export function isTerminal(event: StreamEvent): event is MessageStopEvent | ErrorEvent {
  return !event.lane && (event.type === 'message_stop' || event.type === 'error');
}

/** Whether this is a keep-alive. */
export function isPing(event: StreamEvent): event is PingEvent {
  return event.type === 'ping';
}

/** The text of a `text_delta`, possibly empty; `undefined` for every other event, a block's start too. */
export function textOf(event: StreamEvent): string | undefined {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return undefined;
  return event.delta.text;
}

/** The piece of JSON in an `input_json_delta`, possibly empty; `undefined` for every other event. */
export function partialJsonOf(event: StreamEvent): string | undefined {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return undefined;
  return event.delta.partial_json;
}

/**
 * Reads the name of an event as it stands on the Messages API's wire.
 *
 * @param name - the `type` in an event's data, or the `event` of its SSE message
 * @returns the name as a type, or `undefined` where the wire has no such event; our own five are not on it
 */
export function eventTypeOf(name: string): WireEvent['type'] | undefined {
  return isWireType(name) ? name : undefined;
}

function isWireType(name: string): name is WireEvent['type'] {
  return WIRE_TYPES.has(name);
}
