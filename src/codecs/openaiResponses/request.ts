import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { isObject, type Json } from '../kit/json.js';
import {
  partsOf,
  textOfParts,
  type CallPart,
  type MediaPart,
  type Part,
  type ResultPart,
} from '../kit/turnParts.js';
import type { ResponsesCall, ResponsesCaller, ResponsesContent, ResponsesInputItem } from './input.js';
import { providerItemOf } from './providerItem.js';

/** Options of {@link responseInputOf}. */
export interface ResponseInputOptions {
  /** Called with each block that the API has no item for, and the place of its message in the history. */
  readonly onLeftOut?: ((block: TurnBlock, at: { readonly message: number }) => void) | undefined;
}

/**
 * Writes a history as the `input` of a request to the Responses API.
 *
 * ```ts
 * import { responseInputOf } from 'rxjs-llm-stream/openai';
 *
 * const input = responseInputOf([
 *   { role: 'user', content: 'How warm is it in Oslo?' },
 *   { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'warmth', input: { in: 'Oslo' } }] },
 *   { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '4 °C' }] },
 * ]);
 * ```
 *
 * Blocks keep the id of the item they came in, and so does the thinking that its encrypted content signs: a model that
 * reasons asks for it. A call whose input is a text is one of a `custom` tool. What a tool of the provider did goes back
 * as it came; so does an item that has no other block, such as an `apply_patch_call`, and its `apply_patch_call_output`.
 * That a result is an error, its words have to say.
 *
 * Left out is what the API has no item for: thinking of another provider, which has no id of an item; pictures and
 * documents that the model is said to have sent; calls of tools that another provider ran, and what they gave; citations;
 * and all other blocks of other providers.
 *
 * @param messages - the history, in the shape of the Messages API; a system prompt is the request's `instructions`
 * @param options - who is told what is left out
 * @returns the items, assignable to the official client's `ResponseInput`
 * @see https://platform.openai.com/docs/guides/conversation-state
 */
export function responseInputOf(
  messages: readonly TurnMessage[],
  { onLeftOut }: ResponseInputOptions = {},
): ResponsesInputItem[] {
  const input = new Input();
  messages.forEach((message, at) => {
    input.begin();
    for (const part of partsOf(message)) {
      for (const block of input.add(message.role, part)) onLeftOut?.(block, { message: at });
    }
  });
  return input.items;
}

const NOTHING: readonly TurnBlock[] = [];

class Input {
  readonly items: ResponsesInputItem[] = [];
  readonly #calls = new Map<string, ResponsesCall>();
  /** Where the message begins that is being written: what it says joins nothing before. */
  #from = 0;

  begin(): void {
    this.#from = this.items.length;
  }

  /** @returns the blocks that are left out */
  add(role: TurnMessage['role'], part: Part): readonly TurnBlock[] {
    switch (part.type) {
      case 'text':
        if (role === 'user') this.#sayAsUser({ type: 'input_text', text: part.text });
        else this.#say(part.text, part.block);
        return NOTHING;
      case 'media': {
        const content = role === 'user' ? contentOf(part) : undefined;
        if (content === undefined) return [part.block];
        this.#sayAsUser(content);
        return NOTHING;
      }
      case 'thinking':
        return this.#think(part.block, part.text, part.signature);
      case 'redacted':
        return this.#think(part.block, '', part.data);
      case 'call': {
        const call = callOf(part);
        this.#calls.set(part.id, call);
        this.items.push(call);
        return NOTHING;
      }
      case 'result':
        return this.#answer(part);
      default:
        return this.#pass(part.block);
    }
  }

