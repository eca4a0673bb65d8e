import { quoted } from '../../errors/quoted.js';
import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { asText, isObject, type Json } from './json.js';

/** A part of a message, and the block that says it: where a protocol has no words for it, that block is left out. */
interface PartOf<T extends string> {
  readonly type: T;
  readonly block: TurnBlock;
}

/** An image or a document: its bytes in base64, or where they are. */
export interface MediaPart extends PartOf<'media'> {
  readonly kind: 'image' | 'document';
  readonly mediaType: string | undefined;
  readonly source:
    | { readonly data: string }
    | { readonly url: string }
    | { readonly fileId: string }
    | { readonly text: string };
}

/** A call of one of the caller's tools. */
export interface CallPart extends PartOf<'call'> {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly signature: string | undefined;
}

/** What a call gave. */
export interface ResultPart extends PartOf<'result'> {
  readonly id: string;
  /** Text, images, documents, and what else the result is made of. */
  readonly parts: readonly Part[];
  readonly isError: boolean;
}

/** Text or thinking. */
interface TextPart<T extends 'text' | 'thinking'> extends PartOf<T> {
  readonly text: string;
  readonly signature: string | undefined;
}

/** Thinking that its provider does not show. */
interface RedactedPart extends PartOf<'redacted'> {
  readonly data: string;
}

/** What a block of a history says, for the request of any protocol. An `other` is of a type that only its own provider knows. */
export type Part =
  | TextPart<'text'>
  | TextPart<'thinking'>
  | RedactedPart
  | MediaPart
  | CallPart
  | ResultPart
  | PartOf<'other'>;

/**
 * What a message says, in order; an empty text says nothing and is left out.
 *
 * @throws TypeError for what is no message of a turn, such as the messages of a front end: a request without it would lose
 *   what somebody said, and nobody would know
 */
export function partsOf(message: TurnMessage): readonly Part[] {
  const { role, content } = message as { readonly role?: unknown; readonly content?: unknown };
  if (role !== 'user' && role !== 'assistant') {
    throw new TypeError(
      `A message has the role ${quoted(role)}: give 'user' or 'assistant', and a system prompt apart`,
    );
  }
  if (typeof content !== 'string' && !Array.isArray(content)) {
    throw new TypeError(
      `A message of the ${role} has no content: give a text or a list of blocks as its content`,
    );
  }
  return partsIn(content);
}

/** The text of parts, where that is all they are; pieces that are not text are left out. */
export function textOfParts(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function partsIn(content: unknown): readonly Part[] {
  if (Array.isArray(content)) return content.flatMap((block: TurnBlock) => partIn(block) ?? []);
  if (content === undefined || content === null || content === '') return [];
  // A result may be any JSON value.
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const block = { type: 'text', text };
  return [{ type: 'text', block, text, signature: undefined }];
}

function partIn(block: TurnBlock): Part | undefined {
  const members: Json = { ...block };
  const { type, text, thinking, id, name, input, data, tool_use_id, content, is_error, source } = members;
  const signature = asText(members['signature']);
  switch (type) {
    case 'text':
      if (text === '' && signature === undefined) return undefined;
      return { type: 'text', block, text: asText(text) ?? '', signature };
    case 'thinking':
      return { type: 'thinking', block, text: asText(thinking) ?? '', signature };
    case 'redacted_thinking':
      return { type: 'redacted', block, data: asText(data) ?? '' };
    case 'tool_use':
      return {
        type: 'call',
        block,
        id: asText(id) ?? '',
        name: asText(name) ?? '',
        input: input ?? {},
        signature,
      };
    case 'tool_result':
      return {
        type: 'result',
        block,
        id: asText(tool_use_id) ?? '',
        parts: partsIn(content),
        isError: is_error === true,
      };
    case 'image':
    case 'document':
      return mediaPart(type, block, source) ?? { type: 'other', block };
    default:
      return { type: 'other', block };
  }
}

function mediaPart(kind: MediaPart['kind'], block: TurnBlock, given: unknown): MediaPart | undefined {
  if (!isObject(given)) return undefined;
  const source = mediaSource(given);
  return source && { type: 'media', block, kind, mediaType: asText(given['media_type']), source };
}

function mediaSource({ type, data, url, file_id }: Json): MediaPart['source'] | undefined {
  const text = asText(data);
  if (text !== undefined) return type === 'text' ? { text } : { data: text };
  if (typeof url === 'string') return { url };
  return typeof file_id === 'string' ? { fileId: file_id } : undefined;
}
