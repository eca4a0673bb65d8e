import { catchError, defer, map, throwError, type Observable } from 'rxjs';
import { StreamError, toText, untilTerminal, type StreamEvent } from '../../src/index.js';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Asks the model, for example with `streamMessages({ model, max_tokens, messages })`. */
type Ask = (messages: readonly Turn[]) => Observable<StreamEvent>;

/**
 * The text of an answer, whole, though its stream may be cut: then the model is asked to go on where it was.
 *
 * @param prefills - whether the model goes on from a last message of its own, as those up to Claude 4.5 do
 */
export function wholeText(
  messages: readonly Turn[],
  ask: Ask,
  { prefills = false, times = 2, begun = '' } = {},
): Observable<string> {
  return defer(() => ask(begun === '' ? messages : [...messages, continuation(begun, prefills)])).pipe(
    untilTerminal(),
    toText(),
    map((text) => begun + text),
    catchError((error: unknown) => {
      // What `toText` attaches is the text alone: neither thinking nor a call of a tool can be continued.
      const text = error instanceof StreamError && error.retryable ? error.partial : undefined;
      if (typeof text !== 'string' || text === '' || times === 0) return throwError(() => error);
      // A message of the model's own must not end in white space.
      const known = prefills ? (begun + text).trimEnd() : begun + text;
      return wholeText(messages, ask, { prefills, times: times - 1, begun: known });
    }),
  );
}

function continuation(begun: string, prefills: boolean): Turn {
  return prefills
    ? { role: 'assistant', content: begun }
    : {
        role: 'user',
        content: `Your previous response was interrupted and ended with [${begun}]. Continue from where you left off.`,
      };
}
