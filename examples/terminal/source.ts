import { createReadStream } from 'node:fs';
import { asyncScheduler, defer, tap, VirtualTimeScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { anthropic, streamMessages } from '../../src/anthropic.js';
import { fromBytes, type StreamEvent, type ToolSchemas } from '../../src/index.js';
import type { Choice } from './arguments.js';
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
          streamMessages(asking('recorded', PROMPT), { baseURL }),
        ),
        tools,
        isTimed: true,
        scheduler: asyncScheduler,
      };
    case 'file':
      return fileSource(choice.path);
    case 'live':
      return {
        prompt: choice.prompt,
        origin: `a live answer of ${choice.model}`,
        code: 'streamMessages({ model, max_tokens, messages }, { apiKey })',
        events: streamMessages(asking(choice.model, choice.prompt), {
          apiKey: choice.apiKey,
          baseURL: choice.baseURL,
        }),
        isTimed: true,
        scheduler: asyncScheduler,
      };
  }
}

/** A file has no times: in its diagram each event takes a moment of its own. */
function fileSource(path: string): Source {
  const moments = new VirtualTimeScheduler();
  return {
    prompt: path,
    origin: 'a file of server-sent events',
    code: 'fromBytes(createReadStream(path), { codec: anthropic })',
    events: defer(() => fromBytes(createReadStream(path), { codec: anthropic })).pipe(
      tap(() => moments.frame++),
    ),
    isTimed: false,
    scheduler: moments,
  };
}

function asking(model: string, prompt: string): Parameters<typeof streamMessages>[0] {
  return { model, max_tokens: 2048, messages: [{ role: 'user', content: prompt }] };
}
