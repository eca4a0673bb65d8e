import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent } from '../../events/event.js';
import type { CallPiece } from '../kit/callPiece.js';
import { errorIn } from '../kit/errorIn.js';
import { isObject, type Json } from '../kit/json.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import type { ChatDelta, ChatToolCall } from './wire.js';

/** What the dialects say in ways of their own. */

/** More thinking: the same text may stand under several names, of which one is read. */
export function reasoningIn({ reasoning, reasoning_content, reasoning_details }: ChatDelta): string {
  if (reasoning) return reasoning;
  if (reasoning_content) return reasoning_content;
  if (!reasoning_details) return '';
  let text = '';
  for (const { text: more, summary } of reasoning_details) {
    if (typeof more === 'string') text += more;
    else if (typeof summary === 'string') text += summary;
  }
  return text;
}

/** The signature in a detail of a reasoning, or in a block of thinking. */
export function signatureIn({ signature }: Json): string | undefined {
  return typeof signature === 'string' ? signature : undefined;
}

/** What a detail has that nobody can read, as a block, with whatever else names it. */
export function encryptedIn({ type, data, ...rest }: Json): LooseBlock | undefined {
  const isEncrypted = type === 'reasoning.encrypted' || type === 'redacted_thinking';
  return isEncrypted && typeof data === 'string' ? { type: 'redacted_thinking', data, ...rest } : undefined;
}

/** The texts and thinkings in a part of a content that is a list. */
export function* partsIn(part: Json): Iterable<readonly [kind: 'text' | 'thinking', piece: string]> {
  const { type, text, thinking } = part;
  if (type !== 'thinking') {
    if (typeof text === 'string' && text !== '') yield ['text', text];
    return;
  }
  const inner: readonly unknown[] = Array.isArray(thinking) ? thinking : [{ text: thinking }];
  for (const one of inner) {
    if (isObject(one) && typeof one['text'] === 'string' && one['text'] !== '')
      yield ['thinking', one['text']];
  }
}

/** A citation as one of ours: what is cited stands in it, and not in a member. */
export function citationIn(annotation: Json): AnyContentBlockDelta {
  const { type, url_citation: cited } = annotation;
  const citation = isObject(cited) ? { type, ...cited } : annotation;
  return { type: 'citations_delta', citation } as object as AnyContentBlockDelta;
}

/** What is new of calls. */
export function* piecesIn(calls: readonly ChatToolCall[]): Iterable<CallPiece> {
  for (const { index, id, type, function: called, custom, extra_content: extra } of calls) {
    const isText = type === 'custom' || Boolean(custom);
    const { name, arguments: input } = called ?? {};
    yield {
      index,
      id,
      name: custom?.name ?? name,
      input: isText ? custom?.input : isObject(input) ? JSON.stringify(input) : input,
      isText,
      signature: signedBy(extra),
    };
  }
}

/** @see https://ai.google.dev/gemini-api/docs/thought-signatures */
function signedBy(extra: unknown): string | undefined {
  const google = isObject(extra) ? extra['google'] : undefined;
  const signature = isObject(google) ? google['thought_signature'] : undefined;
  return typeof signature === 'string' && signature !== '' ? signature : undefined;
}

/** Speech: the id that it has from its first piece on, and what is new of it. */
export function audioIn({ id, ...more }: Json): {
  readonly id: unknown;
  readonly delta: AnyContentBlockDelta | undefined;
} {
  const delta = { type: 'audio_delta', ...more } as object as AnyContentBlockDelta;
  return { id, delta: Object.keys(more).length > 0 ? delta : undefined };
}

/** A picture as a block. */
export function imageIn({ image_url: image }: Json): LooseBlock | undefined {
  const url = isObject(image) ? image['url'] : image;
  if (typeof url !== 'string') return undefined;
  const [, media_type, data] = /^data:([^;,]+);base64,([^]*)$/.exec(url) ?? [];
  const source = data === undefined ? { type: 'url', url } : { type: 'base64', media_type, data };
  return { type: 'image', source };
}

/** Whether a filter took anything out. */
export function isFiltered(results: unknown): boolean {
  if (!isObject(results)) return false;
  return Object.values(results).some((result) => isObject(result) && result['filtered'] === true);
}

/** A failure with what its provider says besides: a code, what the model had generated. */
export function failureIn(value: Json): ErrorEvent {
  const event = errorIn(value);
  const { error } = value;
  if (!isObject(error)) return event;
  const { type: _type, message: _message, ...more } = error;
  const details = Object.fromEntries(Object.entries(more).filter(([, member]) => (member ?? '') !== ''));
  return Object.keys(details).length === 0 ? event : { ...event, error: { ...event.error, details } };
}
