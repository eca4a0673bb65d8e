import type { Json } from '../kit/json.js';

/** What a message of the user's is made of. */
export type ChatRequestPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'file'; file: { file_id: string } | { file_data: string; filename: string } };

/** A call in a request: of a function, or of a `custom` tool, whose input is text. */
export type ChatRequestCall = { id: string; extra_content?: Json } & (
  | { type: 'function'; function: { name: string; arguments: string } }
  | { type: 'custom'; custom: { name: string; input: string } }
);

/** What the model said. The official client knows nothing of the members of its thinking, and lets them pass. */
export interface ChatAssistantMessage {
  role: 'assistant';
  /** `null` where it only called tools. */
  content: string | null;
  tool_calls?: ChatRequestCall[];
  reasoning_content?: string;
  reasoning?: string;
  reasoning_details?: object[];
}

/** A message in a request for a chat completion, assignable to the official client's `ChatCompletionMessageParam`. */
export type ChatRequestMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ChatRequestPart[] }
  | ChatAssistantMessage
  | { role: 'tool'; tool_call_id: string; content: string };
