import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import { isObject } from '../kit/json.js';
import type { WorkerBlockStop, WorkerBlockType, WorkerEvent, WorkerReasoning } from './event.js';
import * as workerEvents from './workerEvents.js';

/** A block while it is written. */
export class OpenBlock {
  readonly index: number;
  readonly type: WorkerBlockType;
  /** What begins it. */
  readonly begun: readonly WorkerEvent[];
  /** The whole input of a call, where it comes with its start. */
  #input: string | undefined;
  #reasoning: WorkerReasoning | undefined;

  private constructor(index: number, type: WorkerBlockType, begun: readonly WorkerEvent[]) {
    this.index = index;
    this.type = type;
    this.begun = begun;
  }

  /**
   * @param index - its index on the wire
   * @param content - the block as its start has it
   * @returns the block; `undefined` for one that the crate has no type for
   */
  static of(index: number, content: AnyContentBlock): OpenBlock | undefined {
    switch (content.type) {
      case 'text': {
        const text = piece(content.text, (text) => workerEvents.textDelta(index, text));
        return new OpenBlock(index, 'Text', [workerEvents.textBlockStart(index), ...text]);
      }
      case 'thinking': {
        const thinking = piece(content.thinking, (text) => workerEvents.thinkingDelta(index, text));
        const block = new OpenBlock(index, 'Thinking', [workerEvents.thinkingBlockStart(index), ...thinking]);
        if (content.signature) block.#reasoning = { signature: content.signature };
        return block;
      }
      case 'redacted_thinking': {
        const block = new OpenBlock(index, 'Thinking', [workerEvents.thinkingBlockStart(index)]);
        block.#reasoning = { encrypted_content: content.data };
        return block;
      }
      case 'tool_use': {
        const { id, name, input } = content;
        const block = new OpenBlock(index, 'ToolUse', [workerEvents.toolUseStart(index, id, name)]);
        if (isSaid(input)) block.#input = JSON.stringify(input);
        return block;
      }
      default:
        // A call that the provider runs would be run once more, and the rest has no type in the crate.
        return undefined;
    }
  }

  /** Lets it grow; what the crate has no place for is left out. */
  grow(delta: AnyContentBlockDelta): readonly WorkerEvent[] {
    const { index, type } = this;
    switch (delta.type) {
      case 'text_delta':
        return type === 'Text' ? [workerEvents.textDelta(index, delta.text)] : [];
      case 'thinking_delta':
        return type === 'Thinking' ? [workerEvents.thinkingDelta(index, delta.thinking)] : [];
      case 'signature_delta':
        if (type === 'Thinking') this.#reasoning = { ...this.#reasoning, signature: delta.signature };
        return [];
      case 'input_json_delta':
        if (type !== 'ToolUse') return [];
        // No text at all stands for the input of the start.
        if (delta.partial_json !== '') this.#input = undefined;
        return [workerEvents.toolInputDelta(index, delta.partial_json)];
      default:
        return [];
    }
  }

  /** What is left to be written before it stops. */
  get rest(): readonly WorkerEvent[] {
    return this.#input === undefined ? [] : [workerEvents.toolInputDelta(this.index, this.#input)];
  }

  /** Its stop, without a stop reason. */
  get stop(): WorkerBlockStop {
    const { index, type: block_type } = this;
    return this.#reasoning === undefined
      ? { index, block_type }
      : { index, block_type, reasoning: this.#reasoning };
  }
}

function piece(text: string, event: (text: string) => WorkerEvent): readonly WorkerEvent[] {
  return text === '' ? [] : [event(text)];
}

/** Whether an input is more than the `{}` that stands for what is still to come. */
function isSaid(input: unknown): boolean {
  return isObject(input) ? Object.keys(input).length > 0 : (input ?? null) !== null;
}
