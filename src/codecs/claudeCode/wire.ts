import type { StreamEvent, ToolApprovalEvent } from '../../events/event.js';
import { isObject, type Json } from '../kit/json.js';
import {
  anything,
  arrayOf,
  byType,
  count,
  flag,
  holding,
  kinds,
  listOf,
  lookup,
  nullableText,
  nullish,
  object,
  or,
  someText,
  text,
  that,
  type Output,
  type Schema,
} from '../kit/shape.js';

/**
 * The lines of `claude --output-format stream-json` and of the iterator of the agent SDK, as far as they say something of
 * an answer. All other fields pass as they came.
 *
 * @see https://code.claude.com/docs/en/agent-sdk/typescript
 */

// Not a record: no interface of the agent SDK's types fits an index signature.
const record = object<object>({});

/** Whose line it is: `null` for the main agent, else the call that started the sub-agent. */
const ofAgent = { parent_tool_use_id: nullableText, session_id: nullableText, uuid: nullableText };

/** A block of a message that comes whole. */
const block = object<WholeBlock>({ type: text });

/** The schema of each type of line that this version reads. */
export const claudeCodeSchemas = kinds({
  /** An event of the Messages API, where partial messages are asked for. */
  stream_event: { event: record, ...ofAgent },
  /** Blocks that are whole. Several lines may be of one message. */
  assistant: {
    message: object<AssistantMessage>({
      id: someText,
      model: nullableText,
      content: or(arrayOf(block), () => []),
      stop_reason: nullableText,
      stop_sequence: nullableText,
      usage: nullish(record),
    }),
    /** What went wrong, such as `rate_limit`: the text is the program's then. */
    error: nullableText,
    ...ofAgent,
  },
  /** Results of tools, and what else the model is told. */
  user: { message: holding({ content: anything }), ...ofAgent },
  /** The end of a turn. */
  result: {
    subtype: someText,
    is_error: nullish(flag),
    result: nullish(anything),
    errors: listOf(text),
    stop_reason: nullableText,
    usage: nullish(record),
    total_cost_usd: count,
    /** What the encoder says of a failure that the program has no subtype for. */
    error: nullish(anything),
    ...ofAgent,
  },
  keep_alive: {},
});

/** A block of a message that comes whole, with the members of its type. */
export interface WholeBlock {
  readonly type: string;
}

/** The message of a line `assistant`; its other members pass as they came. */
export interface AssistantMessage {
  readonly id: string;
  readonly content: readonly WholeBlock[];
  readonly model?: string | null | undefined;
  readonly stop_reason?: string | null | undefined;
  readonly stop_sequence?: string | null | undefined;
  readonly usage?: object | null | undefined;
}

type Lines = { readonly [T in keyof typeof claudeCodeSchemas]: Output<(typeof claudeCodeSchemas)[T]> };

/** A line that holds an event of the Messages API. */
export interface ClaudeCodeStreamEvent extends Flat<Lines['stream_event']> {}
/** A line that holds whole blocks. */
export interface ClaudeCodeAssistant extends Flat<Lines['assistant']> {}
/** A line that holds what the model is told: results of tools. */
export interface ClaudeCodeUser extends Flat<Lines['user']> {}
/** The line that ends a turn. */
export interface ClaudeCodeResult extends Flat<Omit<Lines['result'], 'result' | 'error'>> {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A line that this version reads. */
export type ClaudeCodeLine =
  | ClaudeCodeStreamEvent
  | ClaudeCodeAssistant
  | ClaudeCodeUser
  | ClaudeCodeResult
  | { readonly type: 'keep_alive' };
type Flat<T> = { [K in keyof T]: T[K] };

/** Any line of a type that this version reads. */
export const claudeCodeLineSchema: Schema<ClaudeCodeLine> = byType<ClaudeCodeLine>(claudeCodeSchemas);

/** The schema of a type of line, if there is one. */
export const schemaOf: (type: string) => Schema<ClaudeCodeLine> | undefined =
  lookup<Schema<ClaudeCodeLine>>(claudeCodeSchemas);

/** What the end of a turn says of its cost; it is the `usage_details` of the last message. */
export const DETAILS = ['usage', 'modelUsage', 'total_cost_usd', 'permission_denials'] as const;

/** Lines that are known, say nothing of the answer, and may name an error that ends nothing. */
export const ASIDE: ReadonlySet<string> = new Set([
  'system',
  'auth_status',
  'rate_limit_event',
  'tool_progress',
  'tool_use_summary',
  'control_request',
  'control_response',
  'control_cancel_request',
]);

/** What a line that is not read is called: its type, with its subtype. */
export function nameOf({ type, subtype, request }: Json): string | undefined {
  if (typeof type !== 'string' || type === '') return undefined;
  const inner = type === 'control_request' && isObject(request) ? request['subtype'] : subtype;
  return typeof inner === 'string' && inner !== '' ? `${type}/${inner}` : type;
}

/** A request of the program for the permission to use a tool. {@link permissionRequestIn} finds it in an event. */
export interface PermissionRequest {
  readonly type: 'control_request';
  readonly request_id: string;
  readonly request: {
    readonly subtype: 'can_use_tool';
    readonly tool_name: string;
    readonly input: { readonly [name: string]: unknown };
    readonly tool_use_id?: string | null;
  };
}

/** What the codec adds to a `tool_approval`, and writes back. */
export interface ClaudeCodeApprovalFields {
  /** The request, which {@link approve} answers. */
  readonly request?: PermissionRequest;
}

/** Whether the tool may be used: with another input perhaps, or why not. */
export type Permission =
  | { readonly behavior: 'allow'; readonly updatedInput?: { readonly [name: string]: unknown } }
  | { readonly behavior: 'deny'; readonly message: string; readonly interrupt?: boolean };

const permissionRequestSchema = object<PermissionRequest>({
  type: that('control_request', (value) => value === 'control_request'),
  request_id: text,
  request: object({
    subtype: that('can_use_tool', (value) => value === 'can_use_tool'),
    tool_name: text,
    input: record,
    tool_use_id: nullableText,
  }),
});

/** @returns a line as the request that it is; `undefined` for any other line */
export function permissionRequestOf(line: unknown): PermissionRequest | undefined {
  return permissionRequestSchema.flawOf(line) ? undefined : (line as PermissionRequest);
}

/**
 * Whether an event asks for the permission to use a tool: a `tool_approval` of the call, or an `unknown` event
 * `control_request/can_use_tool` where the program does not say which call it is, or no message makes that.
 *
 * @param event - any event
 * @returns the request, to be answered by {@link approve}; `undefined` for any other event
 */
export function permissionRequestIn(event: StreamEvent): PermissionRequest | undefined {
  if (event.type === 'unknown') return permissionRequestOf(event.data);
  return event.type === 'tool_approval' ? requestOf(event) : undefined;
}

function requestOf({ request }: ToolApprovalEvent & ClaudeCodeApprovalFields): PermissionRequest | undefined {
  return permissionRequestOf(request);
}

/** @see {@link claudeCode} */
export function approve(
  { request_id, request }: PermissionRequest,
  permission: Permission = { behavior: 'allow' },
): string {
  const response =
    permission.behavior === 'allow' ? { updatedInput: request.input, ...permission } : permission;
  return `${JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id, response },
  })}\n`;
}
