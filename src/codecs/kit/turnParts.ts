import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { isObject, type Json } from './json.js';

/** An image or a document: its bytes in base64, or where they are. */
export interface MediaPart {
  readonly type: 'media';
  readonly kind: 'image' | 'document';
  readonly mediaType: string | undefined;
  readonly source:
    | { readonly data: string }
    | { readonly url: string }
    | { readonly fileId: string }
    | { readonly text: string };
}

/** A call of one of the caller's tools. */
export interface CallPart {
  readonly type: 'call';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly signature: string | undefined;
}

/** What a call gave. */
export interface ResultPart {
  readonly type: 'result';
  readonly id: string;
  /** Text, images, documents, and what else the result is made of. */
  readonly parts: readonly Part[];
  readonly isError: boolean;
}

/** What a block of a history says, for the request of any protocol. */
export type Part =
  | { readonly type: 'text'; readonly text: string; readonly signature: string | undefined }
  | { readonly type: 'thinking'; readonly text: string; readonly signature: string | undefined }
  | { readonly type: 'redacted'; readonly data: string; readonly block: TurnBlock }
  | MediaPart
  | CallPart
  | ResultPart
  /** Of a type that only its own provider knows. */
  | { readonly type: 'other'; readonly block: TurnBlock };

/** @returns what a message says, in order; an empty text says nothing and is left out */
export function partsOf({ content }: TurnMessage): readonly Part[] {
  return partsIn(content);
}

/** The text of parts, where that is all they are; pieces that are not text are left out. */
export function textOfParts(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function partsIn(content: unknown): readonly Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)];
  if (Array.isArray(content)) return content.flatMap((block: TurnBlock) => partIn(block) ?? []);
  // A result may be any JSON value.
  return content === undefined || content === null ? [] : [textPart(JSON.stringify(content))];
}

function partIn(block: TurnBlock): Part | undefined {
  const { type, text, thinking, id, name, input, data, tool_use_id, content, is_error, source }: Json =
    block as unknown as Json;
  const signature = textIn((block as unknown as Json)['signature']);
  switch (type) {
    case 'text':
      return text === '' && signature === undefined ? undefined : textPart(textIn(text) ?? '', signature);
    case 'thinking':
      return { type: 'thinking', text: textIn(thinking) ?? '', signature };
    case 'redacted_thinking':
      return { type: 'redacted', data: textIn(data) ?? '', block };
    case 'tool_use':
      return { type: 'call', id: textIn(id) ?? '', name: textIn(name) ?? '', input: input ?? {}, signature };
    case 'tool_result':
      return {
        type: 'result',
        id: textIn(tool_use_id) ?? '',
        parts: partsIn(content),
        isError: is_error === true,
      };
    case 'image':
    case 'document':
      return mediaPart(type, source) ?? { type: 'other', block };
    default:
      return { type: 'other', block };
  }
}

function textPart(text: string, signature?: string): Part {
  return { type: 'text', text, signature };
}

function mediaPart(kind: MediaPart['kind'], source: unknown): MediaPart | undefined {
  if (!isObject(source)) return undefined;
  const { type, data, url, file_id, media_type } = source;
  const mediaType = textIn(media_type);
  const text = textIn(data);
  if (text !== undefined && type === 'text') return { type: 'media', kind, mediaType, source: { text } };
  if (text !== undefined) return { type: 'media', kind, mediaType, source: { data: text } };
  if (typeof url === 'string') return { type: 'media', kind, mediaType, source: { url } };
  if (typeof file_id === 'string') return { type: 'media', kind, mediaType, source: { fileId: file_id } };
  return undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
