import { StreamError } from '../../errors/streamError.js';
import type { Message } from '../../events/message.js';
import type { Frame } from '../../wire/frame.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { ReadBlock, ReadCall, Reading } from '../kit/messageReader.js';
import { Asides } from './asides.js';
import { runErrorOf } from './failure.js';
import { progressOf } from './progress.js';
import { toolContentOf } from './toolContent.js';
import type { AgUiFields } from './wire.js';
import { WireIds } from './wireIds.js';
import { WrittenRun } from './writtenRun.js';

/** What the request says of the run that answers it. */
export interface AgUiRun {
  /** The conversation that the run belongs to. Default: the one that the message names, or none. */
  readonly threadId?: string | undefined;
  /** The id of the run, which then is all of the stream. Default: a run for each message, of its id. */
  readonly runId?: string | undefined;
}

/** Far more than tools, and gateways with events of their own, say before an answer. */
const MOST_EARLY = 1_000;

const GIVEN_UP = 'This call was given up before it was whole';

/** Writes the events of one stream. The rules are those of the codec `agUi`. */
export class AgUiEncoder extends MessageEncoder {
  readonly #given: AgUiRun;
  readonly #ids = new WireIds();
  readonly #asides = new Asides();
  #run: WrittenRun | undefined;
  /** What came before the first run. */
  #early: Reading[] = [];
  #hasFailed = false;

  constructor(given: AgUiRun = {}) {
    super();
    this.#given = given;
  }

  override end(): readonly Frame[] {
    this.#finish();
    return super.end();
  }

  protected override write(reading: Reading): void {
    // A run that failed is over, and with it all that the client waits for.
    if (this.#hasFailed && this.#given.runId !== undefined) return;
    switch (reading.type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'open':
        return this.#open(reading.block);
      case 'text':
        return this.#grow(reading.block, 'TEXT_MESSAGE_CONTENT', reading.piece);
      case 'thinking':
        return this.#grow(reading.block, 'REASONING_MESSAGE_CONTENT', reading.piece);
      case 'delta':
        if (reading.delta.type === 'signature_delta') this.#sign(reading.block, reading.delta.signature);
        return;
      case 'close':
        return this.#close(reading.block);
      case 'call':
        return this.#call(reading.call);
      case 'input':
        return this.#put(reading.call, 'TOOL_CALL_ARGS', { delta: reading.piece });
      case 'whole':
        return this.#endCall(reading.call, reading.json);
      case 'abort':
        return this.#abort(reading.block, reading.reason);
      case 'facts':
        return this.#run?.learn(reading.members);
      case 'end':
        return this.#run?.end(reading.ending);
      case 'failure':
        return this.#fail(reading);
      case 'result':
      case 'progress':
      case 'approval':
      case 'unknown':
        if (this.#run === undefined) this.#wait(reading);
        else this.#add(reading);
        return;
      default:
    }
  }

  /** Keeps what belongs to a run, and cannot stand before one. */
  #wait(reading: Reading): void {
    if (this.#early.length >= MOST_EARLY) {
      throw new StreamError('limit', `More than ${MOST_EARLY} events came before the first message`, {
        retryable: false,
      });
    }
    this.#early.push(reading);
  }

  #begin({ id, model, threadId }: Message & AgUiFields): void {
    const { runId = id } = this.#given;
    if (this.#given.runId === undefined) this.#finish();
    this.#ids.beginMessage();
    if (this.#run !== undefined) return this.#run.goOn(model);
    this.#ids.beginRun(runId);
    this.#run = new WrittenRun(this.#given.threadId ?? threadId ?? '', runId);
    this.put(this.#run.start(model));
    const early = this.#early;
    this.#early = [];
    for (const reading of early) this.#add(reading);
  }

  #open(read: ReadBlock): void {
    const { block } = read;
    if (block.type === 'text') {
      const messageId = this.#ids.message(read, 'text');
      this.put({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
      if (block.signature !== undefined) this.#sign(read, block.signature);
    } else if (block.type === 'thinking' || block.type === 'redacted_thinking') {
      const messageId = this.#ids.message(read, 'thinking');
      this.put({ type: 'REASONING_START', messageId });
      this.put({ type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' });
      const signature = block.type === 'thinking' ? block.signature : block.data;
      if (signature) this.#sign(read, signature);
    }
  }

  #call(read: ReadCall): void {
    const { name: toolCallName, signature } = read.block;
    const { toolCallId, parentMessageId } = this.#ids.call(read);
    this.put({ type: 'TOOL_CALL_START', toolCallId, toolCallName, parentMessageId });
    if (signature !== undefined) this.#sign(read, signature);
  }

  /** Writes more of a text. Readers before 1.0 refuse an empty piece. */
  #grow(read: ReadBlock, type: string, delta: string): void {
    if (delta !== '') this.#put(read, type, { delta });
  }

  #sign(read: ReadBlock, encryptedValue: string): void {
    const named = this.#ids.of(read);
    if (named === undefined) return;
    const subtype = named.kind === 'call' ? 'tool-call' : 'message';
    this.put({ type: 'REASONING_ENCRYPTED_VALUE', subtype, entityId: named.id, encryptedValue });
  }

  #endCall(call: ReadCall, json: string): void {
    const named = this.#ids.of(call);
    // An input that came with the start of the call.
    if (call.said === '' && json !== '{}' && json !== 'null')
      this.#put(call, 'TOOL_CALL_ARGS', { delta: json });
    if (named !== undefined && isJson(json)) this.#run?.wait(named.id);
    this.#close(call);
  }

  #close(read: ReadBlock, end: object = {}): void {
    const named = this.#ids.of(read);
    if (named?.kind === 'text') this.#put(read, 'TEXT_MESSAGE_END', end);
    if (named?.kind === 'call') this.#put(read, 'TOOL_CALL_END', end);
    if (named?.kind === 'thinking') {
      this.#put(read, 'REASONING_MESSAGE_END', end);
      this.#put(read, 'REASONING_END', {});
    }
    this.#ids.close(read);
  }

  /** Ends a block that was given up: a call so that nobody can take its input for whole, or waits for its result. */
  #abort(read: ReadBlock, reason: string): void {
    const named = this.#ids.of(read);
    const metadata = { aborted: reason };
    const isCall = named?.kind === 'call';
    if (isCall && isJson(read.said || '{}')) this.#put(read, 'TOOL_CALL_ARGS', { delta: '{', metadata });
    this.#close(read, { metadata });
    if (isCall) this.#result(named.id, GIVEN_UP, metadata);
  }

