import type { Message, ToolInvocation } from 'rxjs-llm-stream';

/** A message of a request to the Messages API. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly unknown[];
}

/** What came of a prompt. */
export interface Exchange {
  readonly prompt: string;
  /** The answer as far as it came. */
  readonly message: Message | undefined;
  /** Whether it is whole. */
  readonly isWhole: boolean;
  readonly calls: readonly ToolInvocation[];
}

/**
 * The messages to send for a prompt, as the API wants them: what was called is answered at the beginning of the next
 * message, and of an answer that broke off only the text can be sent back.
 */
export function messagesFor(prompt: string, exchanges: readonly Exchange[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let results: readonly unknown[] = [];
  for (const exchange of exchanges) {
    messages.push({ role: 'user', content: [...results, { type: 'text', text: exchange.prompt }] });
    const content = exchange.isWhole ? (exchange.message?.content ?? []) : textOf(exchange.message);
    if (content.length > 0) messages.push({ role: 'assistant', content });
    results = exchange.isWhole ? exchange.calls.filter(isOwn).map(resultOf) : [];
  }
  return [...messages, { role: 'user', content: [...results, { type: 'text', text: prompt }] }];
}

function textOf(message: Message | undefined): readonly unknown[] {
  const texts =
    message?.content.flatMap((block) => (block.type === 'text' ? [block.text.trimEnd()] : [])) ?? [];
  return texts.filter((text) => text !== '').map((text) => ({ type: 'text', text }));
}

function isOwn({ type }: ToolInvocation): boolean {
  return type === 'tool_use';
}

function resultOf(call: ToolInvocation): unknown {
  const result = 'result' in call ? call.result : undefined;
  return {
    type: 'tool_result',
    tool_use_id: call.id,
    content: typeof result === 'string' ? result : JSON.stringify(result ?? 'The tool was not run'),
    is_error: call.status !== 'done',
  };
}
