import type { JsonGrowth } from '../json/growth.js';
import type { JsonSnapshot } from '../json/snapshot.js';
import type { JsonValue } from '../json/value.js';
import type { Draft } from './draft.js';
import type { CallOf, InputStates } from './toolInput.js';

/** The growth of what did not grow. */
export const NOTHING_NEW: readonly JsonGrowth[] = [];

type Partial = Extract<InputStates<string, JsonValue>, { status: 'partial' }>;

/**
 * An input while it grows. Making a value of it, and finding out what grew, costs more than reading the text, so both
 * wait until they are asked for; a screen asks for one in a hundred.
 *
 * It is a proxy because nothing else is both: as cheap as that, and like a plain object, with `input` and `growth`
 * among what a copy, a comparison and `JSON.stringify` see. Own accessors do that too, at a third of the cost of
 * decoding the event; accessors of a prototype cost nothing, and are missing from every copy.
 *
 * @param call - which call
 * @param json - the text of the input so far
 * @param snapshot - what could be read of it; `undefined` before a piece of it came
 * @param start - the block as it began
 */
export function partialInput(
  call: CallOf<string>,
  json: string,
  snapshot: JsonSnapshot | undefined,
  start: Draft['start'],
): Partial {
  return new Proxy(new PartialInput(call, json, snapshot, start), VIEW) as Partial;
}

/** What could be read of an input, and before anything could, what it began with: `{}` as a rule. */
export function inputSoFar(snapshot: JsonSnapshot | undefined, start: Draft['start']): unknown {
  return snapshot?.value ?? ('input' in start ? start.input : undefined);
}

// Node's `inspect` looks through a proxy at its target; it asks the proxy how it wants to be drawn.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

class PartialInput {
  readonly status = 'partial';
  readonly type: CallOf<string>['type'];
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly json: string;
  readonly #snapshot: JsonSnapshot | undefined;
  readonly #start: Draft['start'];
  #isWhole = false;

  constructor(call: CallOf<string>, json: string, snapshot: JsonSnapshot | undefined, start: Draft['start']) {
    this.type = call.type;
    this.index = call.index;
    this.id = call.id;
    this.name = call.name;
    this.json = json;
    this.#snapshot = snapshot;
    this.#start = start;
  }

  get input(): unknown {
    return inputSoFar(this.#snapshot, this.#start);
  }

  get growth(): readonly JsonGrowth[] {
    return this.#snapshot?.growth ?? NOTHING_NEW;
  }

  /** Makes `input` and `growth` members like the others, for whoever looks at all of them. */
  whole(): this {
    if (this.#isWhole) return this;
    this.#isWhole = true;
    const { input, growth } = this;
    return Object.defineProperties(this, { input: member(input), growth: member(growth) });
  }

  [INSPECT](): object {
    return { ...this };
  }
}

function member(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}

/** Passes on what is read, and everything else to the whole. */
const VIEW: ProxyHandler<PartialInput> = {
  // Without the receiver: the accessors read what only the target has.
  get: (target, key): unknown => Reflect.get(target, key),
  ownKeys: (target) => Reflect.ownKeys(target.whole()),
  getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(target.whole(), key),
  set: (target, key, value) => Reflect.set(target.whole(), key, value),
  defineProperty: (target, key, descriptor) => Reflect.defineProperty(target.whole(), key, descriptor),
  deleteProperty: (target, key) => Reflect.deleteProperty(target.whole(), key),
  preventExtensions: (target) => Reflect.preventExtensions(target.whole()),
};
