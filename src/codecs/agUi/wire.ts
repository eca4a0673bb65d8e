import { isObject, type Json } from '../kit/json.js';
import {
  byType,
  count,
  kinds,
  holding,
  listOf,
  lookup,
  nullableText,
  nullish,
  number,
  object,
  oneOf,
  someText,
  text,
  that,
  type Output,
  type Schema,
} from '../kit/shape.js';

/**
 * The events of AG-UI 1.0, and the thinking of its versions before 1.0. The schemas ask that the members which the meaning
 * depends on are of their type; every other member passes as it came.
 *
 * @see https://docs.ag-ui.com/spec/1.0
 */

const usage = holding({
  provider: nullableText,
  model: nullableText,
  /** The tokens of the input, those from the cache and those written to it included. */
  inputTokens: count,
  outputTokens: count,
  totalTokens: count,
  reasoningTokens: count,
  cachedInputTokens: count,
  cacheWriteInputTokens: count,
});

/** What one model of one provider counted in a run. */
export interface AgUiUsage extends Output<typeof usage> {}

/** Whether this says what was counted: at a failure nothing checks it before. */
export function isUsage(value: unknown): value is AgUiUsage {
  return usage.flawOf(value) === undefined;
}

const interrupt = holding({ id: nullableText, reason: nullableText, toolCallId: nullableText });

/** What a run waits for, such as the approval of a call. */
export interface AgUiInterrupt extends Output<typeof interrupt> {}

const outcome = holding({
  /** `success`, `interrupt` or `cancelled`; anything else reads as `success`. */
  type: nullableText,
  pendingToolCallIds: listOf(text),
  interrupts: listOf(interrupt),
});

/** How a run ended. */
export interface AgUiOutcome extends Output<typeof outcome> {}

/** What anybody may add to an event, under a name of their own. */
const metadata = nullish(object<Json>({}));
const delta = { delta: someText };
const message = { messageId: text, metadata };
const call = { toolCallId: someText, metadata };
const maybeMessage = { messageId: nullableText, ...delta, metadata };

/** What a tool gave: a text, or parts of a message. */
const content: Schema<string | readonly object[] | null | undefined> = nullish(
  that('a text or a list of parts', (value) => typeof value === 'string' || isList(value)),
);

/** The schema of each event that becomes a part of an answer. */
export const agUiContentSchemas = kinds({
  RUN_STARTED: { threadId: nullableText, runId: nullableText, metadata },
  RUN_FINISHED: { outcome: nullish(outcome), usage: listOf(usage), metadata },
  TEXT_MESSAGE_START: { ...message, role: nullableText },
  TEXT_MESSAGE_CONTENT: { ...message, ...delta },
  TEXT_MESSAGE_END: message,
  TEXT_MESSAGE_CHUNK: { ...maybeMessage, role: nullableText },
  TOOL_CALL_START: { ...call, toolCallName: someText, parentMessageId: nullableText },
  TOOL_CALL_ARGS: { ...call, ...delta },
  TOOL_CALL_END: call,
  TOOL_CALL_CHUNK: {
    ...delta,
    toolCallId: nullableText,
    toolCallName: nullableText,
    parentMessageId: nullableText,
    metadata,
  },
  TOOL_CALL_RESULT: { ...call, messageId: nullableText, content },
  REASONING_START: { messageId: nullableText },
  REASONING_MESSAGE_START: message,
  REASONING_MESSAGE_CONTENT: { ...message, ...delta },
  REASONING_MESSAGE_END: message,
  REASONING_MESSAGE_CHUNK: maybeMessage,
  REASONING_END: { messageId: nullableText },
  REASONING_ENCRYPTED_VALUE: { subtype: text, entityId: text, encryptedValue: text },
  THINKING_START: { title: nullableText },
  THINKING_CONTENT: delta,
  THINKING_END: {},
  THINKING_TEXT_MESSAGE_START: {},
  THINKING_TEXT_MESSAGE_CONTENT: delta,
  THINKING_TEXT_MESSAGE_END: {},
});

