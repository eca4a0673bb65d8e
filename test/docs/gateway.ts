import { createServer } from 'node:http';
import { streamTimeout, untilTerminal, type TurnMessage } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { chatMessagesOf, streamChat, type StreamChatOptions } from '../../src/openai.js';
import { nodeHandler, respond, type Gate } from '../../src/server.js';

export const gateway = (model: string, options: StreamChatOptions) =>
  createServer(
    nodeHandler(async (request) => {
      const { messages } = (await request.json()) as { messages: TurnMessage[] };
      const answer = (gate: Gate) =>
        streamChat({ model, messages: chatMessagesOf(messages) }, { ...options, gate }).pipe(
          streamTimeout({ idle: 20_000, gate }),
          untilTerminal(),
        );
      return respond(answer, { codec: anthropic, signal: request.signal });
    }),
  );
