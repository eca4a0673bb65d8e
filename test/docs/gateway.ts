import { createServer } from 'node:http';
import { streamTimeout, untilTerminal, type TurnMessage } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { chatMessagesOf, streamChat, type StreamChatOptions } from '../../src/openai.js';
import { nodeHandler, respond, type Gate } from '../../src/server.js';

export const gateway = (model: string, options: StreamChatOptions) =>
  createServer(
    nodeHandler(async (request) => {
      if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
      const messages = ((await request.json()) as { messages?: TurnMessage[] } | null)?.messages;
      if (!Array.isArray(messages)) return new Response(null, { status: 400 });
      const answer = (gate: Gate) =>
        streamChat({ model, messages: chatMessagesOf(messages) }, { ...options, gate }).pipe(
          streamTimeout({ idle: 20_000, gate }),
          untilTerminal(),
        );
      return respond(answer, { codec: anthropic, signal: request.signal });
    }),
  );
