import { connect, EMPTY, expand, filter, forkJoin, map, merge, of, throwError, toArray } from 'rxjs';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { isEvent, toMessage, untilTerminal } from '../../src/index.js';
import type { EventOf, StreamEvent } from '../../src/index.js';

/** A turn of the conversation, as the Messages API takes it. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: unknown;
}

/** Asks the model, for example with `streamMessages({ model, max_tokens, tools, messages })`. */
type Ask = (messages: readonly Turn[]) => Observable<StreamEvent>;

/** What the model is asked next. It travels between the events, so it has a `type` as they do. */
interface Round {
  readonly type: 'round';
  readonly number: number;
  readonly messages: readonly Turn[];
}

/**
 * The events of all answers until the model asks for no tool any more: each answer as it streams, then the results of
 * its tools, then the next answer.
 *
 * @param run - runs the tools of an answer: `runTools(handlers, { tools })`
 * @param rounds - how often the model is asked at most
 */
export function answersWithTools(
  messages: readonly Turn[],
  ask: Ask,
  run: MonoTypeOperatorFunction<StreamEvent>,
  rounds = 10,
): Observable<StreamEvent> {
  const answer = (round: Round): Observable<StreamEvent | Round> => {
    if (round.number > rounds) return throwError(() => new Error(`Not done after ${rounds} rounds`));
    return ask(round.messages).pipe(
      untilTerminal(),
      run,
      connect((events) => merge(events, events.pipe(toNextRound(round)))),
    );
  };
  return of<StreamEvent | Round>({ type: 'round', number: 1, messages }).pipe(
    expand((step) => (step.type === 'round' ? answer(step) : EMPTY)),
    filter((step) => step.type !== 'round'),
  );
}

/** What to ask next, once an answer that asks for tools and all of their results have come. */
function toNextRound({ number, messages }: Round) {
  return (events: Observable<StreamEvent>): Observable<Round> =>
    forkJoin([
      events.pipe(toMessage()),
      events.pipe(filter(isEvent('tool_result')), filter(isFinal), toArray()),
    ]).pipe(
      filter(([message]) => message.stop_reason === 'tool_use'),
      map(([{ content }, results]) => ({
        type: 'round',
        number: number + 1,
        messages: [
          ...messages,
          { role: 'assistant', content },
          { role: 'user', content: results.map(resultBlock) },
        ],
      })),
    );
}

/** What a tool says on its way is not for the model. */
function isFinal({ preliminary }: EventOf<'tool_result'>): boolean {
  return preliminary !== true;
}

/** The API takes text, where a tool may give any JSON value. */
function resultBlock({ type, tool_use_id, content, is_error = false }: EventOf<'tool_result'>) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { type, tool_use_id, content: text, is_error };
}
