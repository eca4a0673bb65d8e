/** Operators keep what was narrowed, and make messages of the type of their events; `tsc --noEmit` is the test. */
import type Anthropic from '@anthropic-ai/sdk';
import type * as Beta from '@anthropic-ai/sdk/resources/beta/messages';
import { filter, from, lastValueFrom, NEVER, of, type Observable } from 'rxjs';
import {
  abortOpenBlocks,
  accumulateMessage,
  accumulateState,
  accumulateUsage,
  branch,
  checkProtocol,
  dropPings,
  isEvent,
  retryBeforeOutput,
  retryWithReset,
  runTools,
  stopOn,
  streamTimeout,
  sumUsage,
  toMessage,
  untilTerminal,
  type BetaMessage,
  type BetaMessageStreamEvent,
  type BetaUsage,
  type BlockAbortEvent,
  type ErrorEvent,
  type Message,
  type MessageStreamEvent,
  type PingEvent,
  type ReleasedMessage,
  type ResetEvent,
  type StreamEvent,
  type StreamState,
  type ToolApprovalEvent,
  type ToolResultEvent,
  type Usage,
  type UsageEstimate,
  type UsageTotals,
} from '../../src/index.js';
import { same } from './same.js';

declare const events: Observable<StreamEvent>;
declare const released: Observable<MessageStreamEvent>;
declare const beta: Observable<BetaMessageStreamEvent>;
declare const anthropic: Anthropic;

type WithoutPings = Exclude<StreamEvent, PingEvent>;

export function whatDropPingsNarrowsStaysNarrowed(): unknown {
  const narrowed = events.pipe(dropPings());
  same<typeof narrowed, Observable<WithoutPings>>();
  const behind = narrowed.pipe(
    checkProtocol(),
    streamTimeout({ idle: 1_000 }),
    retryBeforeOutput(),
    untilTerminal(),
  );
  same<typeof behind, Observable<WithoutPings>>();
  const beside = behind.pipe(branch(sumUsage(), { next: (totals) => totals satisfies UsageTotals }));
  same<typeof beside, typeof behind>();
  const again = narrowed.pipe(filter((event) => event.type !== 'error')).pipe(dropPings(), untilTerminal());
  same<typeof again, Observable<Exclude<WithoutPings, ErrorEvent>>>();
  return [behind, again, beside];
}

export function whatAnOperatorAddsIsInItsType(): unknown {
  const aborted = released.pipe(abortOpenBlocks());
  same<typeof aborted, Observable<MessageStreamEvent | BlockAbortEvent>>();
  const run = released.pipe(runTools({ get_weather: () => of('sun') }));
  same<typeof run, Observable<MessageStreamEvent | ToolApprovalEvent | ToolResultEvent>>();
  const repeated = released.pipe(retryWithReset());
  same<typeof repeated, Observable<MessageStreamEvent | ResetEvent>>();
  const stopped = released.pipe(stopOn(NEVER));
  same<typeof stopped, Observable<MessageStreamEvent | BlockAbortEvent | ToolResultEvent>>();
  return [aborted, run, repeated, stopped];
}

export function onItsOwnAnOperatorTakesEveryEvent(): unknown {
  const operators = [untilTerminal(), checkProtocol(), streamTimeout()];
  return operators.map((operator) => events.pipe(operator) satisfies Observable<StreamEvent>);
}

export function aMessageIsTheOneOfItsEvents(): unknown {
  const any = events.pipe(dropPings(), untilTerminal(), toMessage());
  same<typeof any, Observable<Message>>();
  const ofTheReleasedWire = released.pipe(untilTerminal(), toMessage());
  same<typeof ofTheReleasedWire, Observable<ReleasedMessage>>();
  const ofTheBetaWire = beta.pipe(abortOpenBlocks(), accumulateMessage());
  same<typeof ofTheBetaWire, Observable<BetaMessage>>();
  return [any, ofTheReleasedWire, ofTheBetaWire] satisfies Observable<Message>[];
}

export async function aMessageOfTheSdksEventsGoesBackToTheSdk(): Promise<unknown> {
  const answer = from(anthropic.messages.stream({} as Anthropic.MessageStreamParams)).pipe(
    untilTerminal(),
    toMessage(),
  );
  same<typeof answer, Observable<Anthropic.Message>>();
  const { role, content } = await lastValueFrom(answer);
  const betaAnswer = from(anthropic.beta.messages.stream({} as Beta.MessageCreateParamsNonStreaming)).pipe(
    accumulateMessage(),
  );
  same<typeof betaAnswer, Observable<Beta.BetaMessage>>();
  return [betaAnswer, { role, content } satisfies Anthropic.MessageParam];
}

export function usageAndStateAreThoseOfTheMessage(): unknown {
  const usage = events.pipe(accumulateUsage());
  same<typeof usage, Observable<Usage & UsageEstimate>>();
  const betaUsage = beta.pipe(accumulateUsage());
  same<typeof betaUsage, Observable<BetaUsage & UsageEstimate>>();
  const state = events.pipe(accumulateState());
  same<typeof state, Observable<StreamState>>();
  const betaState = beta.pipe(accumulateState());
  same<typeof betaState, Observable<StreamState<BetaMessage>>>();
  return [usage, betaUsage, state, betaState];
}

export function theWireOfEventsIsSaidWhereTheyBegin(): Observable<BetaMessage> {
  return (events as Observable<BetaMessageStreamEvent>).pipe(toMessage());
}

export function guardsNarrowToo(): unknown {
  const starts = events.pipe(filter(isEvent('message_start')), untilTerminal());
  // @ts-expect-error these operators read events
  void from(['text']).pipe(untilTerminal());
  // @ts-expect-error these operators read events
  void from(['text']).pipe(dropPings());
  return starts;
}
