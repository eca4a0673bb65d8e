/**
 * Holds our types against the official SDK's; `tsc --noEmit` is the test. A release of the SDK that adds, renames
 * or retypes anything on the wire shows here as an error.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type * as Beta from '@anthropic-ai/sdk/resources/beta/messages';
import { filter, from, map, type Observable } from 'rxjs';
import type { BetaContentBlock, Block, ContentBlock, TextBlock } from '../src/events/block.js';
import type { BetaContentBlockDelta, ContentBlockDelta } from '../src/events/delta.js';
import { eventTypeOf, isEvent, isPing, isTerminal } from '../src/events/event.js';
import type {
  BetaMessageStreamEvent,
  ErrorEvent,
  EventOf,
  MessageStreamEvent,
  PingEvent,
  StreamEvent,
  WireEvent,
} from '../src/events/event.js';
import * as events from '../src/events/make.js';
import type {
  BetaMessage,
  BetaStopReason,
  Message,
  ReleasedMessage,
  StopReason,
} from '../src/events/message.js';
import type { BetaMessageDeltaUsage, BetaUsage, MessageDeltaUsage, Usage } from '../src/events/usage.js';

/** Compiles only where every `Value` fits `Type`. */
type Fits<Type, Value extends Type> = Value;

export type SdkEventsAreStreamEvents = [
  Fits<StreamEvent, Anthropic.RawMessageStreamEvent>,
  Fits<StreamEvent, Beta.BetaRawMessageStreamEvent>,
];

export type ReleasedTypesFitTheSdk = [
  Fits<Anthropic.RawMessageStreamEvent, MessageStreamEvent>,
  Fits<Anthropic.Message, ReleasedMessage>,
  Fits<Anthropic.ContentBlock, ContentBlock>,
  Fits<Anthropic.RawContentBlockDelta, ContentBlockDelta>,
  Fits<Anthropic.Usage, Usage>,
  Fits<Anthropic.MessageDeltaUsage, MessageDeltaUsage>,
  Fits<Anthropic.StopReason, StopReason>,
];

export type TheSdkFitsReleasedTypes = [
  Fits<MessageStreamEvent, Anthropic.RawMessageStreamEvent>,
  Fits<ReleasedMessage, Anthropic.Message>,
  Fits<Message, Anthropic.Message>,
  Fits<ContentBlock, Anthropic.ContentBlock>,
  Fits<ContentBlockDelta, Anthropic.RawContentBlockDelta>,
  Fits<Usage, Anthropic.Usage>,
  Fits<MessageDeltaUsage, Anthropic.MessageDeltaUsage>,
  Fits<StopReason, Anthropic.StopReason>,
];

export type BetaTypesFitTheSdk = [
  Fits<Beta.BetaRawMessageStreamEvent, BetaMessageStreamEvent>,
  Fits<Beta.BetaMessage, BetaMessage>,
  Fits<Beta.BetaContentBlock, BetaContentBlock>,
  Fits<Beta.BetaRawContentBlockDelta, BetaContentBlockDelta>,
  Fits<Beta.BetaUsage, BetaUsage>,
  Fits<Beta.BetaMessageDeltaUsage, BetaMessageDeltaUsage>,
  Fits<Beta.BetaStopReason, BetaStopReason>,
];

export type TheSdkFitsBetaTypes = [
  Fits<BetaMessageStreamEvent, Beta.BetaRawMessageStreamEvent>,
  Fits<BetaMessage, Beta.BetaMessage>,
  Fits<Message, Beta.BetaMessage>,
  Fits<BetaContentBlock, Beta.BetaContentBlock>,
  Fits<BetaContentBlockDelta, Beta.BetaRawContentBlockDelta>,
  Fits<BetaUsage, Beta.BetaUsage>,
  Fits<BetaMessageDeltaUsage, Beta.BetaMessageDeltaUsage>,
  Fits<BetaStopReason, Beta.BetaStopReason>,
];

/**
 * The path of every field in a type, each object named by its `type`. Assignability does not see an optional
 * field that only one side has; comparing paths does.
 */
type Paths<T> = T extends string // also `string & {}`, which the SDK writes where any string may stand
  ? never
  : T extends readonly (infer Item)[]
    ? Paths<Item>
    : T extends object
      ? { [Key in Declared<T>]-?: `${Tag<T>}${Key}` | `${Tag<T>}${Key}.${Paths<T[Key]>}` }[Declared<T>]
      : never;
/** The keys of `T` without its index signature. */
type Declared<T> = string & keyof { [Key in keyof T as string extends Key ? never : Key]: 0 } & keyof T;
type Tag<T> = T extends { type: infer Type extends string } ? `${Type}/` : '';

