import { StreamError } from '../../errors/streamError.js';
import { reset } from '../../events/make.js';
import { bodyReader, isOk } from '../bodyReader.js';
import type { Chunk, ChunkReader, EventSink } from '../chunk.js';
import { httpError, MAX_DOCUMENT_LENGTH } from '../document.js';
import type { FromBytesOptions } from '../fromBytes.js';
import { bodyIn, errorText, isHead, isHttpError, isSent } from './httpEvent.js';
import type { HttpErrorLike, HttpEventLike, HttpHead } from './httpEvent.js';

/** What a decoder puts in place of bytes that it cannot read, also of a character that is not all there. */
const REPLACEMENT = 0xfffd;

/** Where nobody told a status, the text is left to say what it is. */
const UNTOLD: HttpHead = { status: 200, statusText: '', headers: { get: () => null } };

/** One request of `HttpClient`, or several where an interceptor sends it again: its events to text, and text to ours. */
export class HttpExchange implements ChunkReader {
  readonly #options: FromBytesOptions;
  #attempt = 0;
  #head: HttpHead | undefined;
  /** How much of the body has been read, in UTF-16 units. */
  #seen = 0;
  #reader: ChunkReader | undefined;
  #hasBegunAgain = false;
  #isAnswered = false;
  #url = '';

  /** @param options - the codec, its policies and limits */
  constructor(options: FromBytesOptions) {
    this.#options = options;
  }

  /** Where the answer comes from, with a query that may hold secrets. */
  get url(): string {
    return this.#url;
  }

  /**
   * Takes an event in.
   *
   * @returns the text that it brings, possibly none
   * @throws StreamError `not-a-stream` for a body that was not asked for as text
   */
  textOf(event: HttpEventLike): string {
    if (isSent(event)) this.#begin();
    if (isHead(event) && this.#head === undefined) {
      this.#head = event;
      this.#url = event.url ?? '';
    }
    const told = bodyIn(event);
    if (told === undefined) return '';
    if (typeof told.body !== 'string') throw notText();
    return this.#growth(told.body, told.isWhole);
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
    // The error of an answer has all of its document; of a broken connection, what had come says more.
    if (!this.#isAnswered) this.#reader?.interrupted();
  }

  /** @returns what the failure of the source stands for */
  failureOf(error: unknown): StreamError {
    if (error instanceof StreamError) return error;
    if (!isHttpError(error)) return this.#broken(error);
    this.#url = error.url ?? this.#url;
    if (error.status === 0) return this.#broken();
    this.#isAnswered = true;
    return isOk(error)
      ? notText()
      : httpError(headOf(error), errorText(error).slice(0, MAX_DOCUMENT_LENGTH), Date.now());
  }

  get #body(): ChunkReader {
    return (this.#reader ??= bodyReader(headOf(this.#head ?? UNTOLD), this.#options));
  }

  #begin(): void {
    this.#attempt++;
    this.#hasBegunAgain = this.#attempt > 1;
    this.#head = undefined;
    this.#reader = undefined;
    this.#seen = 0;
  }

  /** Nothing of the text is looked at but what is new: it is all of the body each time. */
  #growth(text: string, isWhole: boolean): string {
    const isCut = !isWhole && text.charCodeAt(text.length - 1) === REPLACEMENT;
    const growth = text.slice(this.#seen, isCut ? -1 : undefined);
    this.#seen += growth.length;
    return growth;
  }

  #broken(cause?: unknown): StreamError {
    const message =
      this.#head === undefined
        ? 'The request got no answer'
        : 'The connection broke while the stream was read';
    return new StreamError('network', message, { cause });
  }
}

/** `HttpClient` makes up a text for the status where the protocol has none. */
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
