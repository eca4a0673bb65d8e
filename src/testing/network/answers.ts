import type { Codec } from '../../codecs/codec.js';
import { requireCodec } from '../../codecs/requireCodec.js';
import { StreamError } from '../../errors/streamError.js';
import { mockResponse } from './mockResponse.js';
import { isBytes, type Playable } from './playable.js';

/** A request as it came. */
export interface MockRequest {
  readonly method: string;
  /** As it was asked for: whole or relative in {@link mockFetch}, the path and query on a server. */
  readonly url: string;
  readonly headers: Headers;
  /** As text; empty where the request has none. */
  readonly body: string;
  /** Says when the client has gone before the answer was whole. */
  readonly signal: AbortSignal | undefined;
}

/** What a request is answered with: a response, what is played as one, or an error in place of an answer. */
export type Answer = Response | Playable | Error;

/** Answers one by one, or a function that has one for each request; `nth` counts them from 0. */
export type Answers =
  readonly Answer[] | ((request: MockRequest, nth: number) => Answer | PromiseLike<Answer>);

/**
 * Makes what answers requests, one after the other.
 *
 * @throws TypeError where the queue has events to play and there is no codec
 */
export function answering(
  answers: Answers,
  codec: Codec | undefined,
): (request: MockRequest) => Promise<Response | Error> {
  // What is neither is played, and takes a codec to write.
  const isReady = (answer: Answer): boolean => isResponse(answer) || isError(answer) || isBytes(answer);
  if (typeof answers !== 'function' && !answers.every(isReady)) {
    requireCodec({ codec });
  }
  let count = 0;
  return async (request) => {
    const nth = count++;
    const answer = await (typeof answers === 'function' ? answers(request, nth) : answers[nth]);
    const asked = `Request ${nth + 1}, ${request.method} ${request.url},`;
    if (answer === undefined) throw noAnswer(`${asked} has no answer: give one for each request`);
    if (!isResponse(answer)) return isError(answer) ? answer : mockResponse(answer, { codec });
    if (!isRead(answer)) return answer;
    throw noAnswer(`${asked} is given a response that was read before: make one for each request`);
  };
}

/** Asking again is of no use. */
function noAnswer(message: string): StreamError {
  return new StreamError('network', message, { retryable: false });
}

function isRead({ body, bodyUsed }: Response): boolean {
  return bodyUsed || body?.locked === true;
}

/** By their shape: a test runner may have classes of its own. */
function isResponse(answer: Answer): answer is Response {
  return typeof answer === 'object' && 'headers' in answer && 'status' in answer;
}

function isError(answer: Answer): answer is Error {
  return typeof answer === 'object' && 'message' in answer && typeof answer.message === 'string';
}
