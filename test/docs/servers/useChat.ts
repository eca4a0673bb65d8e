import { z } from 'zod';
import { runTools, streamTimeout, streamTurn, untilTerminal, type TurnMessage } from '../../../src/index.js';
import { AI_SDK_UI_HEADERS, aiSdkUi, turnMessagesOf, type UiMessage } from '../../../src/ai-sdk-ui.js';
import { streamMessages } from '../../../src/anthropic.js';
import { respond } from '../../../src/server.js';

const schemas = { get_weather: z.object({ city: z.string() }) };
const tools = [
  {
    name: 'get_weather',
    description: 'The weather in a city.',
    input_schema: z.toJSONSchema(schemas.get_weather),
  },
];

/** Answers what `useChat` sends: all rounds of the turn, and the tools that run here. */
export async function useChatHandler(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: UiMessage[] };
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = process.env;
  return respond(
    (gate) => {
      const ask = (messages: readonly TurnMessage[]) =>
        streamMessages(
          { model: 'claude-sonnet-5-5', max_tokens: 1024, tools, messages },
          { apiKey, baseURL, gate },
        ).pipe(streamTimeout({ firstToken: 60_000, idle: 20_000, gate }), untilTerminal());
      const run = runTools({ get_weather: ({ city }) => `Fine in ${city}` }, { tools: schemas });
      return streamTurn(turnMessagesOf(messages), { ask, run });
    },
    { codec: aiSdkUi, headers: AI_SDK_UI_HEADERS, signal: request.signal },
  );
}
