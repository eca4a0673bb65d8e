import fc from 'fast-check';
import { defer, finalize, of, Subject, type Observable, type Subscription } from 'rxjs';
import { asking } from '../../marbles/kit/asking.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { TurnBlock, TurnMessage } from '../../src/events/turnMessage.js';
import { alphabet, connectionLost } from '../../src/testing/letters/alphabet.js';
import type { Conversation } from '../../src/turns/conversation.js';
import { converse, type ConversationInput } from '../../src/turns/converse.js';
import { runs } from '../seed.js';

const { m, o, t, c, s, z, b, i, j, d, y, r } = alphabet;

/** What a server sends of an answer, step by step: a text; or a call, which a text follows. */
const TEXT: readonly (readonly StreamEvent[])[] = [[m], [o, t], [c, s, z]];
const CALL: readonly (readonly StreamEvent[])[] = [[m], [b, i], [j, d, y, z]];

/** What a user or the world does. */
type Act =
  | { readonly says: string }
  | 'stop'
  | 'retry'
  | 'approve'
  | 'deny'
  | 'approve another'
  | 'event'
  | 'reset'
  | 'fail';

type Policy = 'switch' | 'queue';

const ACT: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('event' as const) },
  { weight: 4, arbitrary: fc.constantFrom('text', 'call', ' ').map((says) => ({ says })) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('stop', 'retry', 'approve', 'deny', 'approve another', 'reset', 'fail'),
  },
);

/** A turn in the model, which knows nothing of events but how many steps of a reply have come. */
interface ModelTurn {
  readonly question: string;
  status: Conversation['status'];
  /** What of it can be sent and no longer changes, in words. */
  said: string[];
  /** How many steps of the present reply have come. */
  step: number;
  isCall: boolean;
  /** Whether its call waits for an approval. */
  isApproving: boolean;
}

/** The rules as a reader of the documentation would write them down. */
class Model {
  readonly turns: ModelTurn[] = [];
  readonly #policy: Policy;
  #at = -1;
  #isRunning = false;
  inputTokens = 0;
  outputTokens = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get status(): string {
    const open = this.#isRunning ? this.turns.slice(this.#at) : [];
    const busy = open.find(({ status }) => ['waiting', 'streaming', 'tools'].includes(status));
    return (busy ?? this.turns.at(-1))?.status ?? 'done';
  }

  get isAsked(): boolean {
    return this.#turn?.isApproving === false;
  }

  /** All that can be sent, in words. */
  get words(): string[] {
    return this.turns.flatMap((turn) => [`user: ${turn.question}`, ...turn.said, ...writtenOf(turn)]);
  }

  act(act: Act): void {
    if (typeof act === 'object') this.#ask(act.says);
    else if (act === 'retry') this.#retry();
    else if (this.#turn !== undefined) this.#actOn(this.#turn, act);
  }

  get #turn(): ModelTurn | undefined {
    return this.#isRunning ? this.turns[this.#at] : undefined;
  }

