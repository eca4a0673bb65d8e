import type { Codec } from '../codecs/codec.js';
import type { ChunkReader } from './chunk.js';
import { DocumentReader, httpError, notAStream, type ResponseHead } from './document.js';
import { EventReader } from './eventReader.js';
import type { FromBytesOptions } from './fromBytes.js';

/**
 * Chooses the reader for the body of a response.
 *
 * @param head - the status and headers
 * @param options - the codec, its policies and limits
 * @returns a reader of events; for a status outside 200 to 299, or a content type that no stream has, a reader that
 *   fails with what the document says
 */
export function bodyReader(head: ResponseHead, options: FromBytesOptions): ChunkReader {
  const { codec } = options;
  if (!isOk(head)) return new DocumentReader((text) => httpError(head, text, Date.now()));
  const isDocument = isDocumentType(head.headers.get('content-type') ?? '', codec.framing);
  return isDocument ? new DocumentReader(notAStream) : new EventReader(codec, options);
}

/** Whether the status is one of success. */
export function isOk({ status }: Pick<ResponseHead, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** Rejects only the types that no stream has, because gateways serve streams as plain text or without a type. */
function isDocumentType(contentType: string, framing: Codec['framing']): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /[/+](?:x?html|xml)\b/.test(type) || (framing === 'sse' && /[/+]json$/.test(type));
}
