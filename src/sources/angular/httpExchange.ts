import { StreamError } from '../../errors/streamError.js';
import { reset } from '../../events/make.js';
import { bodyReader, isOk } from '../bodyReader.js';
import type { Chunk, ChunkReader, EventSink } from '../chunk.js';
import { credentialsIn } from '../credentials.js';
import { httpError, MAX_DOCUMENT_LENGTH } from '../document.js';
import { sourceFailure } from '../failure.js';
import type { FromBytesOptions } from '../fromBytes.js';
import type { Masker } from '../masker.js';
import { bodyIn, errorText, isHead, isHttpError, isSent } from './httpEvent.js';
import type { HttpErrorLike, HttpEventLike, HttpHead } from './httpEvent.js';

/** What a decoder puts in place of bytes that it cannot read, and of a character that is not complete yet. */
const REPLACEMENT = 0xfffd;

/** Stands in for a status that never came: the text then shows what it is. */
const UNKNOWN_HEAD: HttpHead = { status: 200, statusText: '', headers: { get: () => null } };

/**
 * One request of `HttpClient`, or several if an interceptor sends it again. It turns the client's events into text, and
 * the text into stream events.
 */
export class HttpExchange implements ChunkReader {
  readonly #options: FromBytesOptions;
  #attempt = 0;
  #head: HttpHead | undefined;
  /** How much of the body has been read, in UTF-16 units. */
  #seen = 0;
  #reader: ChunkReader | undefined;
  #hasBegunAgain = false;
  readonly #masker: Masker;
  #isAnswered = false;

  /**
   * @param options - the codec, its policies and limits
   * @param masker - learns the address, with a query that may hold credentials
   */
  constructor(options: FromBytesOptions, masker: Masker) {
    this.#options = options;
    this.#masker = masker;
  }

  get hasEnded(): boolean {
    return this.#reader?.hasEnded === true;
  }

  /**
   * Takes an event of the client.
   *
   * @returns the text that it adds, possibly none
   * @throws StreamError `not-a-stream` for a body that was not requested as text
   */
  textOf(event: HttpEventLike): string {
    if (isSent(event)) this.#begin();
    if (isHead(event) && this.#head === undefined) {
      this.#head = event;
      this.#masker.know(credentialsIn([], event.url ?? ''));
    }
    const found = bodyIn(event);
    if (found === undefined) return '';
    if (typeof found.body !== 'string') throw notText();
    return this.#growth(found.body, found.isWhole);
  }

  next(chunk: Chunk, sink: EventSink): void {
    if (this.#hasBegunAgain) {
      this.#hasBegunAgain = false;
      sink.next(reset(this.#attempt, new StreamError('network', 'The request was sent again')));
    }
    if (chunk !== '') this.#body.next(chunk, sink);
  }

  end(sink: EventSink): void {
    this.#body.end(sink);
  }

  interrupted(): void {
    // An error response brings its whole document. If the connection broke, what had arrived says more.
    if (!this.#isAnswered) this.#reader?.interrupted();
  }

  /** @returns the StreamError for a failure of the client */
  failureOf(error: unknown): StreamError {
    const broken =
      this.#head === undefined
        ? 'The request got no answer'
        : 'The connection broke while the stream was read';
    if (!isHttpError(error)) return sourceFailure(error, broken);
    this.#masker.know(credentialsIn([], error.url ?? ''));
    if (error.status === 0) return new StreamError('network', broken);
    this.#isAnswered = true;
    return isOk(error)
      ? notText()
      : httpError(headOf(error), errorText(error).slice(0, MAX_DOCUMENT_LENGTH), Date.now());
  }

  get #body(): ChunkReader {
    return (this.#reader ??= bodyReader(headOf(this.#head ?? UNKNOWN_HEAD), this.#options, this.#masker));
  }

  #begin(): void {
    this.#attempt++;
    this.#hasBegunAgain = this.#attempt > 1;
    this.#head = undefined;
    this.#reader = undefined;
    this.#seen = 0;
  }

  /** Reads only what is new, because the text is the whole body each time. */
  #growth(text: string, isWhole: boolean): string {
    const isCut = !isWhole && text.charCodeAt(text.length - 1) === REPLACEMENT;
    const growth = text.slice(this.#seen, isCut ? -1 : undefined);
    this.#seen += growth.length;
    return growth;
  }
}

/** `HttpClient` makes up a status text if the protocol has none. */
function headOf(head: HttpHead | HttpErrorLike): HttpHead {
  const { status, statusText, headers } = head;
  const isMadeUp = statusText === 'Unknown Error' || (statusText === 'OK' && !isOk(head));
  return { status, statusText: isMadeUp ? '' : statusText, headers };
}

function notText(): StreamError {
  return new StreamError(
    'not-a-stream',
    "The answer was not read as text: ask for it with responseType: 'text'",
  );
}
