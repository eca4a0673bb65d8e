import {
  defer,
  EMPTY,
  identity,
  queueScheduler,
  repeat,
  scheduled,
  throwError,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Message } from '../events/message.js';
import type { TurnMessage } from '../events/turnMessage.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { endedWell } from '../fold/order/cutOff.js';
import { TurnState } from '../fold/turn/streamState.js';
import { untilTerminal } from '../operators/untilTerminal.js';
import { transform } from '../rx/transform.js';
import { continued } from './history.js';
import { isAnswered } from './turnContent.js';

/** Options of {@link streamTurn}. */
export interface StreamTurnOptions {
  /** Asks the model: called once in each round, with all messages so far. */
  readonly ask: (messages: readonly TurnMessage[]) => ObservableInput<StreamEvent>;
  /** Runs the tools of a reply: `runTools(handlers)`. Default: calls are left to the caller. */
  readonly run?: OperatorFunction<StreamEvent, StreamEvent> | undefined;
  /** How often the model is asked at most. Anything but a number above 1 counts as 1. Default 10. */
  readonly maxRounds?: number | undefined;
}

/**
 * Asks the model and runs the tools that it calls, sends their results and asks again, until it calls no more: the events of
 * all replies of a turn, with the results of their tools, in one stream.
 *
 * ```text
 * -m-b-i-j-d-y-z-|
 * > (answer) => streamTurn(question, { ask: first(answer), run })
 * -m-b-i-j-d-y-z---l-n-o-t-c-s-(z|)
 * ^------------!
 * ```
 *
 * It goes on after a reply that called tools, once each call has its result, and after `pause_turn`. Any other reply is the
 * last one; so is one that was cut off, and one with a call that was left without a result. What is sent next is what came, as
 * the provider sent it, and the results.
 *
 * ```ts
 * import { accumulateState, runTools, streamTurn } from 'rxjs-llm-stream';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 *
 * const run = runTools({ get_time: () => new Date().toISOString() });
 * const tools = [{ name: 'get_time', input_schema: { type: 'object' } }];
 *
 * streamTurn([{ role: 'user', content: 'How late is it?' }], {
 *   ask: (messages) => streamMessages({ model: 'claude-sonnet-5-5', max_tokens: 1024, tools, messages }),
 *   run,
 * })
 *   .pipe(accumulateState())
 *   .subscribe(({ status, message, calls }) => render(status, message, calls));
 * ```
 *
 * Models of other protocols take the messages through the converter of theirs: `chatMessagesOf(messages)`, for example.
 * Unsubscribing aborts the request, or the tools that run. To stop a turn with an end, put `stopOn()` behind it. After the
 * turn, `historyOf()` of its events or its state gives what to add to the messages.
 *
 * @param messages - the history and the question
 * @param options - what asks, what runs the tools, and how often the model is asked at most
 * @returns a cold Observable of events: each subscription is a turn of its own
 * @throws StreamError `limit`, not retryable, for a turn that is to go on after `maxRounds` rounds, after all that came of
 *   them; `api` for an `error` event, `truncated` for a reply that ends too early, `protocol` for events that contradict each
 *   other; errors of `ask` and `run` pass
 * @see {@link runTools} {@link historyOf} {@link stopOn}
 */
export function streamTurn(
  messages: readonly TurnMessage[],
  options: StreamTurnOptions,
): Observable<StreamEvent> {
  return defer(() => {
    const turn = new TurnState<Message>();
    return roundsOf(messages, options, turn).pipe(
      transform<StreamEvent, StreamEvent>((event, emit) => {
        turn.add(event);
        emit(event);
      }),
    );
  });
}

/**
 * The events of a turn, once: `turn` is where somebody else gathers them, each before the next one comes.
 *
 * @throws StreamError as {@link streamTurn}, but for events that contradict each other
 */
export function roundsOf(
  messages: readonly TurnMessage[],
  { ask, run = identity, maxRounds = 10 }: StreamTurnOptions,
  turn: TurnState<Message>,
): Observable<StreamEvent> {
  let sent = messages;
  let rounds = 0;
  let before = turn.state;

  const round = defer(() => {
    rounds++;
    before = turn.state;
    const answer = run(defer(() => ask(sent)).pipe(untilTerminal()));
    if (typeof answer === 'function')
      throw new TypeError('run takes runTools(handlers), not a function that returns it');
    return answer;
  });
  const next = (): Observable<unknown> => {
    const { state } = turn;
    const replies = state.messages.slice(before.messages.length);
    const calls = state.calls.slice(before.calls.length);
    if (!goesOn(replies.at(-1), calls)) return EMPTY;
    if (!(rounds < maxRounds)) return throwError(() => tooMany(rounds));
    sent = continued(sent, replies, calls);
    // One round inside another would fill the stack, where all of them come at once.
    return scheduled([undefined], queueScheduler);
  };
  return round.pipe(repeat({ delay: next }));
}

/** Whether the model is to be asked again after this reply, and these calls of its round. */
function goesOn(reply: Message | undefined, calls: readonly ToolInvocation[]): boolean {
  if (!endedWell(reply)) return false;
  const own = calls.filter(({ type }) => type === 'tool_use');
  return own.every(isAnswered) && (own.length > 0 || reply?.stop_reason === 'pause_turn');
}

function tooMany(rounds: number): StreamError {
  const message = `The model is not done after ${rounds} rounds; raise maxRounds if the task needs more`;
  return new StreamError('limit', message, { retryable: false });
}
