import * as z from 'zod';
import { isObject } from '../kit/policy.js';
import { plainObject } from '../kit/shape.js';
import type {
  WorkerBlockDelta,
  WorkerBlockStart,
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

const text = z.string();
const nullableText = text.nullish();
const index = z.int().min(0);
const count = z.number().min(0).nullish();

const BLOCK_TYPES = ['Text', 'Thinking', 'ToolUse', 'ToolResult'] as const satisfies WorkerBlockType[];
const STATUSES = ['Started', 'Completed', 'Cancelled', 'Failed'] as const satisfies WorkerResponseStatus[];

const block_type = z.enum(BLOCK_TYPES);

const METADATA: Readonly<Record<WorkerBlockType, z.ZodType>> = {
  Text: z.unknown(),
  Thinking: z.unknown(),
  ToolUse: plainObject({ ToolUse: plainObject({ id: text, name: text }) }),
  ToolResult: plainObject({ ToolResult: plainObject({ tool_use_id: text }) }),
};

const DELTAS = { Text: text, Thinking: text, InputJson: text };

const reasoning = plainObject({
  id: nullableText,
  text: nullableText,
  summary: z.array(text).nullish(),
  encrypted_content: nullableText,
  signature: nullableText,
});

/** The schema of what each event holds, by its name. */
export const workerEventSchemas: {
  readonly [Name in WorkerEventName]: z.ZodType<WorkerEventBodies[Name]>;
} = {
  Ping: plainObject({ timestamp: count }),
  Usage: plainObject({
    input_tokens: count,
    output_tokens: count,
    total_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  }),
  Status: plainObject({ status: z.enum(STATUSES) }),
  Error: plainObject({ code: nullableText, message: text }),
  BlockStart: plainObject<WorkerBlockStart>({ index, block_type }).superRefine((start, context) => {
    const issues = METADATA[start.block_type].safeParse(start.metadata).error?.issues ?? [];
    for (const { path, message } of issues) {
      context.addIssue({ code: 'custom', path: ['metadata', ...path], message });
    }
  }),
  BlockDelta: plainObject({ index, delta: tagged<WorkerDelta>(DELTAS) }),
  BlockStop: plainObject({ index, block_type, stop_reason: nullableText, reasoning: reasoning.nullish() }),
  BlockAbort: plainObject({ index, block_type, reason: text }),
};

/** Any event of the crate, as its JSON is parsed. */
export const workerEventSchema: z.ZodType<WorkerEvent> = tagged(workerEventSchemas);

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

/** Whether this is a delta in the shape of nearly all events, checked by hand: zod takes as long as `JSON.parse`. */
export function isBlockDelta(body: unknown): body is WorkerBlockDelta {
  if (!isObject(body)) return false;
  const { index: at, delta } = body;
  if (!Number.isSafeInteger(at) || (at as number) < 0 || !isObject(delta)) return false;
  const tag = tagOf(delta);
  return tag !== undefined && Object.hasOwn(DELTAS, tag) && typeof delta[tag] === 'string';
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

/** An externally tagged value, as serde writes an enum: an object whose one key says which of them it is. */
function tagged<T>(schemas: Readonly<Record<string, z.ZodType>>): z.ZodType<T> {
  const checked = z.record(text, z.unknown()).superRefine((value, context) => {
    const tag = tagOf(value);
    if (tag === undefined || !Object.hasOwn(schemas, tag)) {
      const message = `One key is asked for, out of ${Object.keys(schemas).join(', ')}`;
      return context.addIssue({ code: 'custom', message });
    }
    const issues = schemas[tag]?.safeParse(value[tag]).error?.issues ?? [];
    for (const { path, message } of issues) {
      context.addIssue({ code: 'custom', path: [tag, ...path], message });
    }
  });
  return checked as z.ZodType as z.ZodType<T>;
}