  /** Writes what belongs to no block. */
  #add(reading: Reading): void {
    switch (reading.type) {
      case 'unknown': {
        const event = this.#asides.written(reading.name, reading.data);
        return event && this.put(event);
      }
      case 'progress':
        return this.put(progressOf(this.#ids.callOf(reading.id), reading));
      case 'approval': {
        const toolCallId = this.#ids.callOf(reading.event.tool_use_id);
        this.#run?.ask(toolCallId, reading.event.state === 'requested');
        return this.put(progressOf(toolCallId, reading.event));
      }
      case 'result': {
        const { is_error, cancelled } = reading.event;
        const metadata = { ...(is_error !== undefined && { is_error }), ...(cancelled && { cancelled }) };
        const toolCallId = this.#ids.callOf(reading.id);
        this.#ids.answered(reading.id);
        this.#run?.answer(toolCallId);
        return this.#result(toolCallId, toolContentOf(reading.content), metadata);
      }
      default:
    }
  }

  #result(toolCallId: string, content: unknown, metadata: object): void {
    const said = Object.keys(metadata).length > 0 && { metadata };
    this.put({ type: 'TOOL_CALL_RESULT', messageId: this.#ids.result(), toolCallId, content, ...said });
  }

  #finish(): void {
    const ending = this.#run?.ending;
    if (this.#run === undefined || ending === undefined) return;
    for (const event of this.#asides.close()) this.put(event);
    this.put(this.#run.finished(ending));
    this.#run = undefined;
  }

  #fail({ event, ending }: Extract<Reading, { readonly type: 'failure' }>): void {
    if (this.#given.runId === undefined) this.#finish();
    for (const read of this.#ids.open) this.#abort(read, event.error.message);
    this.put(this.#run?.failed(event, ending) ?? runErrorOf(event));
    this.#run = undefined;
    this.#hasFailed = true;
    this.#asides.close();
  }

  #put(read: ReadBlock, type: string, members: object): void {
    const named = this.#ids.of(read);
    if (named === undefined) return;
    this.put({
      type,
      ...(named.kind === 'call' ? { toolCallId: named.id } : { messageId: named.id }),
      ...members,
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
