import { asyncScheduler, concatMap, defer, delay, from, of, type Observable, type SchedulerLike } from 'rxjs';
import type { StreamEvent, TurnMessage } from 'rxjs-llm-stream';
import { streamMessages } from 'rxjs-llm-stream/anthropic';
import { contentsOf, streamGemini } from 'rxjs-llm-stream/gemini';
import { ollamaMessagesOf, streamOllama } from 'rxjs-llm-stream/ollama';
import { chatMessagesOf, streamChat } from 'rxjs-llm-stream/openai';
import { chapters } from './guide.js';
import { hello, saved, scriptFor, type Cue } from './script.js';

/** Answers a conversation, in the shape of the Messages API. */
export type Answers = (messages: readonly Message[]) => Observable<StreamEvent>;

/** A message of the conversation as the browser sent it. */
export type Message = TurnMessage;

/** Where the real API is, and what it is asked. */
export interface Upstream {
  /** One of `PROVIDERS`. Default: `anthropic`. */
  readonly provider?: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  /** Default: the provider's own. */
  readonly baseURL?: string | undefined;
}

/** The one tool that the app has. It is run in the browser: see src/app/chat.ts. */
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

const { input_schema: parameters, ...TOOL } = PLAN_TRIP;
const FUNCTION = { type: 'function', function: { ...TOOL, parameters } };

type Ask = (model: string, messages: readonly Message[], options: Options) => Observable<StreamEvent>;
type Options = Pick<Upstream, 'apiKey' | 'baseURL'>;

/** How each provider is asked. The conversation is spelled as the Messages API takes it, and the others' requests are made of it. */
export const PROVIDERS: Readonly<Record<string, Ask>> = {
  anthropic: (model, messages, { apiKey = '', baseURL }) =>
    streamMessages(
      {
        model,
        max_tokens: 8192,
        thinking: { type: 'enabled', budget_tokens: 2048 },
        tools: [PLAN_TRIP],
        messages,
      },
      { apiKey, baseURL },
    ),
  gemini: (model, messages, options) =>
    streamGemini(
      {
        model,
        tools: [{ functionDeclarations: [{ ...TOOL, parametersJsonSchema: parameters }] }],
        contents: contentsOf(messages),
      },
      options,
    ),
  ollama: (model, messages, options) =>
    streamOllama({ model, tools: [FUNCTION], messages: ollamaMessagesOf(messages) }, options),
  openai: (model, messages, options) =>
    streamChat({ model, tools: [FUNCTION], messages: chatMessagesOf(messages) }, options),
};

/** Answers of the real API. The key goes there and nowhere else. */
export function liveAnswers({ provider = 'anthropic', model, ...options }: Upstream): Answers {
  const ask = PROVIDERS[provider];
  if (ask === undefined) throw new Error(`PROVIDER: one of ${Object.keys(PROVIDERS).join(', ')}`);
  return (messages) => ask(model, messages, options);
}

/** Answers that were written before, at the pace of real ones. */
export function scriptedAnswers(scheduler: SchedulerLike = asyncScheduler): Answers {
  return (messages) => play(hasResult(messages.at(-1)) ? saved : scriptFor(promptsOf(messages)), scheduler);
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

/** Greets, as a model would. */
export function greeting(scheduler: SchedulerLike = asyncScheduler): Observable<StreamEvent> {
  return play(hello, scheduler);
}

/** Writes a long guide, as a model would. */
export function guide(scheduler: SchedulerLike = asyncScheduler): Observable<StreamEvent> {
  return play(chapters, scheduler);
}

function hasResult(message: Message | undefined): boolean {
  return typeof message?.content === 'object' && message.content.some(({ type }) => type === 'tool_result');
}

function promptsOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ role, content }) => {
    if (role !== 'user') return [];
    if (typeof content === 'string') return [content];
    return content.flatMap((block) =>
      'text' in block && typeof block.text === 'string' ? [block.text] : [],
    );
  });
}
