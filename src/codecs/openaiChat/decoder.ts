import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { ChatContent } from './content.js';
import { failureIn, isFiltered, reasoningIn } from './said.js';
import { countsTokens, factsOf } from './usage.js';
import { chatChunkSchema, DONE, FIELDS, isChunk, stopReasons } from './wire.js';
import type { ChatChoice, ChatChunk, ChatFields, ChatUsage } from './wire.js';

/** Reads the chunks of one stream. The rules are those of the codec `openaiChat`. */
export class ChatDecoder extends MessageDecoder {
  #content = new ChatContent(this.writer);
  /** What was counted last. It is read once, at the end: some providers count with every chunk. */
  #usage: ChatUsage | undefined;
  /** Whether the chunk that says nothing but the usage came after the reason: nothing more of this answer follows. */
  #isCounted = false;
  #hasModel = false;
  /** The fields of the message, as they were said last. */
  #fields: Json = {};
  /** The id of the last chunk. */
  #id = '';

  override next(frame: Frame): readonly StreamEvent[] {
    if (frame.data !== DONE) return super.next(frame);
    this.writer.at(frame);
    if (this.writer.hasBegun) this.#conclude();
    else this.pass('stray');
    return this.writer.take();
  }

  /** Some providers leave `[DONE]` out: a reason is a sign too. Without one, the answer is cut off. */
  override end(): readonly StreamEvent[] {
    if (this.writer.hasBegun && this.writer.reason !== null) this.#conclude();
    return this.writer.take();
  }

  protected override read(value: Json, frame: Frame): void {
    if (value['error']) {
      this.#readLast(value, frame);
      return this.readError(value);
    }
    const { event } = frame;
    if (!isChunk(value, isName(event) ? event : undefined)) return this.#readStranger(value, frame);
    this.#readChunk(checked<ChatChunk>(chatChunkSchema, value, 'chunk', frame));
  }

