import type { Block } from '../events/block.js';
import type { EventOf, StreamEvent } from '../events/event.js';
import type { ToolCall, ToolInput } from '../fold/calls/toolInput.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import type { Message } from '../events/message.js';
import type { Face, Look, Marble, Piece, Tone } from './drawing.js';
import { LONGEST, shortenTo, visible } from './visibleText.js';

/** What a value looks like as a marble: it wears its meaning. */
export function wear(value: unknown): Pick<Marble, 'faces' | 'framed'> {
  const parts = isMessage(value) ? messageFaces(value) : Array.isArray(value) ? value.map(faceOf) : undefined;
  if (parts) return { faces: parts.length > 0 ? parts : [face('none', 'ping', 'outline')], framed: true };
  return { faces: [faceOf(value)] };
}

/** What an error is called beside its cross: its code, if it has one. */
export function nameOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.name;
  return String(error);
}

function faceOf(value: unknown): Face {
  if (typeof value === 'string') return pieceFace(quoted('', value), 'value');
  if (value instanceof Uint8Array) return face(`${value.length} bytes`, 'unknown', 'tint');
  if (isPart(value)) return stateFace(value, contentOf(value), value.index);
  if (isProgress(value)) return stateFace(value, JSON.stringify(value.value), 'value');
  if (isText(value))
    return stateFace(value, `${value.kind ?? value.language} ${quote(value.text)}`.trimStart(), 'value');
  if (isEvent(value)) return eventFace(value);
  if (hasMembers(value, 'data')) return face(`data: ${text(value.data)}`, 'unknown', 'outline');
  return face(JSON.stringify(value) ?? String(value), 'value', 'solid');
}

function eventFace(event: StreamEvent): Face {
  switch (event.type) {
    case 'message_start':
      return face(`message ${event.message.id}`.trimEnd(), 'message', 'outline');
    case 'content_block_start':
      return face(startOf(event.content_block), event.index, 'outline');
    case 'content_block_delta':
      return deltaFace(event);
    case 'content_block_stop':
      return face('stop', event.index, 'outline');
    case 'message_delta':
      return face(event.delta.stop_reason ?? 'usage', 'message', 'tint');
    case 'message_stop':
      return face('message stop', 'message', 'solid');
    case 'ping':
      return face('ping', 'ping', 'outline');
    case 'error':
      return face(event.error.type, 'error', 'solid');
    case 'unknown':
      return face(event.name, 'unknown', 'dashed');
    case 'block_abort':
      return face('abort', event.index, 'dashed');
    case 'tool_result':
      return face(`${event.preliminary ? 'progress' : 'result'} ${text(event.content)}`, 'message', 'tint');
    case 'tool_approval':
      return face(event.state, 'message', 'outline');
    case 'reset':
      return face(`reset, attempt ${event.attempt}`, 'error', 'outline');
    default:
      return face(text(event), 'unknown', 'dashed');
  }
}

function startOf(block: { readonly type: string; readonly name?: unknown }): string {
  const kind = block.type.replaceAll('_', ' ');
  return kind.endsWith('tool use') ? `${kind.slice(0, -' use'.length)} ${text(block.name)}` : kind;
}

/** The growth in a delta: its one member beside `type`, called by that member's name. */
function deltaFace({ index, delta }: EventOf<'content_block_delta'>): Face {
  const { type: _, ...growth } = { type: '', ...(delta as object) };
  const [[name, value] = ['delta', '']] = Object.entries(growth);
  if (name === 'partial_json')
    return pieceFace({ before: '', text: text(value).slice(0, LONGEST), after: '' }, index);
  if (typeof value !== 'string' || name === 'signature') return face(name, index, 'tint');
  return pieceFace(quoted(`${name} `, value), index);
}

function pieceFace(piece: Piece, tone: Tone): Face {
  const { before, text, after } = piece;
  const label = `${before}${text}${after}` || '""';
  return { ...face(label, tone, 'tint'), piece: { before, text: visible(text), after } };
}

function messageFaces(message: Message): Face[] {
  const { stop_reason, usage, content } = message;
  const head = face(`message ${message.id}`, 'message', stop_reason === null ? 'outline' : 'solid');
  const blocks = content.map((block, index) =>
    face(contentOf(block), index, stop_reason === null ? 'tint' : 'solid'),
  );
  const end = `${stop_reason ?? '…'}, ${usage.output_tokens} tokens`;
  return [head, ...blocks, ...(stop_reason === null ? [] : [face(end, 'message', 'tint')])];
}

/** What is still read, whole, or never to be whole: a block, the input of a call, a call, its result, a JSON value. */
type State = Block['status'] | ToolInput['status'] | ToolInvocation['status'];

/** The look of each state, and what its label says of it. */
const STATES: Readonly<Record<State, readonly [look: Look, note: string]>> = {
  streaming: ['tint', ' …'],
  partial: ['tint', ' …'],
  queued: ['outline', ', queued'],
  approval: ['outline', ', asked'],
  running: ['tint', ' …'],
  complete: ['solid', ''],
  done: ['solid', ''],
  aborted: ['dashed', ', aborted'],
  failed: ['dashed', ', failed'],
  denied: ['dashed', ', denied'],
  cancelled: ['dashed', ', cancelled'],
  invalid: ['dashed', ', invalid'],
};

function stateFace({ status }: { readonly status: State }, label: string, tone: Tone): Face {
  return face(label, tone, ...STATES[status]);
}

function contentOf(block: { readonly type: string }): string {
  const part: Record<string, unknown> = { ...block };
  if ('progress' in part) return `${text(part['name'])} → ${text(part['progress'])}`;
  if (part['result'] !== undefined) return `${text(part['name'])} → ${text(part['result'])}`;
  if (typeof part['name'] === 'string') return `${part['name']} ${text(part['input'] ?? part['json'])}`;
  const content = part[block.type];
  return typeof content === 'string' ? `${block.type} ${quote(content)}` : startOf(block);
}

const MAX_LABEL = 32;

function face(label: string, tone: Tone, look: Look, note = ''): Face {
  const short = shortenTo(visible(label), MAX_LABEL - note.length);
  return { label: `${short}${note}`, tone, look };
}

/** In quotes; those within it are left as they are, for JSON to stay legible. */
function quote(value: string): string {
  return JSON.stringify(value).replaceAll('\\"', '"');
}

function quoted(before: string, value: string): Piece {
  return { before: `${before}"`, text: quote(value.slice(0, LONGEST)).slice(1, -1), after: '"' };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function hasMembers<K extends string>(value: unknown, ...names: readonly K[]): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

function isEvent(value: unknown): value is StreamEvent {
  return hasMembers(value, 'type') && typeof value.type === 'string';
}

function isPart(value: unknown): value is Block | ToolInput | ToolCall | ToolInvocation {
  return hasMembers(value, 'type', 'index', 'status');
}

/** Whether this is what has been read of a JSON text. */
function isProgress(value: unknown): value is { readonly status: State; readonly value: unknown } {
  return hasMembers(value, 'value', 'growth', 'status');
}

/** Whether this is a part of a Markdown text: one of its blocks, or its code. */
function isText(value: unknown): value is {
  readonly status: State;
  readonly text: string;
  readonly kind?: string;
  readonly language?: string;
} {
  return hasMembers(value, 'text', 'status') && ('kind' in value || 'language' in value);
}

function isMessage(value: unknown): value is Message {
  return hasMembers(value, 'type', 'content', 'stop_reason') && value.type === 'message';
}
