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
  /** The texts and thinking that are open, as the wire calls them. */
  readonly #saying = new Set<string>();
  /** The calls of an id, and which of them waits for its result: of several the first, and then the last. */
  readonly #waiting = new Map<string, { readonly calls: string[]; next: number }>();
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
    this.#saying.clear();
    this.#parent = undefined;
  }

  /** @returns the id of the message of its own that a text, or a thinking, is */
  message(read: ReadBlock, kind: 'text' | 'thinking'): string {
    const { messageId }: AgUiBlockFields = read.block as object;
    const made = this.#block();
    const id = this.#saying.has(messageId ?? '') ? made : messageId || made;
    this.#open.set(read, { kind, id });
    this.#saying.add(id);
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
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) this.#waiting.set(id, { calls: [toolCallId], next: 0 });
    else waiting.calls.push(toolCallId);
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
    const named = this.#open.get(read);
    if (named !== undefined && named.kind !== 'call') this.#saying.delete(named.id);
    this.#open.delete(read);
  }

  /** The call of an id that waits for its result. */
  callOf(id: string): string {
    const waiting = this.#waiting.get(id);
    return waiting?.calls[waiting.next] ?? id;
  }

  /** The call of an id has its result. */
  answered(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined && waiting.next < waiting.calls.length - 1) waiting.next++;
  }

  /** @returns the id of the message that holds the next result */
  result(): string {
    return `${this.#prefix}_r${this.#results++}`;
  }

  #block(): string {
    return `${this.#prefix}_b${this.#blocks++}`;
  }
}
