import { computed, untracked, type Resource, type ResourceStatus, type Signal } from '@angular/core';
import type { AnyContentBlock } from '../events/block.js';
import type { Message } from '../events/message.js';
import type { StreamError } from '../errors/streamError.js';
import type { AnswerState } from './answerSignals.js';
import { injectAnswer, type Answer, type AnswerOptions, type AnswerSource } from './injectAnswer.js';

/** Options of {@link streamResource}. */
export interface StreamResourceOptions<P> extends AnswerOptions {
  /** What the answer depends on. It reads signals; while it gives `undefined`, nothing is asked. Default: nothing. */
  readonly params?: (() => P | undefined) | undefined;
  /** What to ask. It is called anew when `params` has changed; signals that it reads itself don't count. */
  readonly stream: (context: { readonly params: P }) => ReturnType<AnswerSource>;
}

/** What a resource is, in one object. */
export type StreamSnapshot =
  | { readonly status: 'error'; readonly error: StreamError }
  | { readonly status: Exclude<ResourceStatus, 'error'>; readonly value: Message | undefined };

/** An answer as a resource of Angular, with the signals of {@link injectAnswer} besides. */
export interface StreamResource
  extends
    Omit<Resource<Message | undefined>, 'error' | 'snapshot' | 'hasValue'>,
    Omit<Answer, 'error' | 'retry'> {
  /** The reply as far as it has come, the last one of several. It never throws: after an error it is what had come. */
  readonly value: Signal<Message | undefined>;
  /**
   * `loading` until the first content, `reloading` while the value grows, `resolved` only when the answer is whole,
   * `error` when it failed, `local` when it was stopped here, `idle` when nothing is asked.
   */
  readonly status: Signal<ResourceStatus>;
  /** Why it failed. */
  readonly error: Signal<StreamError | undefined>;
  readonly snapshot: Signal<StreamSnapshot>;
  hasValue(): this is StreamResource & Resource<Message>;
  /** Asks again. @returns whether there is something to ask */
  reload(): boolean;
}

/**
 * An answer for those who think in `rxResource`: it has a `value`, a `status` and an `error`, and `params` on which it
 * depends. What `rxResource` gets wrong of a stream is right here: it is `resolved` only when the answer is whole, and an
 * error leaves what had come in `value`.
 *
 * ```ts
 * import { Component, input } from '@angular/core';
 * import { streamResource } from 'rxjs-llm-stream/angular';
 *
 * @Component({ selector: 'app-summary', template: `{{ summary.text() }}` })
 * export class Summary {
 *   readonly article = input.required<string>();
 *   readonly summary = streamResource({
 *     params: () => this.article(),
 *     stream: ({ params: article }) => ({ url: '/api/summary', body: { article } }),
 *   });
 * }
 * ```
 *
 * @param options - `params`, what it depends on; `stream`, what to ask; and those of {@link injectAnswer}
 * @returns a resource, with the signals of the answer
 * @see {@link injectAnswer}
 */
export function streamResource<P = undefined>(options: StreamResourceOptions<P>): StreamResource {
  const { params: given, stream, ...rest } = options;
  const answer = injectAnswer(() => {
    const params = given?.();
    if (given !== undefined && params === undefined) return undefined;
    return untracked(() => stream({ params: params as P }));
  }, rest);
  const { state, error, retry, isBusy } = answer;
  const value = computed(() => state().message);
  const status = computed(() => statusOf(state()));
  return {
    ...answer,
    value,
    status,
    isLoading: isBusy,
    snapshot: computed(() => {
      const failure = error();
      return failure === undefined
        ? { status: status() as Exclude<ResourceStatus, 'error'>, value: value() }
        : { status: 'error', error: failure };
    }),
    hasValue: (): this is StreamResource & Resource<Message> => value() !== undefined,
    reload: () => {
      if (untracked(state).status === 'idle') return false;
      retry();
      return true;
    },
  };
}

const STATUSES: Readonly<Record<'done' | 'stopped' | 'failed' | 'idle', ResourceStatus>> = {
  done: 'resolved',
  stopped: 'local',
  failed: 'error',
  idle: 'idle',
};

function statusOf({ status, messages }: AnswerState): ResourceStatus {
  if (status !== 'waiting' && status !== 'streaming' && status !== 'tools') return STATUSES[status];
  return messages.some(({ content }) => content.some(hasContent)) ? 'reloading' : 'loading';
}

/** Whether a block has something for a reader: a text or a thought has only when it says something. */
function hasContent(block: AnyContentBlock): boolean {
  if (block.type === 'text') return block.text !== '';
  return block.type !== 'thinking' || block.thinking !== '';
}
