import type { ChunkReader, Masking } from './chunk.js';
import { DocumentReader, httpError, type ResponseHead } from './document.js';
import { EventReader } from './eventReader.js';
import type { FromBytesOptions } from './fromBytes.js';

/**
 * Chooses the reader for the body of a response.
 *
 * @param head - the status and headers
 * @param options - the codec, its policies and limits
 * @param masking - hides the credentials that the response repeats
 * @param kept - what read the responses before, if this one goes on behind them
 * @returns a reader of events; for a status outside 200 to 299, a reader that fails with what the document says
 */
export function bodyReader(
  head: ResponseHead,
  options: FromBytesOptions,
  masking: Masking,
  kept: EventReader = new EventReader(options.codec, options, masking),
): ChunkReader {
  if (!isOk(head)) return new DocumentReader((text) => httpError(head, text, Date.now()));
  // The first bytes decide, because gateways serve streams under any type; a type of documents makes them suspect.
  const isSuspect = /[/+](?:x?html|xml|json)\b/i.test(head.headers.get('content-type') ?? '');
  return kept.open(isSuspect);
}

/** Whether the status is one of success. */
export function isOk({ status }: Pick<ResponseHead, 'status'>): boolean {
  return status >= 200 && status < 300;
}