  /** The chunk that says what went wrong may hold the last of the text. */
  #readLast({ error: _, ...value }: Json, frame: Frame): void {
    const { choices } = value;
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const delta = isObject(choice) ? choice['delta'] : undefined;
    const content = isObject(delta) ? delta['content'] : undefined;
    if (!isText(content)) return;
    const chunk = { ...value, choices: [{ delta: { content } }] };
    this.#readChunk(checked<ChatChunk>(chatChunkSchema, chunk, 'chunk', frame));
  }

  #readStranger(value: Json, frame: Frame): void {
    const name = [frame.event, value['object'], value['type']].find(isName);
    // An encoder puts in an empty list, so that clients who look for choices find none.
    const { choices: _, ...data } = value;
    if (this.readOther(value, name, data)) return;
    throw malformedFrame(frame, 'The chunk has neither choices nor an object');
  }

  protected override readError(value: Json): void {
    const usage = value['usage'] as ChatUsage | undefined;
    if (countsTokens(usage)) this.#usage = usage;
    this.fail(failureIn(value));
  }

  protected override fail(error: ErrorEvent): void {
    if (this.writer.hasBegun) this.#count();
    super.fail(error);
    this.#forget();
  }

  #readChunk(chunk: ChatChunk): void {
    const { id, choices } = chunk;
    const choice = choices?.length === 1 && !choices[0]?.index ? choices[0] : this.#ownOf(chunk);
    // What says nothing of the one answer that is read.
    if (choice === undefined && choices?.length) return;
    if (this.writer.ended !== undefined && !this.#beginsAnother(chunk, choice)) return this.pass('stray');
    if (this.writer.reason !== null && this.#beginsAnother(chunk, choice)) this.#conclude();
    if (!this.#enter(chunk, choice)) return;
    if (id) this.#id = id;
    if (choice) this.#readChoice(choice);
    this.#noteUsage(chunk, choice);
  }

  /** The answer's own choice. All others pass by themselves. */
  #ownOf(chunk: ChatChunk): ChatChoice | undefined {
    let own: ChatChoice | undefined;
    for (const choice of chunk.choices ?? []) {
      if (!choice.index) own = choice;
      else this.writer.emit(events.unknown('choice', { ...chunk, choices: [choice] }));
    }
    return own;
  }

  /**
   * Whether a chunk begins another answer, after one that has ended or said its reason: it says something and has an id
   * of its own, or it begins as answers do where nothing more of the last one can follow.
   */
  #beginsAnother({ id, usage }: ChatChunk, choice: ChatChoice | undefined): boolean {
    const { delta } = choice ?? {};
    const isFirst = Boolean(delta?.role) && !delta?.content && !choice?.finish_reason && !usage;
    if (id && id !== this.#id) return isFirst || saysSome(choice);
    return isFirst && (this.#isCounted || this.writer.ended !== undefined);
  }

  /** Begins the message that the chunk belongs to, unless it has begun. One that says nothing at all belongs to none. */
  #enter(chunk: ChatChunk, choice: ChatChoice | undefined): boolean {
    const { id, model } = chunk;
    const isFirst = !this.writer.hasBegun;
    if (isFirst && !id && choice === undefined && !chunk.usage) return false;
    if (model && !this.#hasModel) {
      this.#hasModel = true;
      this.writer.learn({ model });
    }
    // Most chunks hold a piece of text, and what they say of the message was said before.
    const { citations, search_results: found } = chunk as ChatFields;
    if (isFirst || citations || found || !choice || choice.finish_reason) this.#noteFields(chunk);
    if (isFirst) this.writer.begin({ id });
    return true;
  }

  #noteFields(chunk: object): void {
    const said = chunk as Json;
    for (const name of FIELDS) {
      // A time of 0 is none.
      if (said[name] && said[name] !== this.#fields[name]) this.#learn(name, said[name]);
    }
  }

  #learn(name: string, value: unknown): void {
    this.#fields = { ...this.#fields, [name]: value };
    this.writer.learn({ [name]: value });
  }

  #readChoice(choice: ChatChoice): void {
    const { delta, message, text } = choice;
    if (delta) this.#content.grow(delta);
    else if (message) this.#content.settle(message);
    else if (text) this.#content.flow('text', text);
    const tools = (delta as Json | undefined)?.['executed_tools'];
    if (tools) this.#learn('executed_tools', tools);
    const { finish_reason: reason, content_filter_results: filtered } = choice;
    if (reason) this.#stop(choice, reason);
    if (filtered && isFiltered(filtered)) {
      this.writer.emit(events.unknown('content_filter_results', filtered));
    }
  }

  #stop(choice: ChatChoice, reason: string): void {
    const { stop_reason, matched_stop } = choice;
    const met = [stop_reason, matched_stop].find(isText);
    const native = (choice as Json)['native_finish_reason'];
    if (native) this.writer.learn({ native_finish_reason: native });
    if (reason === 'stop' && met !== undefined) {
      return this.writer.learn({ stop: 'stop_sequence', stop_sequence: met });
    }
    this.writer.learn({ stop: stopReasons.ours(reason) });
  }

  #noteUsage({ usage, x_groq, choices }: ChatChunk, choice: ChatChoice | undefined): void {
    if (usage || x_groq || choice?.usage) {
      const said = [usage, x_groq?.usage, choice?.usage];
      const found = said.find(countsTokens) ?? said.find(Boolean);
      if (found && (this.#usage === undefined || countsTokens(found))) this.#usage = found;
    }
    if (usage && !choices?.length && this.writer.reason !== null) this.#isCounted = true;
  }

  #count(): void {
    if (this.#usage !== undefined) this.writer.learn(factsOf(this.#usage));
  }

  #conclude(): void {
    this.#content.conclude();
    this.#count();
    this.writer.conclude();
    this.#forget();
  }

  #forget(): void {
    this.#content = new ChatContent(this.writer);
    this.#usage = undefined;
    this.#isCounted = false;
    this.#hasModel = false;
    this.#fields = {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether this names an event. `message` is the name of frames that have none. */
function isName(value: unknown): value is string {
  return isText(value) && value !== 'message';
}

/** Whether a choice says anything of its answer. */
function saysSome(choice: ChatChoice | undefined): boolean {
  const said = choice?.delta ?? choice?.message;
  if (!said) return Boolean(choice?.text);
  return Boolean(said.content || said.refusal || reasoningIn(said) || said.tool_calls?.length);
}
