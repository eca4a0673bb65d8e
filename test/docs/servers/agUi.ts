import type { RunAgentInput } from '@ag-ui/core';
import { streamTimeout, untilTerminal } from '../../../src/index.js';
import { agUiRun, turnMessagesOf } from '../../../src/ag-ui.js';
import { streamMessages } from '../../../src/anthropic.js';
import { respond } from '../../../src/server.js';

/** Answers what a client of AG-UI sends, as the run that it asked for. */
export async function agUiHandler(request: Request): Promise<Response> {
  const { threadId, runId, messages } = (await request.json()) as RunAgentInput;
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = process.env;
  return respond(
    (gate) =>
      streamMessages(
        { model: 'claude-sonnet-5-5', max_tokens: 1024, messages: turnMessagesOf(messages) },
        { apiKey, baseURL, gate },
      ).pipe(streamTimeout({ firstToken: 60_000, idle: 20_000, gate }), untilTerminal()),
    { codec: agUiRun({ threadId, runId }), signal: request.signal },
  );
}
