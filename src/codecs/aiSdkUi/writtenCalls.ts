import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ToolApprovalEvent } from '../../events/event.js';
import { callFlaw } from '../kit/callFlaw.js';
import { asText, type Json } from '../kit/json.js';
import type { ReadBlock } from '../kit/messageReader.js';
import { failureOf, outputOf } from './output.js';
import { provided, signed } from './provided.js';
import { isRefused } from './refused.js';
import { DENIED, REFUSED } from './wire.js';

/** The parts of a call that say whose it is. */
interface Names extends Json {
  readonly toolCallId: string;
  readonly toolName: string;
}

/** A call that the client knows. */
interface KnownCall {
  readonly name: string;
  /** What its approval is called, once that is requested. */
  approvalId?: string;
  isDenied?: boolean;
}

/** Writes the calls of a stream, and what becomes of them. What is said of a call that the client does not know fails there. */
export class WrittenCalls {
  readonly #version: 6 | 7;
  readonly #put: (part: Json) => void;
  /** By their ids, of all steps. */
  readonly #known = new Map<string, KnownCall>();
  /** Those of this step. */
  readonly #inStep = new Set<string>();
  /** The calls that have no whole input yet. */
  readonly #open = new Map<ReadBlock, Names>();

  constructor(version: 6 | 7, put: (part: Json) => void) {
    this.#version = version;
    this.#put = put;
  }

  begin(block: ReadBlock): void {
    const names = namesOf(block.block);
    const { toolCallId: id, toolName: name } = names;
    this.#open.set(block, names);
    this.#known.set(id, { name });
    this.#inStep.add(id);
    this.#put({ type: 'tool-input-start', ...names });
  }

  grow(block: ReadBlock, inputTextDelta: string): void {
    const names = this.#open.get(block);
    if (names !== undefined)
      this.#put({ type: 'tool-input-delta', toolCallId: names.toolCallId, inputTextDelta });
  }

  /** Writes the whole input of a call. */
  settle(block: ReadBlock, json: string): void {
    const names = this.#take(block);
    if (names === undefined) return;
    const { toolCallId, toolName } = names;
    const input = jsonIn(json);
    const flaw = input === undefined ? 'The input is not JSON' : callFlaw(toolCallId, toolName);
    if (input === undefined || flaw !== undefined)
      return this.#put({ type: 'tool-input-error', ...names, input: json, errorText: flaw });
    if (isRefused(input, json))
      this.#put({ type: 'tool-input-error', ...names, input: json, errorText: REFUSED });
    else this.#put({ type: 'tool-input-available', ...names, input });
  }

  /** Writes the end of a call that the provider runs. */
  close(block: ReadBlock): void {
    const { input = {} } = block.block as { readonly input?: unknown };
    // No text at all stands for the input that the call began with.
    this.settle(block, block.said || JSON.stringify(input));
  }

  abort(block: ReadBlock, errorText: string): void {
    const names = this.#take(block);
    if (names !== undefined) this.#put({ type: 'tool-input-error', ...names, input: block.said, errorText });
  }

  take(block: ReadBlock, delta: AnyContentBlockDelta): void {
    if (delta.type === 'input_json_delta') this.grow(block, delta.partial_json);
  }

  progress(id: string, content: unknown): void {
    if (!this.#known.has(id)) return;
    this.#put({ type: 'tool-output-available', toolCallId: id, ...outputOf(content), preliminary: true });
  }

  answer(id: string, content: unknown, isError: boolean): void {
    const call = this.#known.get(id);
    if (call === undefined) return;
    if (!isError) return this.#put({ type: 'tool-output-available', toolCallId: id, ...outputOf(content) });
    const failure = failureOf(content);
    const { errorText } = failure;
    const isDenial =
      call.isDenied && (errorText === DENIED || errorText.startsWith(`${call.name} was not approved`));
    if (isDenial || (errorText === DENIED && !call.isDenied))
      this.#put({ type: 'tool-output-denied', toolCallId: id });
    else this.#put({ type: 'tool-output-error', toolCallId: id, ...failure });
  }

  /** Writes what a tool of the provider gave, which came as a block. */
  answerServed(block: AnyContentBlock): void {
    const { type, tool_use_id: id, content, is_error } = block as object as Json;
    if (!String(type).endsWith('_tool_result') || typeof id !== 'string' || !this.#known.has(id)) return;
    const part = { toolCallId: id, providerExecuted: true };
    if (is_error === true) this.#put({ type: 'tool-output-error', ...part, ...failureOf(content) });
    else this.#put({ type: 'tool-output-available', ...part, ...outputOf(content) });
  }

  approve(event: ToolApprovalEvent): void {
    const { type: _type, tool_use_id: id, state, reason, ...others } = event;
    const call = this.#known.get(id);
    if (call === undefined) return;
    // The client of version 6 fails at a reason here, and at a decision.
    const ofSeven = this.#version === 7 ? { reason } : {};
    if (state === 'requested') {
      const { approvalId, ...told } = requestIn(others as object as Json, this.#version);
      call.approvalId = approvalId ?? id;
      call.isDenied = false;
      const request = { toolCallId: id, approvalId: call.approvalId, ...told, ...ofSeven };
      return this.#put({ type: 'tool-approval-request', ...request });
    }
    call.isDenied = state === 'denied';
    const { approvalId } = call;
    if (this.#version === 6 || approvalId === undefined) return;
    this.#put({ type: 'tool-approval-response', approvalId, approved: state === 'approved', ...ofSeven });
  }

  /** The next step begins. */
  endStep(): void {
    this.#open.clear();
    this.#inStep.clear();
  }

  /** The client has dropped the calls of this step. */
  forgetStep(): void {
    for (const id of this.#inStep) this.#known.delete(id);
    this.endStep();
  }

  /** The client begins another message. */
  forget(): void {
    this.#known.clear();
    this.endStep();
  }

  #take(block: ReadBlock): Names | undefined {
    const names = this.#open.get(block);
    this.#open.delete(block);
    return names;
  }
}

/** What each part of a call repeats: the client puts it in place of what it knows. */
function namesOf(block: AnyContentBlock): Names {
  const { type, id, name, server_name, dynamic, title, signature, providerMetadata } =
    block as object as Json;
  const given = signed(providerMetadata, typeof signature === 'string' ? signature : undefined, 'google');
  const isMcp = type === 'mcp_tool_use' && typeof server_name === 'string';
  const metadata = isMcp
    ? provided(given, 'anthropic', { type: 'mcp-tool-use', serverName: server_name })
    : given;
  return {
    toolCallId: asText(id) ?? '',
    toolName: asText(name) ?? '',
    ...(type !== 'tool_use' && { providerExecuted: true }),
    // What an MCP server offers no app has types for.
    ...((dynamic === true || isMcp) && { dynamic: true }),
    ...(typeof title === 'string' && { title }),
    ...(metadata && { providerMetadata: metadata }),
  };
}

/** What a request for an approval says besides, as far as the client knows it. */
function requestIn(others: Json, version: 6 | 7): { readonly approvalId?: string } {
  const { approvalId, signature, isAutomatic, approvalDescriptor, inputSchemaInput } = others;
  const told = { approvalDescriptor, inputSchemaInput };
  return {
    ...(typeof approvalId === 'string' && { approvalId }),
    ...(typeof signature === 'string' && { signature }),
    ...(typeof isAutomatic === 'boolean' && version === 7 && { isAutomatic }),
    ...(isRefused(told, JSON.stringify(told)) ? {} : told),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
