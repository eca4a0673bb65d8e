import Anthropic from '@anthropic-ai/sdk';
import { from, type Observable } from 'rxjs';
import { toMessage, untilTerminal, type Message } from 'rxjs-llm-stream';

const client = new Anthropic({ apiKey: 'none' });
const params = { model: 'claude-sonnet-4-5', max_tokens: 16, messages: [] };

export const answer: Observable<Message> = from(client.messages.stream(params)).pipe(
  untilTerminal(),
  toMessage(),
);

export const sentBack = ({ role, content }: Message): Anthropic.MessageParam => ({ role, content });
