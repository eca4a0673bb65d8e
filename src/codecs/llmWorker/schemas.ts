import * as z from 'zod/mini';
import { isObject } from '../kit/json.js';
import {
  chosen,
  count,
  listOf,
  must,
  nullableText,
  object,
  oneOf,
  place as index,
  text,
} from '../kit/shape.js';
import type {
  WorkerBlockType,
  WorkerDelta,
  WorkerEvent,
  WorkerEventBodies,
  WorkerEventName,
  WorkerResponseStatus,
} from './event.js';

/**
 * What is asked of each event: the fields that meaning depends on. A field that a later version of the crate adds
 * passes, and so does a stop reason.
 */

const BLOCK_TYPES = ['Text', 'Thinking', 'ToolUse', 'ToolResult'] as const satisfies WorkerBlockType[];
const STATUSES = ['Started', 'Completed', 'Cancelled', 'Failed'] as const satisfies WorkerResponseStatus[];

const block_type = oneOf(...BLOCK_TYPES);

const STARTS: Readonly<Record<WorkerBlockType, z.ZodMiniType>> = {
  Text: object({ index, block_type }),
  Thinking: object({ index, block_type }),
  ToolUse: object({ index, metadata: object({ ToolUse: object({ id: text, name: text }) }) }),
  ToolResult: object({ index, metadata: object({ ToolResult: object({ tool_use_id: text }) }) }),
};

const DELTAS = { Text: text, Thinking: text, InputJson: text };

const reasoning = object({
  id: nullableText,
  text: nullableText,
  summary: listOf(text),
  encrypted_content: nullableText,
  signature: nullableText,
});

/** The schema of what each event holds, by its name. */
export const workerEventSchemas: {
  readonly [Name in WorkerEventName]: z.ZodMiniType<WorkerEventBodies[Name]>;
} = {
  Ping: object({ timestamp: count }),
  Usage: object({
    input_tokens: count,
    output_tokens: count,
    total_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  }),
  Status: object({ status: oneOf(...STATUSES) }),
  Error: object({ code: nullableText, message: text }),
  BlockStart: chosen((start) => STARTS[isBlockType(start['block_type']) ? start['block_type'] : 'Text']),
  BlockDelta: object({ index, delta: tagged<WorkerDelta>(DELTAS) }),
  BlockStop: object({ index, block_type, stop_reason: nullableText, reasoning: z.nullish(reasoning) }),
  BlockAbort: object({ index, block_type, reason: text }),
};

/** Any event of the crate, as its JSON is parsed. */
export const workerEventSchema: z.ZodMiniType<WorkerEvent> = tagged(workerEventSchemas);

/** Whether this version knows the event, and what it names: the type of its block or of its delta, its status. */
export function isKnownEvent(name: string, body: unknown): name is WorkerEventName {
  if (!Object.hasOwn(workerEventSchemas, name)) return false;
  const fields: Readonly<Record<string, unknown>> = isObject(body) ? body : {};
  const { delta } = fields;
  return (
    isKnownName(fields['block_type'], BLOCK_TYPES) &&
    (name !== 'Status' || isKnownName(fields['status'], STATUSES)) &&
    (name !== 'BlockDelta' || isKnownName(isObject(delta) ? tagOf(delta) : undefined, Object.keys(DELTAS)))
  );
}

/** The one key of an externally tagged value; `undefined` where it has none, or several. */
export function tagOf(value: object): string | undefined {
  const [tag, ...others] = Object.keys(value);
  return others.length === 0 ? tag : undefined;
}

/** Only a name can be one that a later version adds; anything else is of the wrong shape. */
function isKnownName(name: unknown, known: readonly string[]): boolean {
  return typeof name !== 'string' || known.includes(name);
}

function isBlockType(type: unknown): type is WorkerBlockType {
  return (BLOCK_TYPES as readonly unknown[]).includes(type);
}

/** An externally tagged value, as serde writes an enum: an object whose one key says which of them it is. */
function tagged<T extends object>(schemas: Readonly<Record<string, z.ZodMiniType>>): z.ZodMiniType<T> {
  const known = new Map(Object.entries(schemas).map(([tag, schema]) => [tag, object({ [tag]: schema })]));
  const names = must(`an object with one key, ${Object.keys(schemas).join(' or ')}`);
  const none = object({}).check(z.refine(() => false, names));
  return chosen((value) => known.get(tagOf(value) ?? '') ?? none);
}
