import { streamTimeout, untilTerminal } from '../../../src/index.js';
import { anthropic, streamMessages } from '../../../src/anthropic.js';
import { respond } from '../../../src/server.js';

/** Answers a prompt; what it throws for a body that is not JSON is a 400. */
export async function chatHandler(request: Request): Promise<Response> {
  const { prompt } = (await request.json()) as { prompt?: unknown };
  if (typeof prompt !== 'string') return new Response('A prompt is missing', { status: 400 });
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = process.env;
  return respond(
    (gate) =>
      streamMessages(
        { model: 'claude-sonnet-5-5', max_tokens: 1024, messages: [{ role: 'user', content: prompt }] },
        { apiKey, baseURL, gate },
      ).pipe(streamTimeout({ firstToken: 60_000, idle: 20_000, gate }), untilTerminal()),
    { codec: anthropic, signal: request.signal },
  );
}
