import { map, tap, type Observable } from 'rxjs';
import * as z from 'zod';
import { converse, isBusy, runTools } from '../../src/index.js';
import type { Conversation, ConversationInput, Turn, TurnMessage } from '../../src/index.js';
import { streamMessages, type StreamMessagesOptions } from '../../src/anthropic.js';

const schemas = {
  get_weather: z.object({ city: z.string() }),
  send_mail: z.object({ to: z.string(), text: z.string() }),
};
const tools = Object.entries(schemas).map(([name, schema]) => ({
  name,
  input_schema: z.toJSONSchema(schema),
}));

/** What the tools do. */
export interface Services {
  readonly weather: (city: string) => Promise<object>;
  readonly mail: (to: string, text: string, signal: AbortSignal) => Promise<string>;
}

/** The chat of a page: every input goes in, everything to show comes out, and the history is kept. */
export function chat(
  inputs: Observable<ConversationInput>,
  kept: Pick<Storage, 'getItem' | 'setItem'>,
  { weather, mail }: Services,
  options: StreamMessagesOptions = {},
) {
  const history = JSON.parse(kept.getItem('chat') ?? '[]') as TurnMessage[];
  return inputs.pipe(
    converse({
      ask: (messages) =>
        streamMessages({ model: 'claude-sonnet-5-5', max_tokens: 1024, tools, messages }, options),
      run: (approve) =>
        runTools(
          {
            get_weather: ({ city }) => weather(city),
            send_mail: { run: ({ to, text }, { signal }) => mail(to, text, signal), approve },
          },
          { tools: schemas },
        ),
      history,
    }),
    tap(({ messages }) => kept.setItem('chat', JSON.stringify(messages))),
    map(viewOf),
  );
}

function viewOf(conversation: Conversation) {
  const calls = conversation.turns.flatMap(({ state }) => state.calls);
  const approvals = calls.filter(({ status }) => status === 'approval');
  const { error } = conversation;
  return { lines: conversation.turns.map(lineOf), approvals, isBusy: isBusy(conversation), error };
}

function lineOf({ question, state }: Turn): string {
  const blocks = state.messages.flatMap(({ content }) => content);
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return `${String(question)} (${state.status}) ${texts.join('\n')}`;
}
