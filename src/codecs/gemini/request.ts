import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { isObject, type Json } from '../kit/json.js';
import { partsOf, type MediaPart, type Part, type ResultPart } from '../kit/turnParts.js';
import { partOfBlock } from './part.js';

/** A medium of a request: its bytes in base64, or where it is. */
export interface GeminiMedia {
  inlineData?: { mimeType?: string; data?: string };
  fileData?: { mimeType?: string; fileUri?: string };
}

/** A part of a request, as the API takes it: one of these members, with its signature. */
export interface GeminiRequestPart extends GeminiMedia {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { id?: string; name?: string; args?: Record<string, unknown> };
  functionResponse?: {
    id?: string;
    name?: string;
    response?: Record<string, unknown>;
    parts?: GeminiMedia[];
  };
  executableCode?: object;
  codeExecutionResult?: object;
  toolCall?: object;
  toolResponse?: object;
}

/** A message of a request, as the API takes it. */
export interface GeminiContent {
  role: 'user' | 'model';
  parts: GeminiRequestPart[];
}

/** Options of {@link contentsOf}. */
export interface ContentsOptions {
  /** Called with each block that the API has no part for, and the place of its message in the history. */
  readonly onLeftOut?: ((block: TurnBlock, at: { readonly message: number }) => void) | undefined;
}

/**
 * Writes a history as the `contents` of a request to Gemini.
 *
 * ```ts
 * import { contentsOf } from 'rxjs-llm-stream/gemini';
 *
 * const contents = contentsOf([
 *   { role: 'user', content: 'How warm is it in Oslo?' },
 *   { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'warmth', input: { in: 'Oslo' }, signature: 'c2ln' }] },
 *   { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: '4 °C' }] },
 * ]);
 * ```
 *
 * Signatures stay in the part that they came with, which the API asks for; so do `executableCode`,
 * `codeExecutionResult`, `toolCall` and `toolResponse`. The result of a call becomes its `output`, or its `error`; its
 * pictures and documents come beside that.
 *
 * The API has no part for these, so they are left out: thinking that another provider redacted; a call whose input is not a
 * JSON object, with its result; a result whose call is not in the history; a file that only another provider has; all other
 * blocks of other providers. The instructions for the model are no part of the contents: they go in `systemInstruction`.
 *
 * @param messages - the history; a `Message` of any stream of this library fits
 * @param options - `onLeftOut`
 * @returns the contents; a message of which nothing is left is left out too
 * @see https://ai.google.dev/api/caching#Content
 */
export function contentsOf(messages: readonly TurnMessage[], options: ContentsOptions = {}): GeminiContent[] {
  const { onLeftOut = () => undefined } = options;
  /** The names of the calls, by their ids: a result says only the id. */
  const names = new Map<string, string>();
  return messages.flatMap((turn, message): readonly GeminiContent[] => {
    const leave = (part: Part): readonly [] => (onLeftOut(part.block, { message }), []);
    const parts = partsOf(turn).flatMap((part) => {
      // The API refuses the result of a call that it does not see.
      if (part.type === 'call' && isObject(part.input)) names.set(part.id, part.name);
      else if (part.type === 'call') names.delete(part.id);
      if (part.type !== 'result') return partOf(part) ?? leave(part);
      const name = names.get(part.id);
      return name === undefined ? leave(part) : resultOf(part, name, leave);
    });
    return parts.length === 0 ? [] : [{ role: turn.role === 'assistant' ? 'model' : 'user', parts }];
  });
}

function partOf(part: Exclude<Part, ResultPart>): GeminiRequestPart | undefined {
  switch (part.type) {
    case 'text':
      return { text: part.text, ...signed(part.signature) };
    case 'thinking':
      return { text: part.text, thought: true, ...signed(part.signature) };
    case 'call': {
      const { id, name, input, signature } = part;
      if (!isObject(input)) return undefined;
      return { functionCall: { ...(id !== '' && { id }), name, args: { ...input } }, ...signed(signature) };
    }
    case 'media': {
      const { thought, signature }: Json = part.block as object as Json;
      const written = 'text' in part.source ? { text: part.source.text } : mediaOf(part);
      return written && { ...written, ...(thought === true && { thought }), ...signed(signature) };
    }
    case 'other':
      return ownPartOf(part.block);
    case 'redacted':
      return undefined;
  }
}

/** A block that only this API has, as it came from it. */
function ownPartOf(block: TurnBlock): GeminiRequestPart | undefined {
  const part = partOfBlock(block);
  // It leaves out what is `undefined`, as JSON does.
  return part && (JSON.parse(JSON.stringify(part)) as GeminiRequestPart);
}

/** What a call gave: its texts are one text, and its media come beside that. */
function resultOf(
  { id, parts, isError }: ResultPart,
  name: string,
  leave: (part: Part) => readonly [],
): GeminiRequestPart {
  let said = '';
  const media = parts.flatMap((part) => {
    if (part.type === 'text') said += part.text;
    else if (part.type !== 'media') return leave(part);
    else if ('text' in part.source) said += part.source.text;
    else return mediaOf(part) ?? leave(part);
    return [];
  });
  const response = { [isError ? 'error' : 'output']: said };
  return {
    functionResponse: { ...(id !== '' && { id }), name, response, ...(media.length > 0 && { parts: media }) },
  };
}

function mediaOf({ mediaType, source }: MediaPart): GeminiMedia | undefined {
  const mimeType = mediaType === undefined ? {} : { mimeType: mediaType };
  if ('data' in source) return { inlineData: { ...mimeType, data: source.data } };
  return 'url' in source ? { fileData: { ...mimeType, fileUri: source.url } } : undefined;
}

function signed(signature: unknown): { thoughtSignature?: string } {
  return typeof signature === 'string' && signature !== '' ? { thoughtSignature: signature } : {};
}