  #actOn(turn: ModelTurn, act: Act): void {
    if (act === 'stop') this.#stop(turn);
    else if (turn.isApproving) {
      if (act === 'approve' || act === 'deny') {
        turn.said.push('assistant: call', act === 'approve' ? 'user: 21 °C' : 'user: Denied');
        Object.assign(turn, { step: 0, isCall: false, isApproving: false });
      }
    } else if (act === 'event') this.#event(turn);
    else if (act === 'fail') this.#end(turn, 'failed');
    else if (act === 'reset' && turn.step > 0) Object.assign(turn, { status: 'waiting', step: 0 });
  }

  #ask(question: string): void {
    if (question.trim() === '') return;
    this.turns.push(unasked(question));
    if (this.#turn === undefined) this.#next();
    else if (this.#policy === 'switch') this.#stop(this.#turn);
  }

  #retry(): void {
    const last = this.turns[this.#at];
    if (last === undefined || this.#at < this.turns.length - 1) return;
    this.turns[this.#at] = unasked(last.question);
    this.#isRunning = true;
  }

  #stop(turn: ModelTurn): void {
    if (turn.isApproving) {
      turn.said.push('assistant: call', 'user: Cancelled');
      Object.assign(turn, { step: 0, isApproving: false });
    }
    this.#end(turn, 'stopped');
  }

  #event(turn: ModelTurn): void {
    const usage = (turn.isCall ? y : s).usage;
    turn.step++;
    turn.status = 'streaming';
    if (turn.step === 1) {
      this.inputTokens += m.message.usage.input_tokens;
      this.outputTokens += m.message.usage.output_tokens;
    } else if (turn.step === 3) {
      this.outputTokens += usage.output_tokens - m.message.usage.output_tokens;
      if (turn.isCall) Object.assign(turn, { status: 'tools', isApproving: true });
      else this.#end(turn, 'done');
    }
  }

  #end(turn: ModelTurn, status: Conversation['status']): void {
    turn.status = status;
    this.#next();
  }

  #next(): void {
    this.#isRunning = this.#at < this.turns.length - 1;
    if (this.#isRunning) this.#at++;
  }
}

function unasked(question: string): ModelTurn {
  const isCall = question === 'call';
  return { question, status: 'waiting', said: [], step: 0, isCall, isApproving: false };
}

/** What can be sent of the present reply: a text as far as it came, and a whole call, for which there is no result yet. */
function writtenOf({ isApproving, isCall, step }: ModelTurn): string[] {
  if (isApproving) return ['assistant: call', 'user: Cancelled'];
  return !isCall && step > 1 ? ['assistant: la'] : [];
}

/** The requests that are sent, and what comes of them. */
class World {
  readonly #inputs = new Subject<ConversationInput>();
  readonly seen: Conversation[] = [];
  readonly subscription: Subscription;
  isOver = false;
  #open: Subject<StreamEvent> | undefined;
  #steps = TEXT;
  #step = 0;

