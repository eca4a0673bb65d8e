import Anthropic from '@anthropic-ai/sdk';
import { from, map, type Observable } from 'rxjs';
import { toMessage, untilTerminal, type Message } from 'rxjs-llm-stream';

const client = new Anthropic({ apiKey: 'none' });
const params = { model: 'claude-sonnet-4-5', max_tokens: 16, messages: [] };

/** Of the SDK's events comes the SDK's message, which goes back as it stands. */
export const answer: Observable<Anthropic.MessageParam> = from(client.messages.stream(params)).pipe(
  untilTerminal(),
  toMessage(),
  map(({ role, content }) => ({ role, content })),
);

export const message: Observable<Message> = from(client.beta.messages.stream(params)).pipe(
  untilTerminal(),
  toMessage(),
);
