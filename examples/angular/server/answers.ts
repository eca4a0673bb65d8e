import { asyncScheduler, concatMap, defer, delay, from, of, type Observable, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from 'rxjs-llm-stream';
import { streamMessages } from 'rxjs-llm-stream/anthropic';
import { scriptFor, type Cue } from './script.js';

/** Answers a conversation, in the shape of the Messages API. */
export type Answers = (messages: readonly Message[]) => Observable<StreamEvent>;

/** A message of the conversation as the browser sent it. */
export interface Message {
  readonly role: string;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/** Where the real API is, and what it is asked. */
export interface Upstream {
  readonly apiKey: string;
  readonly model: string;
  /** Default: the provider's own. */
  readonly baseURL?: string | undefined;
}

/** The one tool that the app has. It is run in the browser: see src/app/tools.ts. */
const PLAN_TRIP = {
  name: 'plan_trip',
  description: 'Saves the plan of a trip in the planner of the user. Call it when a plan is ready.',
  input_schema: {
    type: 'object',
    properties: {
      title: { type: 'string' },
      travellers: { type: 'integer' },
      from: { type: 'string', format: 'date' },
      days: {
        type: 'array',
        items: {
          type: 'object',
          properties: { theme: { type: 'string' }, stops: { type: 'array', items: { type: 'string' } } },
          required: ['theme', 'stops'],
        },
      },
      budget: {
        type: 'object',
        properties: { currency: { type: 'string' }, perDay: { type: 'number' } },
      },
    },
    required: ['title', 'days'],
  },
};

/** Answers of the real API. The key goes there and nowhere else. */
export function liveAnswers({ apiKey, model, baseURL }: Upstream): Answers {
  return (messages) =>
    streamMessages(
      {
        model,
        max_tokens: 8192,
        thinking: { type: 'enabled', budget_tokens: 2048 },
        tools: [PLAN_TRIP],
        messages,
      },
      { apiKey, baseURL },
    );
}

/** Answers that were written before, at the pace of real ones. */
export function scriptedAnswers(scheduler: SchedulerLike = asyncScheduler): Answers {
  return (messages) => play(scriptFor(promptsOf(messages)), scheduler);
}

/** Each event at its time since the subscription, so that late timers do not add up. */
function play(cues: readonly Cue[], scheduler: SchedulerLike): Observable<StreamEvent> {
  return defer(() => {
    const start = scheduler.now();
    return from(cues).pipe(
      concatMap(({ at, event }) => {
        const wait = start + at - scheduler.now();
        return wait > 0 ? of(event).pipe(delay(wait, scheduler)) : of(event);
      }),
    );
  });
}

function promptsOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ role, content }) =>
    role === 'user'
      ? content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []))
      : [],
  );
}
