import { isKnownBlock } from '../../events/block.js';
import type { CitationsDelta } from '../../events/delta.js';
import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { callFlaw } from '../kit/callFlaw.js';
import { checked, malformedFrame } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import { blockOfMedium, isMedium } from './block.js';
import { factsOf } from './usage.js';
import { schemaOf, statuses } from './wire.js';
import type { Interaction, InteractionContent, InteractionStep, InteractionStepDelta } from './wire.js';

const CUT_OFF = 'The interaction ended inside this step';

/** A step as far as it is known. */
interface Step {
  /** What its block is called; it begins with what first comes of it, so there may be none yet. */
  key: string;
  readonly type: string;
  isOpen: boolean;
  /** A step of a tool that the API runs: its block comes whole. */
  held?: LooseBlock | undefined;
}

/** Reads the events of one stream. */
export class InteractionsDecoder extends MessageDecoder {
  readonly #steps = new Map<number, Step>();
  #blocks = 0;
  /** The calls of the caller's functions that nobody has answered. */
  readonly #calls = new Set<string>();

  override lose(frame: Frame, reason: string): void {
    super.lose(frame, reason);
    // A tool may have lost what it is called with.
    for (const step of this.#steps.values()) {
      if (step.held !== undefined) step.held = undefined;
    }
  }

  protected override read(value: Json, frame: Frame): void {
    const { event_type: name } = value;
    if (typeof name !== 'string' || name === '') {
      if (this.readOther(value, undefined)) return;
      throw malformedFrame(frame, 'The event has no event_type');
    }
    if (name === 'error') return this.readError(value);
    const schema = schemaOf(name);
    if (schema === undefined) return void this.readOther(value, name);
    const event = checked(schema, value, name, frame);
    if (event.event_type === 'interaction.created') return this.#create(event.interaction);
    // What follows the end says nothing any more.
    if (this.writer.ended !== undefined) return this.pass('stray');
    switch (event.event_type) {
      case 'step.delta':
        return this.#grow(this.#stepAt(event.index, event.delta), event.delta, value);
      case 'step.start':
        return this.#start(event.index, event.step, value);
      case 'step.stop':
        if (event.usage) this.writer.learn(factsOf(event.usage));
        return this.#stop(event.index);
      case 'interaction.completed':
        return this.#complete(event.interaction);
      default:
    }
  }

  #create({ id, model, agent }: Interaction): void {
    const { writer } = this;
    if (writer.hasBegun) {
      if (id && writer.id && id !== writer.id) {
        throw writer.contradiction('An interaction began before the one before it had ended');
      }
      if (this.#steps.size === 0) return this.pass('stray');
      writer.repeat('The interaction began again');
      this.#forget();
    }
    writer.begin({ id, model: model || agent });
  }

  #start(index: number, step: InteractionStep, value: Json): void {
    this.writer.begin();
    if (this.#steps.get(index)?.isOpen) throw this.writer.contradiction(`Step ${index} began twice`);
    const { type, id, name, signature, summary, content } = step;
    const begun: Step = { key: this.#nextKey(), type, isOpen: true };
    this.#steps.set(index, begun);
    if (type === 'thought') {
      this.writer.start(begun.key, 'thinking');
      for (const { text } of summary ?? []) if (text) this.writer.grow(begun.key, text);
      if (signature) this.writer.grow(begun.key, { type: 'signature_delta', signature });
    } else if (type === 'function_call') {
      this.#call(begun, id ?? '', name ?? '', signature);
      const { arguments: args } = step;
      if (isObject(args) && Object.keys(args).length > 0) this.writer.grow(begun.key, JSON.stringify(args));
    } else if (type === 'model_output') {
      for (const each of content ?? []) this.#take(begun, each);
    } else if (type === 'user_input' || isKnownBlock({ type })) {
      this.writer.emit(events.unknown(type, value));
    } else begun.held = step as object as LooseBlock;
    const { call_id } = step as Json;
    if (typeof call_id === 'string') this.#calls.delete(call_id);
  }

  #call({ key }: Step, id: string, name: string, signature: string | null | undefined): void {
    const block = events.toolUseStart(0, id, name).content_block;
    const flaw = callFlaw(id, name);
    this.writer.start(key, signature ? { ...block, signature } : block, flaw);
    if (flaw === undefined) this.#calls.add(id);
  }

