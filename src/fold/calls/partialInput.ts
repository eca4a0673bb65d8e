import type { JsonGrowth } from '../../json/growth.js';
import type { JsonSnapshot } from '../../json/snapshot.js';
import type { JsonValue } from '../../json/value.js';
import type { Draft } from '../message/draft.js';
import type { CallOf } from '../message/callOf.js';
import type { InputReader } from './inputReader.js';
import type { InputStates } from './toolInput.js';

/** The growth of what did not grow. */
export const NOTHING_NEW: readonly JsonGrowth[] = [];

type Shown = CallOf<string> & { readonly status: 'partial'; readonly json: string };

type Partial = Extract<InputStates<string, JsonValue>, { status: 'partial' }>;

/**
 * An input while it grows. Making a value of it, and finding out what grew, costs more than reading the text, so both
 * wait until they are asked for; a screen asks for one in a hundred.
 *
 * It is a proxy because nothing else is both: as cheap as that, and like a plain object, all of whose members a copy, a
 * comparison and `JSON.stringify` see. Own accessors do that too, at a third of the cost of decoding the event; accessors
 * of a prototype cost nothing, and are missing from every copy.
 *
 * @param draft - the block of the call, while it is open
 * @param call - which call it is
 */
export function partialInput(draft: Draft<InputReader>, call: CallOf<string>): Partial {
  return new Proxy(new PartialInput(draft, call), VIEW) as Partial;
}

/** What could be read of an input, and before anything could, what it began with: `{}` as a rule. */
export function inputSoFar(snapshot: JsonSnapshot | undefined, start: Draft['start']): unknown {
  return snapshot?.value ?? ('input' in start ? start.input : undefined);
}

// Node's `inspect` looks through a proxy at its target; it asks the proxy how it wants to be drawn.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

class PartialInput implements Shown {
  readonly #call: CallOf<string>;
  readonly #start: Draft['start'];
  readonly #snapshot: JsonSnapshot | undefined;
  readonly #settled: string;
  readonly #recent: string;
  #isWhole = false;

  constructor({ input, start }: Draft<InputReader>, call: CallOf<string>) {
    this.#call = call;
    this.#start = start;
    this.#snapshot = input?.snapshot;
    this.#settled = input === undefined ? '' : input.text.settled;
    this.#recent = input === undefined ? '' : input.text.recent;
  }

  get type(): Shown['type'] {
    return this.#call.type;
  }

  get index(): number {
    return this.#call.index;
  }

  get id(): string {
    return this.#call.id;
  }

  get name(): string {
    return this.#call.name;
  }

  get status(): 'partial' {
    return 'partial';
  }

  get json(): string {
    return this.#settled + this.#recent;
  }

  get input(): unknown {
    return inputSoFar(this.#snapshot, this.#start);
  }

  get growth(): readonly JsonGrowth[] {
    return this.#snapshot?.growth ?? NOTHING_NEW;
  }

  /** Makes plain members of all, for whoever looks at more than one by its name. */
  whole(): this {
    if (this.#isWhole) return this;
    this.#isWhole = true;
    const { type, index, id, name, status, json, input, growth } = this;
    for (const [key, value] of Object.entries({ type, index, id, name, status, json, input, growth })) {
      Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return this;
  }

  [INSPECT](): object {
    return { ...this };
  }
}

/** Passes on what is read, and everything else to the whole. */
const VIEW: ProxyHandler<PartialInput> = {
  // Without the receiver: the accessors read what only the target has. And what is read most often by its name, which is
  // half the price.
  get: (target, key): unknown => (key === 'input' ? target.input : Reflect.get(target, key)),
  ownKeys: (target) => Reflect.ownKeys(target.whole()),
  getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(target.whole(), key),
  set: (target, key, value) => Reflect.set(target.whole(), key, value),
  defineProperty: (target, key, descriptor) => Reflect.defineProperty(target.whole(), key, descriptor),
  deleteProperty: (target, key) => Reflect.deleteProperty(target.whole(), key),
  preventExtensions: (target) => Reflect.preventExtensions(target.whole()),
};
