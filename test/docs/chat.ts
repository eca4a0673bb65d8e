import { distinctUntilKeyChanged, map, type Observable } from 'rxjs';
import * as z from 'zod';
import { branch, converse, isBusy, retryBeforeOutput, runTools, streamTimeout } from '../../src/index.js';
import type { Conversation, ConversationInput, Turn, TurnMessage } from '../../src/index.js';
import { streamMessages, type StreamMessagesOptions } from '../../src/anthropic.js';

const schemas = {
  get_weather: z.object({ city: z.string() }),
  send_mail: z.object({ to: z.string(), text: z.string() }),
};
const tools = Object.entries(schemas).map(([name, of]) => ({ name, input_schema: z.toJSONSchema(of) }));
const model = { model: 'claude-sonnet-5-5', max_tokens: 1024, tools };

export interface Services {
  readonly weather: (city: string) => Promise<object>;
  readonly mail: (to: string, text: string, signal: AbortSignal) => Promise<string>;
  readonly report: (error: unknown, call: { readonly name: string }) => void;
}

/** The chat of a page: every input goes in, everything to show comes out, and the history is kept. */
export function chat(
  inputs: Observable<ConversationInput>,
  kept: Pick<Storage, 'getItem' | 'setItem'>,
  { weather, mail, report }: Services,
  options: StreamMessagesOptions = {},
) {
  const history = JSON.parse(kept.getItem('chat') ?? '[]') as TurnMessage[];
  const save = ({ messages }: Conversation) => kept.setItem('chat', JSON.stringify(messages));
  return inputs.pipe(
    converse({
      ask: (messages) =>
        streamMessages({ ...model, messages }, options).pipe(
          streamTimeout({ firstToken: 60_000, idle: 30_000 }),
          retryBeforeOutput(),
        ),
      run: (approve) =>
        runTools(
          {
            get_weather: ({ city }) => weather(city),
            send_mail: { run: ({ to, text }, { signal }) => mail(to, text, signal), approve },
          },
          { tools: schemas, onError: report },
        ),
      history,
    }),
    // Not with each word, because all messages are written each time.
    branch(distinctUntilKeyChanged('status'), { next: save }),
    map(viewOf),
  );
}

function viewOf({ turns, status, error }: Conversation) {
  const approvals = turns.flatMap(({ state }) => state.calls.filter((call) => call.status === 'approval'));
  return { lines: turns.map(lineOf), approvals, isBusy: isBusy({ status }), error };
}

function lineOf({ question, state: { messages, status } }: Turn): string {
  const texts = messages.flatMap(({ content }) => content.map((it) => (it.type === 'text' ? it.text : '')));
  return `${String(question)} (${status}) ${texts.join('')}`;
}