  /** Takes a content that stands in the step: each is a block of its own. */
  #take(step: Step, content: InteractionContent): void {
    if (isMedium(content.type)) return this.#show(step, content);
    if (content.type !== 'text') return this.writer.emit(events.unknown(content.type, content));
    this.#endText(step);
    this.writer.start(step.key, 'text');
    if (content.text) this.writer.grow(step.key, content.text);
    this.#cite(step, content.annotations);
  }

  #grow(step: Step, delta: InteractionStepDelta, value: Json): void {
    const { type, text, content, signature, annotations } = delta;
    switch (type) {
      case 'text':
        this.#open(step, 'text');
        return this.writer.grow(step.key, text ?? '');
      case 'text_annotation_delta':
        this.#open(step, 'text');
        return this.#cite(step, annotations);
      case 'thought_summary':
        this.#open(step, 'thinking');
        if (content && content.type !== 'text') return this.writer.emit(events.unknown(type, value));
        return this.writer.grow(step.key, content?.text ?? '');
      case 'thought_signature':
        this.#open(step, 'thinking');
        if (typeof signature === 'string') this.writer.grow(step.key, { type: 'signature_delta', signature });
        return;
      case 'arguments_delta': {
        const { arguments: piece } = delta;
        if (!this.writer.isOpen(step.key)) this.#call(step, '', '', undefined);
        if (typeof piece === 'string') this.writer.grow(step.key, piece);
        return;
      }
      default:
        if (isMedium(type)) return this.#show(step, delta);
        if (type === step.type && step.held) step.held = { ...step.held, ...delta };
        else this.writer.emit(events.unknown(type, value));
    }
  }

  /** Begins the block that a piece is of, unless it has begun. */
  #open(step: Step, kind: 'text' | 'thinking'): void {
    if (!this.writer.isOpen(step.key)) this.writer.startUnasked(step.key, kind);
  }

  #cite({ key }: Step, annotations: readonly Json[] | null | undefined): void {
    for (const annotation of annotations ?? []) {
      // A citation of another provider passes as it came.
      const citation = annotation as object as CitationsDelta['citation'];
      this.writer.grow(key, { type: 'citations_delta', citation });
    }
  }

  /** A text that follows another content is another block. */
  #endText(step: Step): void {
    if (!this.writer.isOpen(step.key)) return;
    this.writer.stop(step.key);
    step.key = this.#nextKey();
  }

  #show(step: Step, medium: InteractionContent | InteractionStepDelta): void {
    this.#endText(step);
    this.#put(blockOfMedium(medium));
  }

  #put(block: LooseBlock): void {
    const key = this.#nextKey();
    this.writer.start(key, block);
    this.writer.stop(key);
  }

  /** The step that a delta is of; one that was not announced begins. */
  #stepAt(index: number, { type }: InteractionStepDelta): Step {
    this.writer.begin();
    const known = this.#steps.get(index);
    if (known?.isOpen) return known;
    if (known) throw this.writer.contradiction(`Step ${index} grew after its end`);
    const step: Step = { key: this.#nextKey(), type, isOpen: true };
    this.#steps.set(index, step);
    return step;
  }

  #stop(index: number): void {
    const step = this.#steps.get(index);
    if (!step?.isOpen) return this.pass('stray');
    step.isOpen = false;
    if (step.held) this.#put(step.held);
    else if (this.writer.isOpen(step.key)) this.writer.stop(step.key);
  }

  #complete({ id, model, agent, status, usage, steps }: Interaction): void {
    const { writer } = this;
    writer.begin({ id, model: model || agent });
    if (usage) writer.learn(factsOf(usage));
    // They may be all that is said of the answer.
    if (this.#steps.size === 0) {
      for (const [index, step] of (steps ?? []).entries()) {
        this.#start(index, step, step);
        this.#stop(index);
      }
    }
    for (const { type, key } of this.#steps.values()) {
      const isCall = type === 'function_call' || type === 'arguments_delta';
      if (isCall && writer.isOpen(key)) writer.abort(key, CUT_OFF);
    }
    if (status === 'failed') return this.fail(events.error('api_error', 'The interaction failed'));
    const stop = statuses.ours(status || 'completed');
    writer.learn({ stop: stop === 'end_turn' && this.#calls.size > 0 ? 'tool_use' : stop });
    writer.conclude();
    this.#forget();
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#forget();
  }

  #forget(): void {
    this.#steps.clear();
    this.#calls.clear();
  }

  #nextKey(): string {
    this.#blocks += 1;
    return `block:${this.#blocks}`;
  }
}
