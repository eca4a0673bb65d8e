import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import type { Json } from '../kit/json.js';
import { partsOf, type CallPart, type MediaPart, type Part, type ResultPart } from '../kit/turnParts.js';
import { FORMAT, type ChatDialect } from './encoder.js';
import type { ChatAssistantMessage, ChatRequestCall, ChatRequestMessage, ChatRequestPart } from './input.js';

/** What a result begins with that is an error. */
const ERROR = 'Error: ';

/** Options of {@link chatMessagesOf}. */
export interface ChatMessagesOptions {
  /** What the model is told before the conversation. */
  readonly system?: string | undefined;
  /**
   * The member that takes thinking: `reasoning_content` for DeepSeek, Moonshot, Alibaba and others, `reasoning` for
   * OpenRouter, Groq and vLLM. Default: thinking is left out, because OpenAI's own API takes none.
   */
  readonly reasoning?: ChatDialect['reasoning'];
  /** Called with each block that there are no words for, or the one within a result, and the place of its message. */
  readonly onLeftOut?: ((block: TurnBlock, at: { readonly message: number }) => void) | undefined;
}

/**
 * Writes a history as the `messages` of a request for a chat completion.
 *
 * ```ts
 * import { chatMessagesOf, streamChat } from 'rxjs-llm-stream/openai';
 *
 * const history = [{ role: 'user', content: 'Hello' }] as const;
 * streamChat({ model: 'gpt-5', messages: chatMessagesOf(history, { system: 'Be brief.' }) });
 * ```
 *
 * - All text of an answer is one text, and its calls follow it. A call whose input is a text is one of a `custom` tool. The
 *   signature of a call goes back where Google's API has it.
 * - Each result is a message of its own, right after the calls. One that is an error begins with `Error: `, because no
 *   member says so.
 * - Images go as data or by their address; documents as data, as a file or, where they are plain text, as text.
 * - Thinking goes where `reasoning` says. Under `reasoning`, signatures and what is encrypted go along in
 *   `reasoning_details`; under `reasoning_content`, only its text does.
 *
 * Left out is the rest: what the model is said to have shown, pictures within a result, images of a file, documents by
 * their address, data without a media type, and all blocks that only another provider knows.
 *
 * @param messages - the history, as the Messages API takes it
 * @param options - the system prompt, where thinking goes, and who is told what was left out
 * @returns new messages, assignable to the official client's; one with nothing to say is left out
 * @see https://platform.openai.com/docs/api-reference/chat/create
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export function chatMessagesOf(
  messages: readonly TurnMessage[],
  options: ChatMessagesOptions = {},
): ChatRequestMessage[] {
  const { system, reasoning, onLeftOut } = options;
  const first: ChatRequestMessage[] = system ? [{ role: 'system', content: system }] : [];
  const written = messages.flatMap((message, at) => {
    const leaveOut = ({ block }: Part): void => onLeftOut?.(block, { message: at });
    const parts = partsOf(message);
    if (message.role === 'assistant') return answerOf(parts, reasoning, leaveOut);
    return [...resultsIn(parts, leaveOut), ...questionOf(parts, leaveOut)];
  });
  return [...first, ...written];
}

/** Told of each part that there are no words for. */
type LeaveOut = (part: Part) => void;

function answerOf(
  parts: readonly Part[],
  reasoning: ChatDialect['reasoning'],
  leaveOut: LeaveOut,
): readonly ChatRequestMessage[] {
  const message: ChatAssistantMessage = { role: 'assistant', content: null };
  let isEmpty = true;
  for (const part of parts) {
    if (isTaken(part, message, reasoning)) isEmpty = false;
    else leaveOut(part);
  }
  return isEmpty ? [] : [message];
}

/** Puts a part into the message of an answer, if there is a place for it. */
function isTaken(part: Part, message: ChatAssistantMessage, reasoning: ChatDialect['reasoning']): boolean {
  switch (part.type) {
    case 'text':
      message.content = (message.content ?? '') + part.text;
      return true;
    case 'call':
      message.tool_calls = [...(message.tool_calls ?? []), callOf(part)];
      return true;
    case 'thinking': {
      const { text, signature } = part;
      if (reasoning === undefined || (text === '' && (reasoning !== 'reasoning' || !signature))) return false;
      if (text !== '') message[reasoning] = (message[reasoning] ?? '') + text;
      if (reasoning === 'reasoning' && signature) {
        add(message, { type: 'reasoning.text', ...(text !== '' && { text }), signature, format: FORMAT });
      }
      return true;
    }
    case 'redacted': {
      const { type: _, data, ...more }: Json = part.block as object as Json;
      if (reasoning === 'reasoning') add(message, { ...more, type: 'reasoning.encrypted', data });
      return reasoning === 'reasoning';
    }
    default:
      return false;
  }
}

function add(message: ChatAssistantMessage, detail: Json): void {
  message.reasoning_details ??= [];
  message.reasoning_details.push({ index: message.reasoning_details.length, ...detail });
}

function callOf({ id, name, input, signature }: CallPart): ChatRequestCall {
  const signed = signature && { extra_content: { google: { thought_signature: signature } } };
  if (typeof input === 'string') return { id, type: 'custom', custom: { name, input }, ...signed };
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input) }, ...signed };
}

function resultsIn(parts: readonly Part[], leaveOut: LeaveOut): readonly ChatRequestMessage[] {
  return parts
    .filter((part): part is ResultPart => part.type === 'result')
    .map(({ id, parts: said, isError }) => {
      let content = isError ? ERROR : '';
      for (const part of said) {
        const text = textIn(part);
        if (text === undefined) leaveOut(part);
        else content += text;
      }
      return { role: 'tool', tool_call_id: id, content };
    });
}

/** The text of a part that is text, or a document of plain text. */
function textIn(part: Part): string | undefined {
  if (part.type === 'text') return part.text;
  return part.type === 'media' && 'text' in part.source ? part.source.text : undefined;
}

function questionOf(parts: readonly Part[], leaveOut: LeaveOut): readonly ChatRequestMessage[] {
  const content: ChatRequestPart[] = [];
  for (const part of parts) {
    if (part.type === 'result') continue;
    const said = questionPart(part);
    if (said === undefined) leaveOut(part);
    else content.push(said);
  }
  const [first] = content;
  if (first === undefined) return [];
  // A plain text is what every server takes.
  const isText = content.length === 1 && first.type === 'text';
  return [{ role: 'user', content: isText ? first.text : content }];
}

function questionPart(part: Part): ChatRequestPart | undefined {
  const text = textIn(part);
  if (text !== undefined) return { type: 'text', text };
  return part.type === 'media' ? mediaOf(part) : undefined;
}

function mediaOf({ kind, mediaType, source, block }: MediaPart): ChatRequestPart | undefined {
  const data =
    'data' in source && mediaType !== undefined ? `data:${mediaType};base64,${source.data}` : undefined;
  if (kind === 'image') {
    const url = 'url' in source ? source.url : data;
    return url === undefined ? undefined : { type: 'image_url', image_url: { url } };
  }
  if ('fileId' in source) return { type: 'file', file: { file_id: source.fileId } };
  if (data === undefined) return undefined;
  const { title } = block as object as Json;
  const filename = typeof title === 'string' && title !== '' ? title : 'document';
  return { type: 'file', file: { file_data: data, filename } };
}