  /** The last item of this message. */
  get #last(): ResponsesInputItem | undefined {
    return this.items.length > this.#from ? this.items.at(-1) : undefined;
  }

  #sayAsUser(content: ResponsesContent): void {
    const last = this.#last;
    if (last?.type === 'message' && last.role === 'user') last.content.push(content);
    else this.items.push({ type: 'message', role: 'user', content: [content] });
  }

  #say(text: string, block: TurnBlock): void {
    const { item_id: id, phase } = block as TurnBlock & Json;
    if (typeof id !== 'string') {
      this.items.push({ type: 'message', role: 'assistant', content: text });
      return;
    }
    const part = { type: 'output_text', text, annotations: [] } as const;
    const last = this.#last;
    if (last?.type === 'message' && 'id' in last && last.id === id) {
      last.content.push({ ...part, annotations: [] });
      return;
    }
    this.items.push({
      type: 'message',
      role: 'assistant',
      id,
      status: 'completed',
      content: [{ ...part, annotations: [] }],
      ...(isPhase(phase) && { phase }),
    });
  }

  /** Writes thinking, whose parts came in one item. Nobody else can read what another provider signed. */
  #think(block: TurnBlock, text: string, secret: string | undefined): readonly TurnBlock[] {
    const { item_id: id } = block as TurnBlock & Json;
    if (typeof id !== 'string') return [block];
    const last = this.#last;
    const isSame = last?.type === 'reasoning' && last.id === id;
    const item = isSame ? last : { type: 'reasoning' as const, id, summary: [] };
    if (!isSame) this.items.push(item);
    if (text !== '') item.summary.push({ type: 'summary_text', text });
    if (secret) item.encrypted_content = secret;
    return NOTHING;
  }

  #answer({ id, parts }: ResultPart): readonly TurnBlock[] {
    const call = this.#calls.get(id);
    const type = call?.type === 'custom_tool_call' ? 'custom_tool_call_output' : 'function_call_output';
    const said = parts.map((part) => [part, contentOf(part)] as const);
    const content = said.flatMap(([, one]) => one ?? []);
    const isText = content.every((one) => one.type === 'input_text');
    const output = isText ? textOfParts(parts) : content;
    this.items.push({ type, call_id: id, output, ...(call?.caller && { caller: call.caller }) });
    return said.flatMap(([part, one]) => (one === undefined ? part.block : []));
  }

  #pass(block: TurnBlock): readonly TurnBlock[] {
    const item = providerItemOf(block, this.#last);
    if (item === undefined) return [block];
    // It belongs to the item before.
    if (item !== this.#last) this.items.push(item);
    return NOTHING;
  }
}

function callOf({ id: call_id, name, input, block }: CallPart): ResponsesCall {
  const { item_id: id, namespace, caller } = block as TurnBlock & Json;
  const head = {
    call_id,
    name,
    ...(typeof id === 'string' && { id }),
    ...(typeof namespace === 'string' && { namespace }),
    ...(isProgram(caller) && { caller }),
  };
  if (typeof input === 'string') return { type: 'custom_tool_call', ...head, input };
  return { type: 'function_call', ...head, arguments: JSON.stringify(input) };
}

function isPhase(phase: unknown): phase is 'commentary' | 'final_answer' {
  return phase === 'commentary' || phase === 'final_answer';
}

function isProgram(caller: unknown): caller is ResponsesCaller {
  return isObject(caller) && caller['type'] === 'program' && typeof caller['caller_id'] === 'string';
}

/** What a part is within a message of the user's, or a result. */
function contentOf(part: Part): ResponsesContent | undefined {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return part.type === 'media' ? mediaOf(part) : undefined;
}

function mediaOf({ kind, mediaType, source, block }: MediaPart): ResponsesContent {
  if ('text' in source) return { type: 'input_text', text: source.text };
  if (kind === 'image') {
    const image = { type: 'input_image', detail: 'auto' } as const;
    if ('fileId' in source) return { ...image, file_id: source.fileId };
    return {
      ...image,
      image_url: 'url' in source ? source.url : dataUrl(mediaType ?? 'image/png', source.data),
    };
  }
  if ('fileId' in source) return { type: 'input_file', file_id: source.fileId };
  if ('url' in source) return { type: 'input_file', file_url: source.url };
  const { title } = block as TurnBlock & Json;
  // The API asks for a name.
  const filename = typeof title === 'string' && title !== '' ? title : 'document.pdf';
  return { type: 'input_file', filename, file_data: dataUrl(mediaType ?? 'application/pdf', source.data) };
}

function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}
