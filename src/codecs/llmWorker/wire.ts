import { isObject } from '../kit/json.js';
import {
  chosen,
  count,
  holding,
  listOf,
  nullableText,
  nullish,
  object,
  oneOf,
  or,
  place,
  text,
  that,
  type Schema,
  type Output,
  someText,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The `Event` of the Rust crate `llm-worker`, as serde writes it: externally tagged, so that an event is an object
 * with one key, its name. What is an `Option` in the crate is `null` where nothing is known; a missing field means the
 * same. The schemas ask for the fields that the meaning depends on. A field or a stop reason that a later version of
 * the crate adds passes.
 *
 * @see https://github.com/HareK02/yoi, which the crate comes from
 */

const BLOCK_TYPES = ['Text', 'Thinking', 'ToolUse', 'ToolResult'] as const;
const STATUSES = ['Started', 'Completed', 'Cancelled', 'Failed'] as const;
const STOP_REASONS = [
  ['EndTurn', 'end_turn'],
  ['MaxTokens', 'max_tokens'],
  ['StopSequence', 'stop_sequence'],
  ['ToolUse', 'tool_use'],
] as const;

/** What a block is. A `ToolResult` holds the output of a tool, as text. */
export type WorkerBlockType = (typeof BLOCK_TYPES)[number];

/** How far a response has come. The crate calls it `ResponseStatus`. */
export type WorkerResponseStatus = (typeof STATUSES)[number];

/** Why the model stopped. */
export type WorkerStopReason = (typeof STOP_REASONS)[number][0];

/** The stop reasons of the crate beside the canonical ones. */
export const stopReasons = words(STOP_REASONS);

const block = { index: place, block_type: oneOf(...BLOCK_TYPES) };
const stop_reason = nullableText as Schema as Schema<WorkerStopReason | null | undefined>;
const reasoning = holding({
  id: nullableText,
  text: nullableText,
  summary: listOf(text),
  encrypted_content: nullableText,
  signature: nullableText,
});
const usage = holding({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
const ofBlock = object(block);
/** A call that nothing identifies: it begins all the same, and is given up where it ends. */
const NAMELESS = { id: '', name: '' };
const aCall = or(object({ ToolUse: or(object({ id: someText, name: someText }), () => NAMELESS) }), () => ({
  ToolUse: NAMELESS,
}));
/** A result that nothing identifies: it is passed over. */
const OF_NO_CALL = { tool_use_id: '' };
const aResult = or(object({ ToolResult: or(object({ tool_use_id: someText }), () => OF_NO_CALL) }), () => ({
  ToolResult: OF_NO_CALL,
}));
const STARTS = new Map<unknown, Schema>([
  ['ToolUse', object({ ...block, metadata: aCall })],
  ['ToolResult', object({ ...block, metadata: aResult })],
]);
const DELTAS = { Text: someText, Thinking: someText, InputJson: someText };
const DELTA_NAMES = Object.keys(DELTAS);
/** The schema of what each event holds, by the event's name. */
export const workerEventSchemas = {
  Ping: or(holding({ timestamp: count }), () => ({})),
  Usage: or(usage, () => ({})),
  Status: holding({ status: oneOf(...STATUSES) }),
  Error: holding({ code: nullableText, message: someText }),
  BlockStart: chosen<WorkerBlockStart>(({ block_type }) => STARTS.get(block_type) ?? ofBlock),
  BlockDelta: object<WorkerBlockDelta>({ index: place, delta: tagged<WorkerDelta>(DELTAS) }),
  BlockStop: holding({ ...block, stop_reason, reasoning: nullish(reasoning) }),
  BlockAbort: holding({ ...block, reason: someText }),
};

/** A heartbeat. */
export interface WorkerPing extends Output<typeof workerEventSchemas.Ping> {}

/**
 * The tokens used so far. An event may know some of them: a number replaces the one before, `null` says nothing. Later
 * versions count tokens read from the cache and written to it within `input_tokens`.
 */
export interface WorkerUsage extends Output<typeof workerEventSchemas.Usage> {}

/** A change of the response's status. */
export interface WorkerStatus extends Output<typeof workerEventSchemas.Status> {}

/** A failure, in the provider's words; `code` is the provider's name for it, where there is one. */
export interface WorkerError extends Output<typeof workerEventSchemas.Error> {}

/** What a finished thinking block has beside its text, to be sent back with it. Added after version 0.2. */
export interface WorkerReasoning extends Output<typeof reasoning> {}

/** Finishes a block. The last one of a response says why the model stopped, where that is known. */
export interface WorkerBlockStop extends Output<typeof workerEventSchemas.BlockStop> {}

/** Gives a block up. */
export interface WorkerBlockAbort extends Output<typeof workerEventSchemas.BlockAbort> {}

/** The type of a block, and what is known about it at its start. */
export type WorkerBlockMetadata =
  | Start<'Text', 'Text'>
  | Start<'Thinking', 'Thinking'>
  | Start<'ToolUse', { readonly ToolUse: { readonly id: string; readonly name: string } }>
  | Start<'ToolResult', { readonly ToolResult: { readonly tool_use_id: string } }>;
interface Start<Type extends WorkerBlockType, Metadata> {
  readonly block_type: Type;
  readonly metadata: Metadata;
}

/** Begins a block. Blocks of different types may have the same index. */
export type WorkerBlockStart = { readonly index: number } & WorkerBlockMetadata;

/** A piece of a block: text, thinking, or the JSON of a tool's input. */
export type WorkerDelta = {
  [Name in keyof typeof DELTAS]: { readonly [Key in Name]: string };
}[keyof typeof DELTAS];

/** Adds a piece to a block. */
export interface WorkerBlockDelta {
  readonly index: number;
  readonly delta: WorkerDelta;
}

/** The name of an event. */
export type WorkerEventName = keyof typeof workerEventSchemas;

/** What each event holds, by its name. */
export type WorkerEventBodies = {
  readonly [Name in WorkerEventName]: Output<(typeof workerEventSchemas)[Name]>;
};

/** One event: an object with one key, such as `{ Ping: { timestamp: null } }`. */
export type WorkerEvent = {
  readonly [Name in WorkerEventName]: { readonly [Key in Name]: WorkerEventBodies[Name] };
}[WorkerEventName];

/** Any event of the crate, as its JSON is parsed. */
export const workerEventSchema: Schema<WorkerEvent> = tagged(workerEventSchemas);

/** Whether this version knows the event, and the name within it: of its block's type, of its delta, or of its status. */
export function isKnownEvent(name: string, body: unknown): name is WorkerEventName {
  if (!Object.hasOwn(workerEventSchemas, name)) return false;
  const { block_type, status, delta } = isObject(body) ? body : {};
  return (
    isKnownName(block_type, BLOCK_TYPES) &&
    (name !== 'Status' || isKnownName(status, STATUSES)) &&
    (name !== 'BlockDelta' || isKnownName(isObject(delta) ? tagOf(delta) : undefined, DELTA_NAMES))
  );
}

/** The one key of an externally tagged value; `undefined` where it has none, or several. */
export function tagOf(value: object): string | undefined {
  let tag: string | undefined;
  for (const key in value) {
    if (tag !== undefined) return undefined;
    tag = key;
  }
  return tag;
}

/** Whether a later version cannot have added this: a string that is not a known name is a new one. */
function isKnownName(name: unknown, known: readonly string[]): boolean {
  return typeof name !== 'string' || known.includes(name);
}

/** An externally tagged value, as serde writes an enum. */
function tagged<T extends object>(schemas: Readonly<Record<string, Schema>>): Schema<T> {
  const known = new Map(Object.entries(schemas).map(([tag, schema]) => [tag, object({ [tag]: schema })]));
  const none = that(`an object with one key, ${Object.keys(schemas).join(' or ')}`, () => false);
  return chosen((value) => known.get(tagOf(value) ?? '') ?? none);
}
