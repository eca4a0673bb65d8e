import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { asText, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { BlockReader } from './blockReader.js';
import { failureIn } from './failure.js';
import { isPlain, progressIn } from './progress.js';
import { factsOf } from './usage.js';
import { asideSchemaOf, contentSchemaOf, isUsage } from './wire.js';
import type { AgUiContentEvent } from './wire.js';

const CUT_OFF = 'The run ended inside this call';

/** What ends a block that comes in chunks: neither what passes by, nor what belongs to a sub-agent. */
const ENDS_CHUNK = /^(?:STATE_|STEP_|MESSAGES_|CUSTOM$)/;

/** Thinking had no ids before 1.0. */
const NO_ID = '';

type Of<T extends AgUiContentEvent['type']> = Extract<AgUiContentEvent, { readonly type: T }>;

/** Reads the events of one stream. The rules are those of the codec `agUi`. */
export class AgUiDecoder extends MessageDecoder {
  readonly #blocks = new BlockReader(this.writer);
  /** The messages of others than the assistant that are open. */
  readonly #others = new Set<string>();
  /** The one that the last chunk was of, if it was of one. */
  #other: string | undefined;

  override lose(frame: Frame, reason: string): void {
    this.#blocks.release();
    super.lose(frame, reason);
  }

  protected override read(value: Json, frame: Frame): void {
    const { type, subagentRunId } = value;
    if (type !== 'REASONING_ENCRYPTED_VALUE') this.#blocks.release();
    if (typeof type !== 'string' || type === '') {
      if (this.readOther(value, undefined)) return;
      throw malformedFrame(frame, 'The event has no type');
    }
    if (type === 'RUN_ERROR') return this.readError(value);
    const schema = contentSchemaOf(type);
    // What a sub-agent says is not of this message.
    const isOfSubagent = typeof subagentRunId === 'string' && subagentRunId !== '';
    if (isOfSubagent || asideSchemaOf(type) !== undefined) {
      if (!isOfSubagent && ENDS_CHUNK.test(type)) this.#endChunk();
      const progress = isOfSubagent ? undefined : progressIn(value);
      if (progress && this.#blocks.tell(progress)) return;
      return this.#passOn(type, value);
    }
    if (schema === undefined) return void this.readOther(value, type);
    const event = checked(schema, value, type, frame);
    if (this.writer.ended !== undefined && event.type !== 'RUN_STARTED') return this.pass('stray');
    if (!type.endsWith('_CHUNK') && type !== 'REASONING_ENCRYPTED_VALUE') this.#endChunk();
    this.#take(event, value);
  }

  #take(event: AgUiContentEvent, value: Json): void {
    switch (event.type) {
      case 'RUN_STARTED':
        return this.#begin(event);
      case 'RUN_FINISHED':
        return this.#finish(event, value);
      case 'TEXT_MESSAGE_START':
        if (isOther(event.role)) this.#others.add(event.messageId);
        if (this.#others.has(event.messageId)) return this.#passOn(event.type, value);
        return this.#say(this.#blocks.start('text', event.messageId));
      case 'TEXT_MESSAGE_CONTENT':
        if (this.#others.has(event.messageId)) return this.#passOn(event.type, value);
        return this.#blocks.grow('text', event.messageId, event.delta);
      case 'TEXT_MESSAGE_END':
        if (this.#others.delete(event.messageId)) return this.#passOn(event.type, value);
        return this.#say(this.#blocks.end('text', event.messageId, abortIn(event)));
      case 'TEXT_MESSAGE_CHUNK':
        if (!this.#isOfOther(event)) return this.#blocks.chunk('text', event.messageId, event.delta);
        this.#blocks.endChunk();
        return this.#passOn(event.type, value);
      case 'TOOL_CALL_START': {
        const { toolCallId, toolCallName: name, parentMessageId: parent } = event;
        return this.#say(this.#blocks.startCall(toolCallId, { name, parent }));
      }
      case 'TOOL_CALL_ARGS':
        // It only spoils an input that would look whole.
        if (abortIn(event) !== undefined) return;
        // Its start was lost.
        if (this.writer.hasLoss && !this.#blocks.isOpen('call', event.toolCallId))
          return this.pass('malformed');
        return this.#blocks.grow('call', event.toolCallId, event.delta);
      case 'TOOL_CALL_END':
        return this.#say(this.#blocks.end('call', event.toolCallId, abortIn(event)));
      case 'TOOL_CALL_CHUNK': {
        const { toolCallId, toolCallName: name, parentMessageId: parent, delta } = event;
        return this.#blocks.chunk('call', toolCallId, delta, { name, parent });
      }
      case 'TOOL_CALL_RESULT':
        return this.#answer(event, value);
      case 'REASONING_ENCRYPTED_VALUE':
        return this.#sign(event, value);
      case 'REASONING_MESSAGE_START':
        return this.#say(this.#blocks.start('thinking', event.messageId));
      case 'REASONING_MESSAGE_CONTENT':
        return this.#blocks.grow('thinking', event.messageId, event.delta);
      case 'REASONING_MESSAGE_END':
        return this.#say(this.#blocks.end('thinking', event.messageId, abortIn(event)));
      case 'REASONING_MESSAGE_CHUNK':
        return this.#blocks.chunk('thinking', event.messageId, event.delta);
      case 'THINKING_TEXT_MESSAGE_START':
        return this.#say(this.#blocks.start('thinking', NO_ID));
      case 'THINKING_CONTENT':
      case 'THINKING_TEXT_MESSAGE_CONTENT':
        return this.#blocks.grow('thinking', NO_ID, event.delta);
      case 'THINKING_TEXT_MESSAGE_END':
        return this.#say(this.#blocks.end('thinking', NO_ID));
      case 'THINKING_END':
        this.#blocks.end('thinking', NO_ID);
        return;
      default:
      // A span of reasoning says nothing that its messages do not say.
    }
  }

  #begin({ runId, threadId, metadata }: Of<'RUN_STARTED'>): void {
    if (this.writer.hasBegun) {
      if (runId && runId === this.writer.id) return this.pass('stray');
      throw this.writer.contradiction('A run began before the one before it had ended');
    }
    this.#forget();
    this.writer.begin({ id: runId, threadId, model: asText(metadata?.['model']) || undefined });
  }

  #finish({ outcome, usage, metadata }: Of<'RUN_FINISHED'>, { result }: Json): void {
    const { writer } = this;
    if (!writer.hasBegun) return this.pass('stray');
    const isCancelled = outcome?.type === 'cancelled';
    if (isCancelled) writer.abortAll('The run was cancelled');
    const isWaiting = this.#blocks.conclude(CUT_OFF);
    const interrupts = outcome?.type === 'interrupt' ? (outcome.interrupts ?? []) : [];
    for (const { toolCallId } of interrupts) if (toolCallId) this.#blocks.ask(toolCallId);
    if (usage) writer.learn(factsOf(usage));
    const isAsked = outcome?.type === 'interrupt' || (outcome?.pendingToolCallIds ?? []).length > 0;
    const derived = isCancelled ? 'cancelled' : isAsked || isWaiting ? 'tool_use' : 'end_turn';
    writer.learn({
      stop: asText(metadata?.['stop_reason']) || derived,
      stop_sequence: asText(metadata?.['stop_sequence']) || undefined,
      interrupts: interrupts.every(isPlain) ? undefined : interrupts,
      result,
    });
    writer.conclude();
    this.#forget();
  }

  #answer(event: Of<'TOOL_CALL_RESULT'>, value: Json): void {
    // It only says to others that the call was given up.
    if (abortIn(event) !== undefined) return;
    const { toolCallId, content, type } = event;
    const { is_error, cancelled }: Json = event.metadata ?? {};
    const result = events.toolResult(
      toolCallId,
      content ?? '',
      typeof is_error === 'boolean' ? is_error : undefined,
    );
    if (!this.#blocks.tell(cancelled === true ? { ...result, cancelled } : result)) this.#passOn(type, value);
  }

  #sign({ subtype, entityId, encryptedValue, type }: Of<'REASONING_ENCRYPTED_VALUE'>, value: Json): void {
    const kind = subtype === 'message' ? 'message' : 'call';
    const isKnown = subtype === 'message' || subtype === 'tool-call';
    if (isKnown && this.#blocks.sign(kind, entityId, encryptedValue)) return;
    this.#blocks.release();
    this.#passOn(type, value);
  }

  protected override readError(value: Json): void {
    const { usage } = value;
    if (this.writer.hasBegun && Array.isArray(usage)) this.writer.learn(factsOf(usage.filter(isUsage)));
    this.fail(failureIn(value));
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#forget();
  }

  #say(hasEffect: boolean): void {
    if (!hasEffect) this.pass('stray');
  }

  #passOn(type: string, value: Json): void {
    this.writer.emit(events.unknown(type, value));
  }

  /** Whether a chunk is of another than the assistant: only the first of a message says whose it is. */
  #isOfOther({ messageId: id, role }: Of<'TEXT_MESSAGE_CHUNK'>): boolean {
    const goesOn = !role && (!id || id === this.#other);
    const isOfOther = goesOn ? this.#other !== undefined : isOther(role) || this.#others.has(id ?? '');
    this.#other = isOfOther ? id || this.#other || '' : undefined;
    return isOfOther;
  }

  #endChunk(): void {
    this.#blocks.endChunk();
    this.#other = undefined;
  }

  #forget(): void {
    this.#blocks.forget();
    this.#others.clear();
    this.#other = undefined;
  }
}

function isOther(role: string | null | undefined): boolean {
  return Boolean(role) && role !== 'assistant';
}

/** Why a block was given up, where an encoder of this library wrote it. */
function abortIn({ metadata }: { readonly metadata?: Json | null }): string | undefined {
  const aborted = metadata?.['aborted'];
  return typeof aborted === 'string' ? aborted : undefined;
}
