import { defer, throwIfEmpty, type Observable } from 'rxjs';
import { truncated } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { addressOf, answer, requestIn, type Asking } from './answer.js';
import { isOk } from './bodyReader.js';
import { credentialsIn } from './credentials.js';
import { Cursor } from './cursor.js';
import { notAStream } from './document.js';
import { EventReader } from './eventReader.js';
import type { FromBytesOptions } from './fromBytes.js';
import { responseEvents } from './fromResponse.js';
import { finished, resumed, type ResumeOptions } from './resumed.js';

/** What a GET does not have, and says of what it is about. */
const OF_BODY = ['content-type', 'content-encoding', 'content-length'];

/**
 * Sends a request and reads the answer to its end, over as many connections as that takes. The request itself is sent once.
 *
 * @param asking - the request
 * @param options - how the answer is read
 * @param resume - where to ask for the rest, how often, and how long to wait
 * @returns the events of the answer; one subscription
 */
export function resumable(
  asking: Asking,
  options: FromBytesOptions,
  resume: ResumeOptions | true,
): Observable<StreamEvent> {
  const { input, init, masker } = asking;
  const { url, ...pace }: ResumeOptions = resume === true ? {} : resume;
  const cursor = new Cursor(options.codec, options.limits?.frame);
  const reader = new EventReader(options.codec, options, masker, cursor);
  /** Where the rest is; `undefined` until the request has an answer. */
  let rest: string | URL | undefined;
  const read = (response: Response, abort: () => void): Observable<StreamEvent> => {
    const { status = 0 } = (response as Response | null | undefined) ?? {};
    if (rest !== undefined && status === 204) return finished(reader);
    if (rest === undefined && isOk({ status })) {
      const named = url ?? locationOf(response, input);
      rest = named ?? addressOf(input);
      cursor.hasAddress =
        named !== undefined || /^get$/i.test(init.method ?? requestIn(input)?.method ?? 'GET');
      masker.know(credentialsIn([], String(rest)));
    }
    return responseEvents(response, options, masker, abort, reader).pipe(
      throwIfEmpty(() => (cursor.canResume ? truncated() : notAStream(''))),
    );
  };
  const connection = defer(() =>
    answer(
      rest === undefined ? asking : { ...asking, input: rest, init: askedBehind(cursor.id, asking) },
      read,
    ),
  );
  return connection.pipe(resumed(cursor, reader, pace));
}

/** Asks for what follows, as an `EventSource` does. */
function askedBehind(id: string | undefined, { input, init }: Asking): Asking['init'] {
  const { body: _, headers: given, ...rest } = init;
  const headers = new Headers(given);
  for (const name of OF_BODY) headers.delete(name);
  // Of a header each character is a byte.
  if (id !== undefined) headers.set('last-event-id', String.fromCharCode(...new TextEncoder().encode(id)));
  const { credentials = 'same-origin' } = requestIn(input) ?? {};
  return { credentials, cache: 'no-store', ...rest, method: 'GET', headers };
}

/** Where an answer says that it stands. What is of another origin gets none of the credentials, so it is not asked. */
function locationOf({ headers, url }: Response, input: Asking['input']): string | undefined {
  const location = headers.get('location') ?? headers.get('content-location');
  if (location === null) return undefined;
  const page = (globalThis as { location?: { href: string } }).location?.href;
  try {
    const asked = new URL(addressOf(input), page);
    const { origin, href } = new URL(location, url || asked);
    return origin === asked.origin ? href : undefined;
  } catch {
    // The answer of a mock is nowhere.
    return /^\/(?!\/)/.test(location) ? location : undefined;
  }
}