/** Sent back unread: every kind of tool that a request can define. */
type Unread = Extract<Paths<Beta.BetaRawMessageStreamEvent>, `${string}compaction/tool_changes${string}`>;

export type NoFieldOfTheSdkIsMissing = [
  Fits<Paths<MessageStreamEvent>, Paths<Anthropic.RawMessageStreamEvent>>,
  Fits<Paths<BetaMessageStreamEvent>, Exclude<Paths<Beta.BetaRawMessageStreamEvent>, Unread>>,
];
/** What only other providers say; the Messages API says none of it. */
type Foreign = Extract<
  Paths<BetaMessageStreamEvent>,
  | `${string}text/signature`
  | `${string}tool_use/signature`
  | `${string}usage_details${string}`
  | `${string}/lane`
>;
export type NoBetaFieldIsInvented = Fits<
  Paths<Beta.BetaRawMessageStreamEvent>,
  Exclude<Paths<BetaMessageStreamEvent>, Foreign>
>;

declare const anthropic: Anthropic;
declare const message: ReleasedMessage;
declare const betaMessage: BetaMessage;
declare const event: StreamEvent;
declare const block: Block;

export const fromTheSdk: Observable<StreamEvent> = from(
  anthropic.messages.stream({} as Anthropic.MessageStreamParams),
);
export const fromTheBetaSdk: Observable<StreamEvent> = from(
  anthropic.beta.messages.stream({} as Beta.MessageCreateParamsNonStreaming),
);

export const sentBack: Anthropic.MessageParam = { role: message.role, content: message.content };
export const betaSentBack: Beta.BetaMessageParam = { role: betaMessage.role, content: betaMessage.content };

export const factoriesFitTheSdk: Anthropic.RawMessageStreamEvent[] = [
  events.messageStart({ id: 'msg_1', usage: { input_tokens: 25 } }),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.citationsDelta(0, {} as Anthropic.TextCitation),
  events.blockStop(0),
  events.thinkingStart(1),
  events.thinkingDelta(1, 'Hm'),
  events.signatureDelta(1, 'sig'),
  events.redactedThinkingStart(2, 'data'),
  events.toolUseStart(3, 'toolu_1', 'get_weather'),
  events.inputJsonDelta(3, '{}'),
  events.serverToolUseStart(4, 'srvtoolu_1', 'web_search'),
  events.messageDelta('end_turn', { output_tokens: 3 }),
  events.messageStop(),
];

export const guardsNarrowStreams = {
  pings: from([event]).pipe(filter(isEvent('ping'))) satisfies Observable<PingEvent>,
  pingsToo: from([event]).pipe(filter(isPing)) satisfies Observable<PingEvent>,
  models: from([event]).pipe(
    filter(isEvent('message_start')),
    map(({ message }) => message.model),
  ) satisfies Observable<string>,
};

export function narrows(): unknown {
  if (isTerminal(event) && event.type !== 'message_stop') return event satisfies ErrorEvent;
  if (eventTypeOf('ping') !== undefined) return eventTypeOf('ping') satisfies WireEvent['type'] | undefined;
  if (block.type === 'text' && block.status === 'aborted') return [block.text, block.reason, block.index];
  if (block.status === 'invalid') return [block.raw, block.reason, block satisfies { type: string }];
  if (block.type === 'text') return block satisfies TextBlock;
  if (block.type === 'tool_use') return block.caller?.type;
  return undefined;
}

export function doesNotCompile(): unknown {
  // @ts-expect-error no delta has this type
  events.blockDelta(0, { type: 'smell_delta', smell: 'rose' });
  // @ts-expect-error a stop reason is one of those known
  events.messageDelta('finished');
  // @ts-expect-error no event has this type
  isEvent('pong');
  // @ts-expect-error `EventOf` takes a type of `StreamEvent`
  type Pong = EventOf<'pong'>;
  // @ts-expect-error an event is not changed
  event.type = 'ping';
  // @ts-expect-error a message is not changed
  message.stop_reason = 'end_turn';
  // @ts-expect-error a text is no property of every block
  const text: unknown = block.text;
  // @ts-expect-error only an invalid block has the raw text
  const raw: unknown = block.raw;
  // @ts-expect-error the released API knows no stop reason `compaction`
  const reason: StopReason = 'compaction' satisfies BetaStopReason;
  // @ts-expect-error a beta message may hold blocks that the released API does not know
  const released: ReleasedMessage = betaMessage;
  // @ts-expect-error our own events are not on the wire
  const wire: MessageStreamEvent = events.reset(2, undefined);
  // @ts-expect-error a wire event needs its index
  const stop: StreamEvent = { type: 'content_block_stop' };
  return [text, raw, reason, released, wire, stop, {} as Pong];
}
