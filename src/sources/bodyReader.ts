import type { Codec } from '../codecs/codec.js';
import type { ChunkReader } from './chunk.js';
import { DocumentReader, httpError, notAStream, type ResponseHead } from './document.js';
import { EventReader } from './eventReader.js';
import type { FromBytesOptions } from './fromBytes.js';

/**
 * Chooses what reads the body of an answer.
 *
 * @param head - its status and headers
 * @param options - the codec, its policies and limits
 * @returns a reader of events; of what fails with the document it reads, where the status is outside 200 to 299 or the
 *   type is none of a stream
 */
export function bodyReader(head: ResponseHead, options: FromBytesOptions): ChunkReader {
  const { codec } = options;
  if (!isOk(head)) return new DocumentReader((text) => httpError(head, text, Date.now()));
  const isDocument = isDocumentType(head.headers.get('content-type') ?? '', codec.framing);
  return isDocument ? new DocumentReader(notAStream) : new EventReader(codec, options);
}

/** Whether the status says that all is well. */
export function isOk({ status }: Pick<ResponseHead, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** Only what cannot be a stream is turned away by its type: gateways serve streams as plain text, or untyped. */
function isDocumentType(contentType: string, framing: Codec['framing']): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /[/+](?:x?html|xml)\b/.test(type) || (framing === 'sse' && /[/+]json$/.test(type));
}
