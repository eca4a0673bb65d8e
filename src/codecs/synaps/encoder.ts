import type { ErrorEvent } from '../../events/event.js';
import { isStranger } from '../kit/door.js';
import { isObject } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, Reading } from '../kit/messageReader.js';
import { SynapsDecoder } from './decoder.js';
import type { TurnOptions } from './turnOptions.js';
import { RPC_PROTOCOL_VERSION } from './wire.js';
import type { AssistantEvent, TurnOutcome, TurnResponse, TurnUsage } from './wire.js';

const KINDS: ReadonlySet<unknown> = new Set([
  'completed',
  'canceled',
  'provider_failed',
  'tool_failed',
  'budget_exceeded',
  'interrupted_after_side_effect',
] satisfies TurnOutcome['kind'][]);

/** Writes messages as the turns of a child. */
export class SynapsEncoder extends MessageEncoder {
  readonly #turn: TurnOptions;
  #isGreeted = false;
  #turns = 0;
  /** The calls that were aborted. Whether they are written depends on how the turn ends. */
  #givenUp: ReadBlock[] = [];
  /** The ids of the calls in the message. A result of any other is left out. */
  readonly #callIds = new Set<string>();

  constructor(turn: TurnOptions) {
    super();
    this.#turn = turn;
  }

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.#greet(reading.message.model);
      case 'text':
        return this.#update({ type: 'text_delta', delta: reading.piece });
      case 'thinking':
        return this.#update({ type: 'thinking_delta', delta: reading.piece });
      case 'call': {
        const { id: tool_id, name: tool_name } = reading.call.block;
        this.#callIds.add(tool_id);
        return this.#update({ type: 'toolcall_start', tool_id, tool_name });
      }
      case 'input': {
        const { call, piece: delta } = reading;
        return this.#update({ type: 'toolcall_input_delta', tool_id: call.block.id, delta });
      }
      case 'whole':
        return this.#settle(reading.call.block.id, parsed(reading.json));
      case 'abort':
        this.#givenUp.push(reading.block);
        return;
      case 'result':
        return this.#result(reading.id, reading.content);
      case 'end': {
        const isCancelled = reading.ending.stop === 'cancelled';
        if (!isCancelled) this.#giveUpCalls();
        return this.#end(reading.ending, { ok: true, ...(isCancelled && { cancelled: true }) });
      }
      case 'failure': {
        const { event, ending } = reading;
        const { message } = event.error;
        this.put({ type: 'error', id: this.#responseId(ending), message });
        return this.#end(ending, { ok: false, error: message, outcome: outcomeOf(event) });
      }
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
      // The protocol has no place for signatures, citations, and calls that the provider runs.
    }
  }

  /** Ends the calls that have no whole input, in the only way that the protocol has. */
  #giveUpCalls(): void {
    for (const { block } of this.#givenUp) {
      if (block.type === 'tool_use') this.#settle(block.id, parseError('the call was aborted'));
    }
    this.#givenUp = [];
  }

  #settle(tool_id: string, input: unknown): void {
    this.#update({ type: 'toolcall_input', tool_id, input });
  }

  #result(tool_id: string, content: unknown): void {
    if (!this.#callIds.has(tool_id)) return;
    const result = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
    this.#update({ type: 'toolcall_result', tool_id, result });
  }

  /** Ends a turn. One that failed before it began has no `agent_end`, only a response. */
  #end(ending: Ending, body: Pick<TurnResponse, 'ok' | 'cancelled' | 'error' | 'outcome'>): void {
    if (body.ok || ending.message !== undefined) this.put({ type: 'agent_end', usage: turnUsageOf(ending) });
    this.put({ type: 'response', id: this.#responseId(ending), command: 'prompt', ...body });
    this.#turns += 1;
    this.#givenUp = [];
    this.#callIds.clear();
  }

  #responseId({ message }: Ending): string {
    return this.#turn.promptId ?? (message?.id || `prompt-${this.#turns + 1}`);
  }

  /** A frame of this protocol goes back as it came; any other gets its name as its type. */
  #pass(name: string, data: unknown): void {
    const isFrame = isObject(data) && typeof data['type'] === 'string';
    const frame = isFrame ? data : { ...(isObject(data) ? data : { data }), type: name };
    if (!isStranger(new SynapsDecoder({}), { data: JSON.stringify(frame) })) return;
    if (frame['type'] === 'ready') this.#isGreeted = true;
    this.put(frame);
  }

  #update(event: AssistantEvent): void {
    this.put({ type: 'message_update', event });
  }

  protected override put(frame: object): void {
    this.#greet('');
    super.put(frame);
  }

  #greet(model: string): void {
    const { sessionId } = this.#turn;
    if (this.#isGreeted || sessionId === undefined) return;
    this.#isGreeted = true;
    this.put({ type: 'ready', session_id: sessionId, model, protocol_version: RPC_PROTOCOL_VERSION });
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return parseError('not JSON');
  }
}

/** What a child writes for an input that it cannot read. */
function parseError(what: string): object {
  return { __parse_error: `invalid tool input JSON: ${what}` };
}

/** The outcome of an error: the one that it came from, or a failure of the provider with the error's type as its code. */
function outcomeOf({ error, request_id }: ErrorEvent): TurnOutcome {
  const { details } = error;
  if (isObject(details) && KINDS.has(details['kind'])) return details as object as TurnOutcome;
  const id = typeof request_id === 'string' && { correlation_id: request_id };
  return { kind: 'provider_failed', code: error.type, ...id };
}

/** What a message cost, as `agent_end` has it. Unknown counts of the cache are left out; the others must be there. */
function turnUsageOf({ usage, message }: Ending): TurnUsage {
  const { cache_read_input_tokens, cache_creation_input_tokens, cache_creation: split } = usage;
  return {
    input_tokens: usage.input_tokens ?? 0,
    output_tokens: usage.output_tokens ?? 0,
    ...(typeof cache_read_input_tokens === 'number' && { cache_read_input_tokens }),
    ...(typeof cache_creation_input_tokens === 'number' && { cache_creation_input_tokens }),
    ...(split && {
      cache_creation_5m: split.ephemeral_5m_input_tokens,
      cache_creation_1h: split.ephemeral_1h_input_tokens,
    }),
    ...(message?.model && { model: message.model }),
  };
}
