import type { TurnMessage } from '../../src/events/turnMessage.js';
import { contentsOf } from '../../src/gemini.js';
import { ollamaMessagesOf } from '../../src/ollama.js';
import { chatMessagesOf, responseInputOf } from '../../src/openai.js';

const QUESTION: TurnMessage = { role: 'user', content: 'Go on' };

/**
 * What the other providers would say of a history to which a question is added, as its converters write it, by the rules
 * of their documentation.
 *
 * @returns the complaints, none if they would take it
 */
export function complaintsOfConverters(history: readonly TurnMessage[]): string[] {
  const asked = [QUESTION, ...history, QUESTION];
  return [...ofChat(asked), ...ofResponses(asked), ...ofGemini(asked), ...ofOllama(asked)];
}

/** @see https://platform.openai.com/docs/guides/function-calling */
function ofChat(asked: readonly TurnMessage[]): string[] {
  const found: string[] = [];
  let due: string[] = [];
  chatMessagesOf(asked, { reasoning: 'reasoning' }).forEach((message, nth) => {
    if (message.role === 'tool') {
      const at = due.indexOf(message.tool_call_id);
      if (at < 0) found.push(`chat.${nth}: a tool message answers no call`);
      else due.splice(at, 1);
      return;
    }
    if (due.length > 0) found.push(`chat.${nth}: ${due.join()} are not answered`);
    due = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
    if (message.role === 'user' && message.content.length === 0) found.push(`chat.${nth}: empty`);
  });
  return found;
}

/** @see https://platform.openai.com/docs/guides/function-calling */
function ofResponses(asked: readonly TurnMessage[]): string[] {
  const found: string[] = [];
  const due = new Set<unknown>();
  for (const item of responseInputOf(asked)) {
    const { type, call_id }: { readonly type?: unknown; readonly call_id?: unknown } = { ...item };
    if (type === 'function_call' || type === 'custom_tool_call') due.add(call_id);
    if ((type === 'function_call_output' || type === 'custom_tool_call_output') && !due.delete(call_id))
      found.push(`responses: ${String(call_id)} answers no call`);
  }
  return due.size > 0 ? [...found, `responses: ${[...due].join()} are not answered`] : found;
}

/** @see https://ai.google.dev/gemini-api/docs/function-calling */
function ofGemini(asked: readonly TurnMessage[]): string[] {
  const contents = contentsOf(asked);
  const count = (nth: number, member: string): number =>
    (contents[nth]?.parts ?? []).filter((part) => member in part).length;
  return contents.flatMap(({ role, parts }, nth) => {
    const found = (parts ?? []).length === 0 ? [`gemini.${nth}: no parts`] : [];
    const calls = role === 'model' ? count(nth, 'functionCall') : 0;
    if (calls > 0 && count(nth + 1, 'functionResponse') !== calls)
      found.push(`gemini.${nth}: as many function responses as function calls must follow`);
    return found;
  });
}

/** @see https://docs.ollama.com/capabilities/tool-calling */
function ofOllama(asked: readonly TurnMessage[]): string[] {
  let due = 0;
  const found: string[] = [];
  ollamaMessagesOf(asked).forEach(({ role, ...message }, nth) => {
    if (role === 'tool' && --due < 0) found.push(`ollama.${nth}: a tool message answers no call`);
    if (role !== 'tool' && due > 0) found.push(`ollama.${nth}: a call is not answered`);
    if (role !== 'tool') due = 'tool_calls' in message ? (message.tool_calls?.length ?? 0) : 0;
  });
  return found;
}
