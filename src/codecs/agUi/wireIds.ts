import type { ReadBlock, ReadCall } from '../kit/messageReader.js';
import type { AgUiBlockFields } from './wire.js';

/** A block as the wire calls it. */
export interface Named {
  readonly kind: 'text' | 'thinking' | 'call';
  readonly id: string;
}

/** Whether this is an id that {@link WireIds} made: it says nothing more than the place of a block. */
export function isMade(id: string): boolean {
  return /_b\d+$/.test(id);
}

/**
 * The ids of what is written. Clients take a message, or a call, whose id they know for the rest of that: so no two have
 * the same.
 */
export class WireIds {
  /** How many runs of the stream had an id. */
  readonly #runs = new Map<string, number>();
  /** The blocks that are open. */
  readonly #open = new Map<ReadBlock, Named>();
  /** The calls of the stream. */
  readonly #calls = new Set<string>();
  /** The calls of an id that have no result. */
  readonly #unanswered = new Map<string, readonly string[]>();
  #prefix = '';
  #blocks = 0;
  #results = 0;
  #parent: string | undefined;

  beginRun(runId: string): void {
    const before = this.#runs.get(runId) ?? 0;
    this.#runs.set(runId, before + 1);
    // What has no id anywhere must not be taken for a message of an earlier answer.
    const prefix = runId || `run_${Math.random().toString(36).slice(2)}`;
    this.#prefix = before === 0 || runId === '' ? prefix : `${prefix}.${before + 1}`;
    this.#blocks = 0;
    this.#results = 0;
  }

  /** Another message begins: its calls are its own. */
  beginMessage(): void {
    this.#open.clear();
    this.#parent = undefined;
  }

  /** @returns the id of the message of its own that a text, or a thinking, is */
  message(read: ReadBlock, kind: 'text' | 'thinking'): string {
    const { messageId }: AgUiBlockFields = read.block as object;
    const made = this.#block();
    const isOpen = [...this.#open.values()].some((other) => other.kind !== 'call' && other.id === messageId);
    const id = isOpen ? made : messageId || made;
    this.#open.set(read, { kind, id });
    if (kind === 'text') this.#parent = id;
    return id;
  }

  /** @returns the id of a call, and of the message that it belongs to: the last text of the reply, or one of its own */
  call(read: ReadCall): { readonly toolCallId: string; readonly parentMessageId: string } {
    const { parentMessageId }: AgUiBlockFields = read.block as object;
    const { id } = read.block;
    const made = this.#block();
    const toolCallId = id === '' || this.#calls.has(id) ? `${id}${made}` : id;
    this.#calls.add(toolCallId);
    this.#unanswered.set(id, [...(this.#unanswered.get(id) ?? []), toolCallId]);
    this.#open.set(read, { kind: 'call', id: toolCallId });
    this.#parent ??= made;
    return { toolCallId, parentMessageId: parentMessageId || this.#parent };
  }

  /** The blocks that are written and have no end. */
  get open(): readonly ReadBlock[] {
    return [...this.#open.keys()];
  }

  /** A block that is open; `undefined` for one that is not written. */
  of(read: ReadBlock): Named | undefined {
    return this.#open.get(read);
  }

  close(read: ReadBlock): void {
    this.#open.delete(read);
  }

  /** The call of an id that waits for its result: of several the first, and then the last. */
  callOf(id: string): string {
    return this.#unanswered.get(id)?.[0] ?? id;
  }

  /** The call of an id has its result. */
  answered(id: string): void {
    const [, ...others] = this.#unanswered.get(id) ?? [];
    if (others.length > 0) this.#unanswered.set(id, others);
  }

  /** @returns the id of the message that holds the next result */
  result(): string {
    return `${this.#prefix}_r${this.#results++}`;
  }

  #block(): string {
    return `${this.#prefix}_b${this.#blocks++}`;
  }
}
