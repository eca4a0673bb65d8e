import { resultContent } from '../../events/resultContent.js';
import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import {
  failed,
  historyFrom,
  type FrontHistoryOptions,
  type ResultBlock,
  type Said,
} from '../kit/frontHistory.js';
import { asText, isObject, type Json } from '../kit/json.js';
import { blockOfFile } from './media.js';
import { valueOf } from './output.js';
import { redactedIn, signatureIn } from './provided.js';
import { membersOf } from './wire.js';

/** A message that `useChat` keeps and sends; those of the AI SDK are assignable to it. */
export interface UiMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly parts: readonly { readonly type: string }[];
}

/** What a model can look at. */
const SHOWN = /^(?:image\/|text\/|application\/pdf$)/;

/** What belongs to the front end alone. */
const ITS_OWN = /^(?:step-start$|source-|data-)/;

/**
 * Makes a history of the messages that `useChat` sends, to ask a model with.
 *
 * ```ts
 * import { aiSdkUi, AI_SDK_UI_HEADERS, turnMessagesOf, type UiMessage } from 'rxjs-llm-stream/ai-sdk-ui';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { respond } from 'rxjs-llm-stream/server';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = (await request.json()) as { messages: UiMessage[] };
 *   const history = turnMessagesOf(messages);
 *   return respond((gate) => streamMessages({ model, max_tokens, messages: history }, { apiKey, gate }), {
 *     codec: aiSdkUi,
 *     headers: AI_SDK_UI_HEADERS,
 *     signal: request.signal,
 *   });
 * }
 * ```
 *
 * - Each step of an answer is a message of the assistant, and the results of its calls are one of the user behind it. A call
 *   that failed or was denied has a result that says so; one whose input is not whole is left out.
 * - Files are images and documents, as data or by their address.
 * - What signs a part goes back with it; thinking that nobody signed stays out, because no provider takes it.
 *
 * Sources, data parts and the begins of steps are the front end's own. Left out, and told to `onLeftOut`, are system prompts,
 * which are the server's to set, calls that the provider ran, files that no model looks at, and parts of unknown types.
 *
 * @param messages - as the client sent them: check what else a stranger may have sent before a model is asked
 * @param options - what becomes of calls without results, and who is told what was left out
 * @returns new messages, which every provider accepts; none if nothing is left
 * @throws TypeError for a message without parts
 * @see https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message
 */
export function turnMessagesOf(
  messages: readonly UiMessage[],
  { pending, onLeftOut }: FrontHistoryOptions = {},
): TurnMessage[] {
  const results = new Map<string, ResultBlock>();
  const said = messages.flatMap((message, at): readonly Said[] => {
    const { role, parts }: Partial<UiMessage> = isObject(message) ? message : {};
    if (!Array.isArray(parts)) {
      throw new TypeError(`Message ${at} has no parts: give the messages as useChat keeps them`);
    }
    const leaveOut = (part: object): void => onLeftOut?.(part, { message: at });
    if (role !== 'user' && role !== 'assistant') {
      leaveOut(message);
      return [];
    }
    return stepsOf(parts.filter(isObject)).map((step) => ({
      role,
      content: step.flatMap((part) => blocksOf(part, results, leaveOut)),
    }));
  });
  return historyFrom(said, (id) => results.get(id), pending);
}

/** The parts between the begins of steps. */
function stepsOf(parts: readonly Json[]): readonly (readonly Json[])[] {
  const steps: Json[][] = [[]];
  for (const part of parts) {
    if (part['type'] === 'step-start') steps.push([]);
    else steps.at(-1)?.push(part);
  }
  return steps;
}

function blocksOf(
  part: Json,
  results: Map<string, ResultBlock>,
  leaveOut: (part: object) => void,
): readonly TurnBlock[] {
  const { type, text, providerMetadata, mediaType } = part;
  const kind = asText(type) ?? '';
  const words = asText(text) ?? '';
  const signature = signatureIn(providerMetadata);
  if (kind === 'text') return [{ type: 'text', text: words, ...(signature && { signature }) }];
  if (kind === 'reasoning') {
    const data = redactedIn(providerMetadata);
    return data === undefined
      ? [{ type: 'thinking', thinking: words, ...(signature && { signature }) }]
      : [{ type: 'redacted_thinking', data }];
  }
  if (kind === 'file' && SHOWN.test(asText(mediaType) ?? '') && asText(part['url']))
    return [blockOfFile(part)];
  const call = kind === 'dynamic-tool' || kind.startsWith('tool-') ? callOf(part, kind, results) : undefined;
  if (call !== undefined) return [call];
  if (!ITS_OWN.test(kind)) leaveOut(part);
  return [];
}

/** The call that a part is, and its result, if it has one; `undefined` for one that cannot be sent back. */
function callOf(part: Json, kind: string, results: Map<string, ResultBlock>): TurnBlock | undefined {
  const {
    toolName,
    toolCallId: id,
    state,
    input = {},
    rawInput,
    providerExecuted,
    callProviderMetadata,
  } = part;
  const isWhole = state !== 'input-streaming' && rawInput === undefined && isObject(input);
  if (typeof id !== 'string' || !isWhole || providerExecuted === true) return undefined;
  const name = kind === 'dynamic-tool' ? (asText(toolName) ?? '') : kind.slice('tool-'.length);
  const result = resultOf(part, id, name);
  if (result !== undefined) results.set(id, result);
  const signature = signatureIn(callProviderMetadata);
  return { type: 'tool_use', id, name, input, ...(signature && { signature }) };
}

function resultOf(part: Json, id: string, name: string): ResultBlock | undefined {
  const { state, output, errorText, approval, preliminary, resultProviderMetadata } = part;
  const value = valueOf({ output, errorText, providerMetadata: resultProviderMetadata });
  const { approved, reason } = membersOf(approval);
  if (state === 'output-available' && preliminary !== true) {
    return { type: 'tool_result', tool_use_id: id, content: resultContent(value) };
  }
  if (state === 'output-error') return failed(id, resultContent(value) || `${name} failed`);
  const isDenied = state === 'output-denied' || (state === 'approval-responded' && approved === false);
  return isDenied ? failed(id, typeof reason === 'string' && reason !== '' ? reason : 'Denied') : undefined;
}
