import type { Codec } from '../codecs/codec.js';

/** What the fields of an event stream begin with, comments apart. */
const FIELDS = ['data', 'event', 'id', 'retry'];

/** So much blank text may stand before the first character that tells. */
const MOST_BLANK = 1024;

/**
 * Whether a body is a document rather than a stream, by how it begins. Neither a field of an event stream nor a line of JSON
 * begins like a page or with a control character, and no field begins like JSON.
 *
 * @param text - the beginning of the body, as far as it has come
 * @param framing - what the codec reads
 * @param isSuspect - whether its content type is one of documents: then it must begin like a stream
 * @returns `undefined` where more of it is needed
 */
export function isDocument(text: string, framing: Codec['framing'], isSuspect: boolean): boolean | undefined {
  const begun = text.trimStart();
  const [first] = begun;
  if (first === undefined) return isSuspect && text.length > MOST_BLANK ? true : undefined;
  if (first === '<' || first < ' ') return true;
  const isJson = first === '{' || first === '[';
  if (framing === 'ndjson') return isSuspect && !isJson;
  if (isJson || !isSuspect) return isJson;
  if (/^(?:data|event|id|retry)?:/.test(begun)) return false;
  return beginsField(begun) ? undefined : true;
}

/** Whether a text that was cut off may have been going to be a field. */
export function beginsField(text: string): boolean {
  return FIELDS.some((field) => field.startsWith(text));
}

/**
 * Says what a body looks like that is not a stream.
 *
 * @param text - its beginning, read as text
 */
export function looksOf(text: string): string {
  if (text.startsWith('\x1f\ufffd')) return 'gzip without content-encoding';
  if (text.startsWith('\0\0') && /:(?:event|message|content|exception)-type/.test(text))
    return 'an AWS event stream';
  if (/[\0-\x08\x0e-\x1f\ufffd]/.test(text)) return 'binary data';
  const [first = ''] = text.trimStart();
  if (first === '<') return 'a page';
  return /[{["]/.test(first) ? 'a document' : 'plain text';
}
