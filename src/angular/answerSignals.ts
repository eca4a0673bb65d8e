import { computed, type Signal } from '@angular/core';
import type { StreamError } from '../errors/streamError.js';
import type { AnyContentBlock } from '../events/block.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { isBusy, type StreamState } from '../fold/turn/streamState.js';
import { NO_USAGE, type UsageTotals } from '../fold/usage/usageTotals.js';
import { turnText } from './turnText.js';

/** Nothing is asked. */
export interface IdleState {
  readonly status: 'idle';
  readonly message: undefined;
  readonly messages: readonly [];
  readonly calls: readonly [];
  readonly usage: UsageTotals;
  readonly error: undefined;
}

/** What there is to show of an answer, whether or not one is asked for. */
export type AnswerState = StreamState | IdleState;

/** A content block that may grow. */
export type BlockSignal = Signal<AnyContentBlock>;

/** The signals of one turn, each of which changes only when it has something else to say. */
export interface AnswerSignals<S extends AnswerState = AnswerState> {
  /** All that there is to show. `status` narrows the rest. */
  readonly state: Signal<S>;
  /** The text of all replies, with an empty line where something else stands between. */
  readonly text: Signal<string>;
  /**
   * The content blocks of all replies, each a signal of its own: the list changes when a block begins, a block when it
   * grows. So a template repaints only what grew.
   */
  readonly blocks: Signal<readonly BlockSignal[]>;
  /** The calls of tools, with their states and results. */
  readonly calls: Signal<readonly ToolInvocation[]>;
  /** What all replies have used, in tokens. */
  readonly usage: Signal<UsageTotals>;
  /** Why it failed. */
  readonly error: Signal<StreamError | undefined>;
  /** Whether something still comes. */
  readonly isBusy: Signal<boolean>;
}

const NOTHING = {
  message: undefined,
  messages: [],
  calls: [],
  usage: NO_USAGE,
  error: undefined,
} as const;

export const IDLE: IdleState = { status: 'idle', ...NOTHING };
export const WAITING: StreamState = { status: 'waiting', ...NOTHING };

/** Makes signals of the state of a turn. */
export function answerSignals<S extends AnswerState>(state: Signal<S>): AnswerSignals<S> {
  return {
    state,
    text: computed(() => turnText(state())),
    blocks: blocksOf(computed(() => state().messages)),
    calls: computed(() => state().calls),
    usage: computed(() => state().usage),
    error: computed(() => state().error),
    isBusy: computed(() => isStateBusy(state())),
  };
}

/** Whether something still comes. */
export function isStateBusy(state: AnswerState): boolean {
  return state.status !== 'idle' && isBusy(state);
}

function blocksOf(messages: Signal<StreamState['messages']>): AnswerSignals['blocks'] {
  const contents = computed(() => messages().flatMap(({ content }) => content));
  const count = computed(() => contents().length);
  const blocks: BlockSignal[] = [];
  return computed(() => {
    while (blocks.length < count()) blocks.push(blockAt(contents, blocks.length));
    return blocks.slice(0, count());
  });
}

function blockAt(contents: Signal<readonly AnyContentBlock[]>, at: number): BlockSignal {
  let last: AnyContentBlock = { type: 'text', text: '', citations: null };
  // A view of a block that has gone may be there for a moment longer.
  return computed(() => (last = contents()[at] ?? last));
}
