import { resultContent } from '../../events/resultContent.js';
import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import {
  failed,
  historyFrom,
  type FrontHistoryOptions,
  type ResultBlock,
  type Said,
} from '../kit/frontHistory.js';
import { asText, isObject, parsed, type Json } from '../kit/json.js';

/** A message of AG-UI, as the input of a run has it; those of `@ag-ui/core` are assignable to it. */
export interface AgUiMessage {
  readonly id: string;
  readonly role: string;
}

/**
 * Makes a history of the messages in the input of a run, to ask a model with.
 *
 * ```ts
 * import { agUiRun, turnMessagesOf } from 'rxjs-llm-stream/ag-ui';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { respond } from 'rxjs-llm-stream/server';
 * import type { RunAgentInput } from '@ag-ui/core';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const { threadId, runId, messages } = (await request.json()) as RunAgentInput;
 *   const history = turnMessagesOf(messages);
 *   return respond((gate) => streamMessages({ model, max_tokens, messages: history }, { apiKey, gate }), {
 *     codec: agUiRun({ threadId, runId }),
 *     signal: request.signal,
 *   });
 * }
 * ```
 *
 * The messages of tools become one message of the user behind the calls they are of; an `error` is a result that failed. What
 * is encrypted signs the thinking or the call it stands at; thinking that nobody signed stays out, because no provider takes
 * it. Images and documents go as data or by their address.
 *
 * Left out, and told to `onLeftOut`, are system and developer messages, which are the server's to set, activities, audio and
 * video, calls whose arguments are not JSON, results of no call, and messages of unknown roles.
 *
 * @param messages - as the client sent them: check what else a stranger may have sent before a model is asked
 * @param options - what becomes of calls without results, and who is told what was left out
 * @returns new messages, which every provider accepts; none if nothing is left
 * @see https://docs.ag-ui.com/concepts/messages
 */
export function turnMessagesOf(
  messages: readonly AgUiMessage[],
  { pending, onLeftOut }: FrontHistoryOptions = {},
): TurnMessage[] {
  const results = new Map<string, { readonly result: ResultBlock; readonly leaveOut: () => void }>();
  const said = messages.flatMap((message, at): readonly Said[] => {
    const leaveOut = (part: object): void => onLeftOut?.(part, { message: at });
    const members: Json = isObject(message) ? message : {};
    if (members['role'] === 'tool') {
      const result = resultOf(members, leaveOut);
      results.set(result.tool_use_id, { result, leaveOut: () => leaveOut(message) });
      return [];
    }
    const content = blocksOf(members, leaveOut);
    if (content === undefined) leaveOut(message);
    return content === undefined
      ? []
      : [{ role: members['role'] === 'user' ? 'user' : 'assistant', content }];
  });
  const taken = (id: string): ResultBlock | undefined => {
    const kept = results.get(id);
    results.delete(id);
    return kept?.result;
  };
  const history = historyFrom(said, taken, pending);
  for (const { leaveOut } of results.values()) leaveOut();
  return history;
}

/** What a message says; `undefined` for one that a history has no words for. */
function blocksOf(message: Json, leaveOut: (part: object) => void): readonly TurnBlock[] | undefined {
  const { role, content, toolCalls, encryptedValue } = message;
  switch (role) {
    case 'user':
      return partsOf(content, leaveOut);
    case 'assistant': {
      const calls = Array.isArray(toolCalls) ? (toolCalls as readonly unknown[]) : [];
      return [...partsOf(content, leaveOut), ...calls.flatMap((call) => callOf(call, leaveOut))];
    }
    case 'reasoning':
      return [{ type: 'thinking', thinking: asText(content) ?? '', ...signedBy(encryptedValue) }];
    default:
      return undefined;
  }
}

function partsOf(content: unknown, leaveOut: (part: object) => void): readonly TurnBlock[] {
  if (!Array.isArray(content)) return [{ type: 'text', text: asText(content) ?? '' }];
  return content.filter(isObject).flatMap((part) => {
    const block = blockOf(part);
    if (block === undefined) leaveOut(part);
    return block ?? [];
  });
}

function blockOf({ type, text, source }: Json): TurnBlock | undefined {
  if (type === 'text') return { type, text: asText(text) ?? '' };
  if ((type !== 'image' && type !== 'document') || !isObject(source)) return undefined;
  const { type: kind, value, mimeType } = source;
  if (typeof value !== 'string') return undefined;
  if (kind === 'url') return { type, source: { type: 'url', url: value } };
  const isData = kind === 'data' && typeof mimeType === 'string';
  return isData ? { type, source: { type: 'base64', media_type: mimeType, data: value } } : undefined;
}

function callOf(call: unknown, leaveOut: (part: object) => void): readonly TurnBlock[] {
  const members: Json = isObject(call) ? call : {};
  const { id, function: given, encryptedValue } = members;
  const { name, arguments: json }: Json = isObject(given) ? given : {};
  const input = inputIn(asText(json) ?? '');
  if (typeof id === 'string' && typeof name === 'string' && isObject(input)) {
    return [{ type: 'tool_use', id, name, input, ...signedBy(encryptedValue) }];
  }
  leaveOut(members);
  return [];
}

function resultOf({ toolCallId, content, error }: Json, leaveOut: (part: object) => void): ResultBlock {
  const id = asText(toolCallId) ?? '';
  const said = Array.isArray(content) ? partsOf(content, leaveOut) : resultContent(content ?? '');
  if (typeof error !== 'string') return { type: 'tool_result', tool_use_id: id, content: said };
  return failed(id, said.length > 0 ? said : error || 'Failed');
}

/** The input of a call; an empty text is one of a tool that takes none. */
function inputIn(json: string): unknown {
  if (json.trim() === '') return {};
  try {
    return parsed(json);
  } catch {
    return undefined;
  }
}

function signedBy(signature: unknown): { readonly signature?: string } {
  return typeof signature === 'string' && signature !== '' ? { signature } : {};
}
