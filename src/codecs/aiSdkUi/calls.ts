import { quoted } from '../../errors/quoted.js';
import type { ToolApprovalEvent, ToolResultEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { callFlaw } from '../kit/callFlaw.js';
import type { Json } from '../kit/json.js';
import { escaped } from '../kit/jsonString.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import { canonicalJson } from '../kit/sameJson.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import type { Passing } from '../skip.js';
import { mcpServerIn, othersIn, signatureIn } from './provided.js';
import { DENIED, REFUSED, type Fields } from './wire.js';
import { valueOf } from './output.js';

/** A call of the step. */
interface Call {
  /** Whether the app runs it, and not the provider. */
  readonly isOwn: boolean;
  /** Whether its input is text rather than JSON. */
  readonly isText: boolean;
}

/** Reads the calls of one message, what becomes of them, and whether they may be run. */
export class UiCalls {
  readonly #writer: MessageWriter;
  readonly #pass: Passing;
  /** Those of the step, by id: in the next one an id may be that of another. */
  readonly #calls = new Map<string, Call>();
  /** Those that were open when their step ended. */
  readonly #earlier = new Map<string, Call>();
  /** The calls of the app that have no result yet. */
  readonly #unanswered = new Set<string>();
  /** The calls by the ids of their approvals. */
  readonly #approvals = new Map<string, string>();
  readonly #denied = new Set<string>();

  constructor(writer: MessageWriter, pass: Passing) {
    this.#writer = writer;
    this.#pass = pass;
  }

  /** Whether a call awaits its result. */
  get areAwaited(): boolean {
    return this.#unanswered.size > 0;
  }

  begin(fields: Fields): void {
    const { toolCallId: id = '' } = fields;
    // A start that is repeated before anything came of it says nothing new.
    if (this.#writer.isOpen(keyOf(id)) && this.#writer.saidBy(keyOf(id)) === '') return this.#pass('stray');
    this.#begin(fields);
  }

  grow({ toolCallId: id = '', inputTextDelta: piece = '' }: Fields): void {
    const key = keyOf(id);
    if (!this.#writer.isOpen(key)) {
      if (this.#writer.hasLoss) return this.#pass('malformed');
      throw this.#writer.contradiction(`The call ${quoted(id)} grew, but it is not open`);
    }
    const isFirst = this.#writer.saidBy(key) === '';
    this.#writer.grow(key, this.#callOf(id)?.isText ? `${isFirst ? '"' : ''}${escaped(piece)}` : piece);
  }

  /** Takes the whole input of a call, whether or not it was streamed. */
  settle(fields: Fields): void {
    const { toolCallId: id = '', input } = fields;
    const call = this.#callOf(id) ?? this.#begin(fields);
    const key = keyOf(id);
    // An empty text is one too, where the input is text.
    const json = call.isText && typeof input !== 'string' ? '""' : JSON.stringify(input);
    if (call.isText && this.#writer.isOpen(key))
      this.#writer.grow(key, this.#writer.saidBy(key) ? '"' : '""');
    this.#writer.settle(key, json);
    this.#expectAnswer(id, call, fields);
  }

  /** Gives a call up that cannot be run. */
  reject(fields: Fields): void {
    const { toolCallId: id = '', input, errorText } = fields;
    const key = keyOf(id);
    const call = this.#callOf(id) ?? this.#begin(fields);
    if (!this.#writer.isOpen(key)) return this.#pass('stray');
    const said = this.#writer.saidBy(key) ?? '';
    const raw = typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
    if (said === '' && raw !== '') this.#writer.grow(key, raw);
    if (errorText !== REFUSED || canonicalJson(said || raw) === undefined)
      return this.#writer.abort(key, errorText || 'The call cannot be run');
    this.#writer.stop(key);
    this.#expectAnswer(id, call, fields);
  }

  answer(part: Json, { toolCallId: id = '', preliminary }: Fields): void {
    const result = events.toolResult(id, valueOf(part));
    if (preliminary) return this.#tell({ ...result, preliminary });
    this.#unanswered.delete(id);
    this.#tell(result);
  }

  fail(part: Json, { toolCallId: id = '' }: Fields): void {
    this.#unanswered.delete(id);
    this.#tell(events.toolResult(id, valueOf(part), true));
  }

  deny({ toolCallId: id = '' }: Fields): void {
    if (!this.#denied.has(id)) this.#tell(events.toolApproval(id, 'denied'));
    this.fail({ errorText: DENIED }, { toolCallId: id });
  }

  request(part: Json, { approvalId = '', toolCallId: id = '', reason }: Fields): void {
    const { type: _type, approvalId: _approval, toolCallId: _call, reason: _reason, ...others } = part;
    this.#approvals.set(approvalId, id);
    this.#denied.delete(id);
    this.#tell({
      ...events.toolApproval(id, 'requested', reason ?? undefined),
      ...(approvalId !== id && { approvalId }),
      ...others,
    });
  }

  /** @returns whether the request came in this message: nothing else says which call it is of */
  decide({ approvalId = '', approved = false, reason }: Fields): boolean {
    const id = this.#approvals.get(approvalId);
    if (id === undefined) return false;
    if (!approved) this.#denied.add(id);
    this.#tell(events.toolApproval(id, approved ? 'approved' : 'denied', reason ?? undefined));
    return true;
  }

  /** In the next step ids may be those of other calls. Those that are open stay so. */
  endStep(): void {
    for (const [id, call] of this.#calls) if (this.#writer.isOpen(keyOf(id))) this.#earlier.set(id, call);
    this.#calls.clear();
  }

  /** The calls of this step never were. Those that an earlier one left open still are. */
  forgetStep(): void {
    for (const id of this.#calls.keys()) this.#unanswered.delete(id);
    this.#calls.clear();
  }

  /** Gives up what has no whole input: nobody may run it. */
  abortOpen(reason: string): void {
    for (const id of [...this.#earlier.keys(), ...this.#calls.keys()]) {
      if (this.#writer.isOpen(keyOf(id))) this.#writer.abort(keyOf(id), reason);
    }
  }

  /** The call that a part of this step is of. */
  #callOf(id: string): Call | undefined {
    const earlier = this.#earlier.get(id);
    if (earlier !== undefined) {
      this.#earlier.delete(id);
      this.#calls.set(id, earlier);
    }
    return this.#calls.get(id);
  }

  #begin(fields: Fields): Call {
    const { toolCallId: id = '', toolName: name = '', providerExecuted, inputEncoding } = fields;
    this.#writer.start(keyOf(id), blockOf(fields), callFlaw(id, name));
    const call = { isOwn: !providerExecuted, isText: inputEncoding === 'text' };
    this.#calls.set(id, call);
    return call;
  }

  #expectAnswer(id: string, { isOwn }: Call, { toolName }: Fields): void {
    if (isOwn && id && toolName) this.#unanswered.add(id);
  }

  /** Ends a call that something has become of, also where its whole input never came. */
  #close(id: string): void {
    const key = keyOf(id);
    if (!this.#writer.isOpen(key)) return;
    const said = this.#writer.saidBy(key) ?? '';
    if (this.#callOf(id)?.isText) this.#writer.grow(key, said ? '"' : '""');
    else if (said !== '' && canonicalJson(said) === undefined)
      return this.#writer.abort(key, 'The call was answered before its input was whole');
    this.#writer.stop(key);
  }

  /** After the end of a message nothing more belongs to it, and a result begins no other. */
  #tell(event: ToolResultEvent | ToolApprovalEvent): void {
    this.#close(event.tool_use_id);
    if (this.#writer.ended === undefined) this.#writer.tell(event);
    else this.#writer.emit(event);
  }
}

function blockOf(fields: Fields): LooseBlock {
  const {
    toolCallId: id = '',
    toolName: name = '',
    providerExecuted,
    providerMetadata,
    dynamic,
    title,
  } = fields;
  const others = othersIn(providerMetadata);
  const signature = signatureIn(providerMetadata);
  const added = {
    ...(signature !== undefined && { signature }),
    ...(others && { providerMetadata: others }),
    ...(title && { title }),
  };
  const server = mcpServerIn(providerMetadata);
  if (providerExecuted && server !== undefined)
    return { type: 'mcp_tool_use', id, name, server_name: server, input: {}, ...added };
  const { content_block } = events.toolUseStart(0, id, name);
  const type = providerExecuted ? 'server_tool_use' : 'tool_use';
  return { ...content_block, type, ...(dynamic && { dynamic }), ...added };
}

function keyOf(id: string): string {
  return `call:${id}`;
}
