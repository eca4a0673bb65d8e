import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  ErrorHandler,
  inject,
  Injector,
  NgZone,
  PLATFORM_ID,
  runInInjectionContext,
  signal,
  type Signal,
  type WritableSignal,
} from '@angular/core';
import { Subject, tap, type Observable } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import type { TurnMessage } from '../events/turnMessage.js';
import type { ToolSchemas } from '../fold/calls/toolInput.js';
import type { StreamState } from '../fold/turn/streamState.js';
import { isBusy } from '../fold/turn/streamState.js';
import { runTools } from '../operators/runTools.js';
import type {
  RunnableCall,
  RunToolsOptions,
  ToolHandler,
  ToolHandlers,
  ToolWithOptions,
} from '../tools/handlers.js';
import type { Conversation, Question } from '../turns/conversation.js';
import {
  converse,
  type AskApproval,
  type ConversationInput,
  type ConverseOptions,
} from '../turns/converse.js';
import type { Asked } from '../sources/angular/asked.js';
import { STREAMS } from '../sources/angular/streams.js';
import { answerSignals, type AnswerSignals } from './answerSignals.js';
import { paced } from './paced.js';

/** Which calls wait for somebody's word: all of them, those of the tools that are named, or those it says so of. */
export type ApproveCalls = boolean | readonly string[] | ((call: RunnableCall) => boolean);

/** Options of {@link injectConversation}. */
export interface ConversationOptions<Tools extends ToolSchemas | undefined = undefined>
  extends
    Pick<ConverseOptions, 'history' | 'policy' | 'maxRounds'>,
    Pick<RunToolsOptions<Tools>, 'timeout' | 'concurrency' | 'onError'> {
  /**
   * What asks the model, given all messages so far: called once in each round, and may `inject`. An address stands for a
   * POST of `{ messages }`.
   */
  readonly ask: string | ((messages: readonly TurnMessage[]) => Asked);
  /** What runs the tools, by their names, as {@link runTools} takes it. Handlers may `inject`. Default: no tool is run. */
  readonly tools?: ToolHandlers<NoInfer<Tools>> | undefined;
  /** The schemas of their inputs, which type the handlers and check what the model writes. */
  readonly schemas?: Tools | undefined;
  /** Which calls wait for `approve()` before they run. Default: none. */
  readonly approve?: ApproveCalls | undefined;
  /** The injector to use outside an injection context; the conversation ends with it. */
  readonly injector?: Injector | undefined;
}

/** A question, and its answer as signals. */
export interface ChatTurn extends AnswerSignals<StreamState> {
  readonly question: Question;
}

/** A conversation, as signals. */
export interface ConversationSignals {
  /** The turns, in their order. The list changes when one begins; a turn stays the same object, and its signals change. */
  readonly turns: Signal<readonly ChatTurn[]>;
  /** The status of the turn that runs, else of the last one; `done` before the first. */
  readonly status: Signal<Conversation['status']>;
  readonly isBusy: Signal<boolean>;
  /** Why the last turn failed. */
  readonly error: Signal<Conversation['error']>;
  /** What all turns have used, in tokens. */
  readonly usage: Signal<Conversation['usage']>;
  /** The history: to be stored, or sent, at any moment. */
  readonly messages: Signal<readonly TurnMessage[]>;
  /** Asks: a text, or blocks. A question that says nothing is passed over. */
  readonly ask: (question: Question) => void;
  /** Stops the turn that runs. */
  readonly stop: () => void;
  /** Drops the last answer and asks its question again. */
  readonly retry: () => void;
  /** Says of a call whose status is `approval` whether it may run. The model reads the reason of a denial. */
  readonly approve: (call: { readonly id: string }, approved: boolean, reason?: string) => void;
}

/**
 * Holds a conversation with a model and shows it as signals: questions, answers with all their rounds, tools, and calls that
 * wait for somebody's word.
 *
 * ```ts
 * import { Component } from '@angular/core';
 * import { injectConversation } from 'rxjs-llm-stream/angular';
 *
 * @Component({
 *   selector: 'app-chat',
 *   template: `
 *     @for (turn of chat.turns(); track turn) { <p>{{ turn.question }}</p> <p>{{ turn.text() }}</p> }
 *     <input #q (change)="chat.ask(q.value)" /> <button (click)="chat.stop()">Stop</button>
 *   `,
 * })
 * export class Chat {
 *   readonly chat = injectConversation({ ask: '/api/chat', tools: { get_time: () => new Date().toISOString() } });
 * }
 * ```
 *
 * It is {@link converse} with signals; what that says of turns, histories and approvals holds here. The signals change at
 * most once for each frame of the screen, and not at all while the page is hidden, except for the last state. Requests and
 * tools end with whoever called this. While a server renders the page nothing is asked.
 *
 * @param options - `ask`; `tools`, `schemas` and `approve`; `history`, what was said before; those of {@link converse} and
 *   {@link runTools}; `injector`
 * @returns the signals of the conversation, and what can be said in it
 * @see {@link injectAnswer} {@link converse}
 */
