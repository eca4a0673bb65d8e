import type { TurnMessage } from '../events/turnMessage.js';
import type { Block } from '../events/block.js';

/** What is read of any block, whatever its type. */
interface AnyPart {
  readonly type: string;
  readonly text?: unknown;
  readonly thinking?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
  readonly tool_use_id?: unknown;
  readonly content?: unknown;
  /** Of the blocks of an answer alone. */
  readonly status?: string;
}

const FINISHED_AS: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'tool_call'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'content_filter'],
]);

/**
 * The value of `gen_ai.input.messages`: JSON, because attributes of spans have no structure.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-input-messages.json
 */
export function inputMessages(messages: readonly TurnMessage[]): string {
  return JSON.stringify(
    messages.map(({ role, content }) => {
      const parts = typeof content === 'string' ? [{ type: 'text', content }] : content.map(partOf);
      const isOfTools = parts.length > 0 && parts.every(({ type }) => type === 'tool_call_response');
      return { role: isOfTools ? 'tool' : role, parts };
    }),
  );
}

/**
 * The value of `gen_ai.output.messages`.
 *
 * @param finishReason - the stop reason, or how it ended without one
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-output-messages.json
 */
export function outputMessages(blocks: readonly Block[], finishReason: string): string {
  const finish_reason = FINISHED_AS.get(finishReason) ?? finishReason;
  return JSON.stringify([{ role: 'assistant', parts: blocks.map(partOf), finish_reason }]);
}

/** Of a block that is none of these only the type is said: it may be an image, or sealed. */
function partOf(block: AnyPart): { readonly type: string } & Record<string, unknown> {
  const { type, id, name, input, status = 'complete' } = block;
  switch (type) {
    case 'text':
      return { type, content: block.text };
    case 'thinking':
      return { type: 'reasoning', content: block.thinking };
    case 'tool_use':
      // Half an input would look like a whole one.
      return { type: 'tool_call', id, name, ...(status === 'complete' && { arguments: input }) };
    case 'server_tool_use':
      return {
        type: 'server_tool_call',
        id,
        name,
        server_tool_call: { type: name, ...(status === 'complete' && { arguments: input }) },
      };
    case 'tool_result':
      return { type: 'tool_call_response', id: block.tool_use_id, response: block.content };
    default:
      return { type };
  }
}
