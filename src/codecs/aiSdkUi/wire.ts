import type { Json } from '../kit/json.js';
import { isObject } from '../kit/json.js';
import {
  anything,
  chosen,
  flag,
  holding,
  kinds,
  lookup,
  nullableText,
  nullish,
  object,
  oneOf,
  or,
  someInput,
  someText,
  text,
  that,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The parts of a UI message stream, `UIMessageChunk` in the AI SDK. The schemas ask that the members which the meaning
 * depends on are of their type; every other member passes as it came.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#data-stream-protocol
 */

/** The data that ends a stream. */
export const DONE = '[DONE]';

const someFlag = nullish(flag);
const metadata = { providerMetadata: anything };
const ofText = { id: text, ...metadata };
const growth = { delta: someText };
/** A call without an id or a name begins, and is given up where it ends. */
const ofCall = { toolCallId: someText };
const call = {
  ...ofCall,
  toolName: someText,
  providerExecuted: someFlag,
  dynamic: someFlag,
  title: nullableText,
  ...metadata,
};
const source = { sourceId: nullableText, title: nullableText, ...metadata };
const media = { url: text, mediaType: or(text, () => 'application/octet-stream'), ...metadata };

const schemas = {
  ...kinds({
    start: { messageId: nullableText, messageMetadata: anything },
    finish: { finishReason: nullableText, messageMetadata: anything },
    'message-metadata': { messageMetadata: anything },
    abort: { reason: nullableText },
    'start-step': {},
    'finish-step': {},
    /** Of version 7. */
    'reset-step': {},
    'text-start': ofText,
    'text-delta': { ...ofText, ...growth },
    'text-end': { ...ofText, citations: anything },
    'reasoning-start': ofText,
    'reasoning-delta': { ...ofText, ...growth },
    'reasoning-end': ofText,
    'tool-input-start': { ...call, inputEncoding: nullableText },
    'tool-input-delta': { ...ofCall, inputTextDelta: someText },
    'tool-input-available': { ...call, input: someInput },
    'tool-input-error': { ...call, input: anything, errorText: someText },
    'tool-approval-request': { approvalId: text, toolCallId: text, reason: nullableText },
    /** Of version 7. */
    'tool-approval-response': { approvalId: text, approved: flag, reason: nullableText },
    'tool-output-available': { toolCallId: text, output: anything, preliminary: someFlag, ...metadata },
    'tool-output-error': { toolCallId: text, errorText: someText },
    'tool-output-denied': { toolCallId: text },
    'source-url': { ...source, url: text },
    'source-document': { ...source, mediaType: nullableText },
    file: media,
    /** The next three are of version 7. */
    'reasoning-file': media,
    custom: { kind: nullableText, ...metadata },
    'steering-message': { id: nullableText, parts: anything },
  }),
  ...kinds({
    error: { errorText: anything },
  }),
};

/** A part of the app's own, named `data-…`. */
const dataPart = holding({
  type: that<`data-${string}`>('data-…', isDataName),
  id: nullableText,
  data: anything,
  transient: someFlag,
});

type Schemas = typeof schemas;

/** A part of the stream. */
export type UiMessageChunk =
  { [Type in keyof Schemas]: Output<Schemas[Type]> }[keyof Schemas] | Output<typeof dataPart>;

const known = lookup(schemas as Readonly<Record<string, Schema>> as Readonly<Record<string, Schema<Fields>>>);
const none = object<Json>({ type: oneOf(...Object.keys(schemas)) });

/** What a known part holds, whatever its type; `undefined` for an unknown type. */
export function schemaOf(type: string): Schema<Fields> | undefined {
  return isDataName(type) ? (dataPart as Schema as Schema<Fields>) : known(type);
}

/** Any part of the stream. */
export const uiMessageChunkSchema: Schema<UiMessageChunk> = chosen(
  ({ type }) => (typeof type === 'string' ? schemaOf(type) : undefined) ?? none,
);

/** What a part may hold, whatever its type. */
export interface Fields {
  readonly messageId?: string | null;
  readonly messageMetadata?: unknown;
  readonly finishReason?: string | null;
  readonly reason?: string | null;
  readonly id?: string;
  readonly delta?: string;
  readonly citations?: unknown;
  readonly providerMetadata?: unknown;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly providerExecuted?: boolean | null;
  readonly dynamic?: boolean | null;
  readonly title?: string | null;
  readonly inputEncoding?: string | null;
  readonly inputTextDelta?: string;
  readonly input?: unknown;
  readonly errorText?: string;
  readonly approvalId?: string;
  readonly approved?: boolean;
  readonly output?: unknown;
  readonly preliminary?: boolean | null;
  readonly url?: string;
  readonly mediaType?: string;
}

/** Why an answer ends. A reason of ours that is none of these is told in the metadata. */
export const finishReasons = words([
  ['stop', 'end_turn'],
  ['stop', 'stop_sequence'],
  ['length', 'max_tokens'],
  ['length', 'model_context_window_exceeded'],
  ['tool-calls', 'tool_use'],
  ['content-filter', 'refusal'],
  ['interrupted', 'pause_turn'],
  ['error', 'error'],
]);

/** What a call says that was not approved: the protocol has no more words for it. */
export const DENIED = 'denied';

/** Why the AI SDK cannot be told an input. The input is whole all the same. */
export const REFUSED =
  'The AI SDK reads no input with a number beyond 1.8e308, or a member __proto__ or constructor.prototype';

/** Parts that have no counterpart among the events, and the parts of the app: they pass as they came. */
export const PASSED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'reasoning-file',
  'custom',
  'steering-message',
  'message-metadata',
]);

/** A set with the names of all parts that pass. */
export const PASSES: ReadonlySet<string> = /* @__PURE__ */ namesOf(PASSED);

function namesOf(names: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(names);
  return Object.assign(all, { has: (name: string) => names.has(name) || isDataName(name) });
}

/** Whether this is the name of a part of the app's own. */
export function isDataName(name: unknown): boolean {
  return typeof name === 'string' && name.startsWith('data-');
}

/** What the codec adds to a message, and writes back. */
export interface UiMessageFields {
  /** What the app says of the message, besides what a message has a place for. */
  readonly messageMetadata?: Json;
}

/** What the codec adds to a block's start, and writes back. A block with these is not to be sent to another provider. */
export interface UiBlockFields {
  /** What the provider says of it, by the name that the AI SDK has for the provider. */
  readonly providerMetadata?: Json;
  /** Of a call: its tool is not one that the app has types for. */
  readonly dynamic?: boolean;
  /** Of a call: what to show. */
  readonly title?: string;
}

/** What the codec adds to a `tool_approval`, and writes back, where the id of the approval is not that of the call. */
export interface UiApprovalFields {
  /** What the approval is called in the app's answer to it. */
  readonly approvalId?: string;
}

/** The members of an object; none for any other value. */
export function membersOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
