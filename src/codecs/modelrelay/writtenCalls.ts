import type { AnyContentBlock } from '../../events/block.js';
import type { RelayToolCall, RelayToolCallDelta } from './records.js';

type ToolUse = Extract<AnyContentBlock, { readonly type: 'tool_use' }>;

/** A call as far as it is written. */
interface WrittenCall {
  readonly place: number;
  readonly id: string;
  readonly name: string;
  /** What the block began with. */
  readonly input: unknown;
  json: string;
  /** Whether an earlier attempt told it: only its end is told again. */
  readonly isRepeated: boolean;
}

/** The calls of one message as they are written: which block is which, and how they end. */
export class WrittenCalls {
  readonly #open = new Map<number, WrittenCall>();
  readonly #finished: RelayToolCall[] = [];
  readonly #byId = new Map<string, RelayToolCall>();
  /** The ids of the attempts before this one. */
  readonly #earlier: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  #nextPlace: number;

  /** @param before - the calls of an attempt that failed */
  constructor(before?: WrittenCalls) {
    this.#earlier = new Set(before === undefined ? [] : [...before.#earlier, ...before.#ids]);
    this.#nextPlace = before === undefined ? 0 : before.#nextPlace;
  }

  /** Whether a call has begun, in whatever attempt. */
  get hasAny(): boolean {
    return this.#nextPlace > 0;
  }

  /** The calls that have ended, in the order they did. */
  get allFinished(): readonly RelayToolCall[] {
    return this.#finished;
  }

  /** The call of this id, if it has ended. */
  finished(id: string): RelayToolCall | undefined {
    return this.#byId.get(id);
  }

  /** @returns what to write of it; `undefined` where it was written before */
  start(index: number, { id, name, input }: ToolUse): RelayToolCallDelta | undefined {
    const isRepeated = this.#earlier.has(id);
    const place = this.#nextPlace;
    if (!isRepeated) this.#nextPlace += 1;
    this.#open.set(index, { place, id, name, input, json: '', isRepeated });
    this.#ids.add(id);
    return isRepeated ? undefined : { index: place, id, type: 'function', function: { name } };
  }

  /** @returns what to write of it; `undefined` where the block is no such call, or was written before */
  grow(index: number, piece: string): RelayToolCallDelta | undefined {
    const call = this.#open.get(index);
    if (call === undefined) return undefined;
    call.json += piece;
    return call.isRepeated ? undefined : { index: call.place, function: { arguments: piece } };
  }

  /** @returns the finished call; `undefined` where the block is no call */
  stop(index: number): RelayToolCall | undefined {
    const call = this.#open.get(index);
    if (call === undefined) return undefined;
    this.#open.delete(index);
    const json = call.json || JSON.stringify(call.input ?? {});
    const finished: RelayToolCall = {
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: json },
    };
    this.#finished.push(finished);
    this.#byId.set(call.id, finished);
    return finished;
  }

  /** Gives a call up: it will be missing among those that are finished. */
  abort(index: number): void {
    this.#open.delete(index);
  }
}