export function injectConversation<Tools extends ToolSchemas | undefined = undefined>(
  options: ConversationOptions<Tools>,
): ConversationSignals {
  if (options.injector === undefined) assertInInjectionContext(injectConversation);
  const injector = options.injector ?? inject(Injector);
  return runInInjectionContext(injector, () =>
    // The schemas type the handlers for whoever writes them; inside, a handler takes what its schema gives.
    conversationOf(options as unknown as ConversationOptions, injector),
  );
}

function conversationOf(options: ConversationOptions, injector: Injector): ConversationSignals {
  const [streams, zone, errors] = [inject(STREAMS), inject(NgZone), inject(ErrorHandler)];
  const isServer = inject(PLATFORM_ID) === 'server';
  const { ask, history, policy, maxRounds } = options;
  const inputs = new Subject<ConversationInput>();
  const turns = new ChatTurns();
  const conversation = signal<Conversation | undefined>(undefined);
  const show = (snapshot: Conversation | undefined): void => {
    if (snapshot !== undefined) turns.show(snapshot.turns);
    conversation.set(snapshot);
  };
  let latest: Conversation | undefined;
  const say = (input: ConversationInput): void => {
    if (isServer) return;
    zone.runOutsideAngular(() => inputs.next(input));
    // Whoever does something sees it at once.
    show(latest);
  };
  const snapshots = inputs.pipe(
    converse({
      ask: (messages): Observable<StreamEvent> =>
        streams.eventsOf(
          typeof ask === 'string'
            ? { url: ask, body: { messages } }
            : zone.run(() => runInInjectionContext(injector, () => ask(messages))),
        ),
      run:
        options.tools &&
        ((approval) =>
          runTools(handlersIn(options, injector), runOptions(options, approval), streams.scheduler)),
      history,
      policy,
      maxRounds,
    }),
    tap((snapshot) => (latest = snapshot)),
    paced(streams.scheduler),
  );
  const subscription = zone.runOutsideAngular(() =>
    snapshots.subscribe({ next: show, error: (error: unknown) => errors.handleError(error) }),
  );
  inject(DestroyRef).onDestroy(() => subscription.unsubscribe());

  // It emits at once.
  const now = conversation as Signal<Conversation>;
  return {
    turns: turns.list,
    status: computed(() => now().status),
    isBusy: computed(() => isBusy(now())),
    error: computed(() => now().error),
    usage: computed(() => now().usage),
    messages: computed(() => now().messages),
    ask: say,
    stop: () => say({ stop: true }),
    retry: () => say({ retry: true }),
    approve: ({ id }, approved, reason) => say({ approve: id, approved, reason }),
  };
}

/** The turns of a conversation, each a set of signals that stays. */
class ChatTurns {
  readonly #states: WritableSignal<StreamState>[] = [];
  readonly #list = signal<readonly ChatTurn[]>([]);
  readonly list = this.#list.asReadonly();

  /** @param turns - all turns; none that was there goes away */
  show(turns: Conversation['turns']): void {
    const added = turns.slice(this.#states.length).map(({ question, state }): ChatTurn => {
      const states = signal(state);
      this.#states.push(states);
      return { question, ...answerSignals(states.asReadonly()) };
    });
    turns.forEach(({ state }, nth) => this.#states[nth]?.set(state));
    if (added.length > 0) this.#list.update((list) => [...list, ...added]);
  }
}

function runOptions(
  { schemas, timeout, concurrency, onError, approve = false }: ConversationOptions,
  ask: AskApproval,
): RunToolsOptions {
  const waits = (call: RunnableCall): boolean => {
    if (typeof approve === 'function') return approve(call);
    return typeof approve === 'boolean' ? approve : approve.includes(call.name);
  };
  return {
    tools: schemas,
    timeout,
    concurrency,
    onError,
    ...(approve !== false && { approve: (call) => (waits(call) ? ask(call) : true) }),
  };
}

/** Handlers may change what Angular shows, and `inject`. */
function handlersIn({ tools = {} }: ConversationOptions, injector: Injector): ToolHandlers {
  const zone = injector.get(NgZone);
  const inside =
    (run: ToolHandler): ToolHandler =>
    (input, context) =>
      zone.run(() => runInInjectionContext(injector, () => run(input, context)));
  const wrapped = Object.entries(tools).map(([name, tool]): [string, ToolHandler | ToolWithOptions] => [
    name,
    typeof tool === 'function' ? inside(tool) : { ...tool, run: inside(tool.run) },
  ]);
  return Object.fromEntries(wrapped);
}