  constructor(policy: Policy) {
    this.subscription = this.#inputs
      .pipe(converse({ ask: (messages) => this.#ask(messages), run: asking, policy }))
      .subscribe({
        next: (conversation) => this.seen.push(conversation),
        complete: () => (this.isOver = true),
      });
  }

  get conversation(): Conversation {
    return this.seen.at(-1) as Conversation;
  }

  get isAsked(): boolean {
    return this.#open !== undefined;
  }

  /** The source of the inputs is over. */
  end(error?: unknown): void {
    if (error === undefined) this.#inputs.complete();
    else this.#inputs.error(error);
  }

  act(act: Act): void {
    if (typeof act === 'object') this.#inputs.next(act.says);
    else if (act === 'stop') this.#inputs.next({ stop: true });
    else if (act === 'retry') this.#inputs.next({ retry: true });
    else if (act === 'approve') this.#inputs.next({ approve: 'toolu_1', approved: true });
    else if (act === 'deny') this.#inputs.next({ approve: 'toolu_1', approved: false });
    else if (act === 'approve another') this.#inputs.next({ approve: 'toolu_2', approved: true });
    else if (act === 'fail') this.#open?.error(connectionLost);
    else if (act === 'event') for (const event of this.#steps[this.#step++] ?? []) this.#open?.next(event);
    else if (this.#step > 0) {
      this.#step = 0;
      this.#open?.next(r);
    }
  }

  #ask(messages: readonly TurnMessage[]): Observable<StreamEvent> {
    return defer(() => {
      if (this.#open !== undefined) throw new Error('Two requests are open');
      const answer = new Subject<StreamEvent>();
      this.#open = answer;
      this.#step = 0;
      this.#steps = wordsOf(messages).at(-1) === 'user: call' ? CALL : TEXT;
      return answer.pipe(finalize(() => (this.#open = undefined)));
    });
  }
}

/** Every block that can be sent, in words. */
function wordsOf(messages: readonly TurnMessage[]): string[] {
  const blocks = ({ content }: TurnMessage): readonly TurnBlock[] =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return messages.flatMap((message) => blocks(message).map((block) => `${message.role}: ${wordOf(block)}`));
}

function wordOf(block: TurnBlock & { readonly text?: unknown; readonly content?: unknown }): string {
  if (block.type === 'tool_use') return 'call';
  return String(block.type === 'text' ? block.text : block.content);
}

/** What can be compared of both. */
function shown({ status, turns, usage, messages }: Conversation): object {
  return {
    status,
    turns: turns.map(({ question, state }) => `${String(question)} ${state.status}`),
    tokens: [usage.input_tokens, usage.output_tokens],
    words: wordsOf(messages),
  };
}

function expected({ status, turns, inputTokens, outputTokens, words }: Model): object {
  return {
    status,
    turns: turns.map((turn) => `${turn.question} ${turn.status}`),
    tokens: [inputTokens, outputTokens],
    words,
  };
}

/** What no conversation may show, whatever happens. */
function expectSound(conversations: readonly Conversation[]): void {
  for (const { status, turns, messages, error } of conversations) {
    const roles = messages.map(({ role }) => role);
    expect(roles).toEqual(roles.map((_, nth) => (nth % 2 === 0 ? 'user' : 'assistant')));
    expect(error === undefined).toBe(status !== 'failed');
    expect(turns.filter(({ state }) => state.status === 'streaming').length).toBeLessThanOrEqual(1);
  }
}

const POLICY = fc.constantFrom<Policy>('switch', 'queue');

describe('a conversation', () => {
  it('is what a naive model says, whatever happens', () => {
    fc.assert(
      fc.property(POLICY, fc.array(ACT, { maxLength: 40 }), (policy, acts) => {
        const [world, model] = [new World(policy), new Model(policy)];
        for (const act of acts) {
          const before = world.conversation;
          world.act(act);
          model.act(act);
          expect({ act, ...shown(world.conversation) }).toEqual({ act, ...expected(model) });
          expect(world.isAsked).toBe(model.isAsked);
          // Turns that did not change are the same objects.
          const changed = world.conversation.turns.filter((turn, at) => turn !== before.turns[at]);
          expect(changed.length).toBeLessThanOrEqual(3);
        }
        expectSound(world.seen);
      }),
      { numRuns: runs(1_000), seed: 1 },
    );
  });

  it('comes to an end, and leaves no request open', () => {
    const END = fc.constantFrom('complete', 'error', 'unsubscribe');
    fc.assert(
      fc.property(POLICY, fc.array(ACT, { maxLength: 25 }), END, (policy, acts, end) => {
        const world = new World(policy);
        for (const act of acts) world.act(act);
        const { length } = world.seen;
        if (end === 'unsubscribe') world.subscription.unsubscribe();
        else world.end(end === 'error' ? connectionLost : undefined);
        // Each answer that is still to come takes six steps at most.
        for (let step = 0; step < 6 * acts.length; step++) world.act('event');
        expect(world.isAsked).toBe(false);
        expect(world.isOver).toBe(end !== 'unsubscribe');
        if (end === 'unsubscribe') expect(world.seen).toHaveLength(length);
        if (end === 'error') expect(world.conversation.error).toBe(connectionLost);
        const busy = world.conversation.turns.filter(({ state }) => /waiting|streaming/.test(state.status));
        if (end !== 'unsubscribe') expect(busy).toEqual([]);
        expectSound(world.seen);
      }),
      { numRuns: runs(500), seed: 1 },
    );
  });
});

describe('what is no input', () => {
  it.each([undefined, null, 5, true, {}, [], [null], [5]])('changes nothing: %p', (input) => {
    const [inputs, seen] = [new Subject<ConversationInput>(), [] as Conversation[]];
    const conversations = inputs.pipe(converse({ ask: () => of(m, z) }));
    conversations.subscribe((conversation) => seen.push(conversation));
    inputs.next(input as never);
    expect(seen).toHaveLength(1);
    inputs.next('Hello');
    expect(seen.at(-1)).toMatchObject({ status: 'done', turns: [{ question: 'Hello' }] });
  });
});
