import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { isObject } from '../kit/json.js';
import { partsOf, type MediaPart, type Part, type ResultPart } from '../kit/turnParts.js';

/** What a result begins with that is an error. */
const ERROR = 'Error: ';

/** A call in a request of Ollama. */
export interface OllamaRequestCall {
  /** Read by newer servers. */
  readonly id?: string;
  readonly function: { readonly name: string; readonly arguments: { [name: string]: unknown } };
}

/** A message in a request of Ollama. */
export interface OllamaMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  thinking?: string;
  /** In base64. */
  images?: string[];
  tool_calls?: OllamaRequestCall[];
  /** The tool whose result this is. */
  tool_name?: string;
  /** The call whose result this is; read by newer servers. */
  tool_call_id?: string;
}

/** Options of {@link ollamaMessagesOf}. */
export interface OllamaMessagesOptions {
  /** What the model is told before the conversation. */
  readonly system?: string | undefined;
  /**
   * Called with each block that Ollama has no words for.
   *
   * @param block - the block, or the one within a result
   * @param at - the place of its message in the history
   */
  readonly onLeftOut?: ((block: TurnBlock, at: { readonly message: number }) => void) | undefined;
}

/**
 * Spells a history as the `messages` of Ollama's `/api/chat`.
 *
 * ```ts
 * import { ollamaMessagesOf, streamOllama } from 'rxjs-llm-stream/ollama';
 *
 * const history = [{ role: 'user', content: 'Hello' }] as const;
 * streamOllama({ model: 'qwen3', messages: ollamaMessagesOf(history, { system: 'Be brief.' }) });
 * ```
 *
 * - Text, thinking and calls of a message are members of one message; each result is a message of its own, of the role
 *   `tool`. One that is an error begins with `Error: `, because no member says so.
 * - Images in base64 are sent, of results too, and documents of plain text are sent as text.
 * - Left out are images and documents that are an address or a file, other documents, thinking that is not shown, calls
 *   without a name or whose input is not an object, and blocks that only another provider knows. Signatures are not sent.
 *
 * @param messages - the history, as the Messages API takes it
 * @param options - the system prompt, and who is told what was left out
 * @returns new messages; one with nothing to say is left out
 * @see https://docs.ollama.com/api/chat
 */
export function ollamaMessagesOf(
  messages: readonly TurnMessage[],
  options: OllamaMessagesOptions = {},
): OllamaMessage[] {
  const { system, onLeftOut } = options;
  const written: OllamaMessage[] = system ? [{ role: 'system', content: system }] : [];
  const tools = new Map<string, string>();
  messages.forEach((message, at) => {
    const leaveOut = ({ block }: Part): void => onLeftOut?.(block, { message: at });
    let open: OllamaMessage | undefined;
    for (const part of partsOf(message)) {
      if (part.type === 'result') {
        written.push(resultOf(part, tools.get(part.id), leaveOut));
        open = undefined;
        continue;
      }
      const next = open ?? { role: message.role, content: '' };
      if (!isSaid(part, next)) leaveOut(part);
      else if (open === undefined) written.push((open = next));
      if (part.type === 'call') tools.set(part.id, part.name);
    }
  });
  return written;
}

/** Says a part in a message, if Ollama has words for it. */
function isSaid(part: Exclude<Part, ResultPart>, message: OllamaMessage): boolean {
  switch (part.type) {
    case 'text':
      addText(message, part.text);
      return true;
    case 'thinking':
      if (part.text === '') return false;
      message.thinking = (message.thinking ?? '') + part.text;
      return true;
    case 'media':
      return isShown(part, message);
    case 'call': {
      const { id, name, input } = part;
      if (name === '' || !isObject(input)) return false;
      const call = { ...(id !== '' && { id }), function: { name, arguments: { ...input } } };
      message.tool_calls = [...(message.tool_calls ?? []), call];
      return true;
    }
    case 'redacted':
    case 'other':
      return false;
  }
}

function isShown({ kind, source }: MediaPart, message: OllamaMessage): boolean {
  if ('text' in source) addText(message, source.text);
  else if (kind === 'image' && 'data' in source) message.images = [...(message.images ?? []), source.data];
  else return false;
  return true;
}

function addText(message: OllamaMessage, text: string): void {
  // What the model said goes on where it was interrupted; the blocks of others are paragraphs.
  const isApart = message.role !== 'assistant' && message.content !== '';
  message.content += isApart ? `\n\n${text}` : text;
}

/** The message of a result: its text, and the images among what it is made of. */
function resultOf(
  { id, parts, isError }: ResultPart,
  tool: string | undefined,
  leaveOut: (part: Part) => void,
): OllamaMessage {
  const message: OllamaMessage = { role: 'tool', content: isError ? ERROR : '' };
  if (tool !== undefined) message.tool_name = tool;
  if (id !== '') message.tool_call_id = id;
  for (const part of parts) {
    if (part.type === 'text') message.content += part.text;
    else if (part.type !== 'media' || !isShown(part, message)) leaveOut(part);
  }
  return message;
}
