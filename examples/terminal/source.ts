import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { streamMessages } from '../../src/anthropic.js';
import type { StreamEvent, ToolSchemas } from '../../src/index.js';
import type { Choice } from './arguments.js';
import { captureSource } from './capture.js';
import { PROMPT, script, tools } from './script.js';
import { withServer } from './server.js';

/** What is shown: the events, and in words where they come from. */
export interface Source {
  readonly prompt: string;
  readonly origin: string;
  /** The source as a program would spell it. */
  readonly code: string;
  readonly events: Observable<StreamEvent>;
  /** Schemas of the inputs of all its tools, where they are known. */
  readonly tools?: ToolSchemas;
  /** Whether the times of the events mean anything. */
  readonly isTimed: boolean;
  /** Whose time the marble diagram tells. */
  readonly scheduler: SchedulerLike;
}

/** The source that the command line asks for. */
export function sourceOf(choice: Choice): Source {
  switch (choice.kind) {
    case 'recorded':
      return {
        prompt: PROMPT,
        origin: 'a recorded answer, streamed over HTTP by a server on this machine',
        code: 'streamMessages({ model, max_tokens, messages }, { baseURL })',
        events: withServer(script, choice.speed, (baseURL) =>
          streamMessages(
            { model: 'recorded', max_tokens: 2048, messages: [{ role: 'user', content: PROMPT }] },
            { baseURL },
          ),
        ),
        tools,
        isTimed: true,
        scheduler: asyncScheduler,
      };
    case 'file':
      return captureSource(choice.path);
    case 'live':
      return {
        prompt: choice.prompt,
        origin: `a live answer of ${choice.model}`,
        code: choice.provider.code,
        events: choice.provider.ask(choice.model, choice.prompt, choice),
        isTimed: true,
        scheduler: asyncScheduler,
      };
  }
}