const list = that<readonly unknown[]>('a list', Array.isArray);
const patch = that<readonly Json[]>('a JSON patch', (value) => isList(value) && value.every(isOperation));
/** What any event may have. Readers refuse one that is `null`. */
const common = { timestamp: nullish(number), metadata, subagentRunId: nullableText };
const activity = { ...common, messageId: text, activityType: text };
const step = { ...common, stepName: text };
const subagent = { ...common, subagentRunId: text, parentSubagentRunId: nullableText };
const said = that('a JSON value', (value) => value !== undefined);

/** The schema of each event that is of the application: it passes whole, as an `unknown` event. */
export const agUiAsideSchemas = kinds({
  STEP_STARTED: step,
  STEP_FINISHED: step,
  STATE_SNAPSHOT: { ...common, snapshot: said },
  STATE_DELTA: { ...common, delta: patch },
  MESSAGES_SNAPSHOT: { ...common, messages: list },
  ACTIVITY_SNAPSHOT: { ...activity, content: object<Json>({}) },
  ACTIVITY_DELTA: { ...activity, patch },
  SUBAGENT_STARTED: { ...subagent, name: text },
  SUBAGENT_FINISHED: subagent,
  SUBAGENT_ERROR: { ...subagent, message: text },
  CUSTOM: { ...common, name: text, value: said },
  RAW: { ...common, event: said },
});

const runError = object<AgUiRunError>({ type: oneOf('RUN_ERROR'), message: someText, code: nullableText });

/** Ends a run that failed. */
export interface AgUiRunError {
  readonly type: 'RUN_ERROR';
  readonly message: string;
  /** What kind of failure it is. */
  readonly code?: string | null;
  readonly usage?: readonly AgUiUsage[] | null;
  readonly metadata?: Json | null;
}

type EventsOf<S> =
  S extends Readonly<Record<string, unknown>>
    ? { [T in keyof S]: S[T] extends Schema<infer E> ? E : never }[keyof S]
    : never;

/** An event that becomes a part of an answer. */
export type AgUiContentEvent = EventsOf<typeof agUiContentSchemas>;

/** An event of the application, which passes whole. */
export type AgUiAsideEvent = EventsOf<typeof agUiAsideSchemas>;

/** Any event. */
export type AgUiEvent = AgUiContentEvent | AgUiAsideEvent | AgUiRunError;

/** The schema of each event, by its type. */
export const agUiEventSchemas = {
  ...agUiContentSchemas,
  ...agUiAsideSchemas,
  RUN_ERROR: runError,
};

/** Any event. */
export const agUiEventSchema: Schema<AgUiEvent> = byType(agUiEventSchemas);

/** Finds the schema of an event that becomes a part of an answer. */
export const contentSchemaOf: (type: string) => Schema<AgUiContentEvent> | undefined = lookup(
  agUiContentSchemas as Readonly<Record<string, Schema<AgUiContentEvent>>>,
);

/** Finds the schema of an event of the application. */
export const asideSchemaOf: (type: string) => Schema<AgUiAsideEvent> | undefined = lookup(
  agUiAsideSchemas as Readonly<Record<string, Schema<AgUiAsideEvent>>>,
);

/** What only this protocol says of a message. */
export interface AgUiFields {
  /** The conversation that the run belongs to. */
  readonly threadId?: string;
  /** What the run waits for, where that is more than the approval of a call. */
  readonly interrupts?: readonly AgUiInterrupt[];
  /** What the run came to, besides its messages. */
  readonly result?: unknown;
}

/** What only this protocol says of a block, where it is not what the encoder would make of the message's id. */
export interface AgUiBlockFields {
  /** The id of the message that a text, or a thinking, is of its own. */
  readonly messageId?: string;
  /** The id of the message that a call belongs to. */
  readonly parentMessageId?: string;
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every(isObject);
}

function isOperation({ op, path }: Json): boolean {
  return typeof op === 'string' && typeof path === 'string';
}
