import { StreamError } from '../errors.js';
import type { JsonGrowth } from '../json/growth.js';
import type { JsonSnapshot } from '../json/snapshot.js';
import type { JsonValue } from '../json/value.js';
import type { Draft } from './draft.js';
import type { CallOf, CallStates, InputStates, ToolSchemas } from './toolInput.js';
import { validate, type Verdict } from './validate.js';

const NOTHING_NEW: readonly JsonGrowth[] = [];

/**
 * The input of a call as far as it has come.
 *
 * @param draft - a block
 * @param tools - schemas for finished inputs
 * @returns an immutable snapshot; `undefined` for a block that is no call, or none of the caller's business
 */
export function toolInputOf(draft: Draft, tools?: ToolSchemas): InputStates<string, JsonValue> | undefined {
  const call = callOf(draft, tools);
  if (call === undefined) return undefined;
  const snapshot = draft.input?.snapshot;
  const json = draft.input?.json ?? '';
  if (draft.isOpen) return new PartialInput(call, json, snapshot, draft.start);
  const { value, error } = outcomeOf(draft, call.name, tools);
  // What the last piece of a text that went wrong or was cut off has shown was told with that piece.
  const growth = draft.failure === undefined ? snapshot?.growth : undefined;
  const state = { ...call, json, growth: growth ?? NOTHING_NEW };
  if (error === undefined) return { ...state, status: 'complete', input: value as JsonValue };
  return { ...state, status: 'invalid', input: inputSoFar(snapshot, draft.start), error };
}

/**
 * A call whose block has ended.
 *
 * @param draft - a block
 * @param tools - schemas for finished inputs
 * @param cutOff - why the reply may have been cut off inside it; then it is invalid, whatever it holds
 * @returns the call; `undefined` for a block that is no call, or none of the caller's business
 */
export function toolCallOf(
  draft: Draft,
  tools: ToolSchemas | undefined,
  cutOff?: string,
): CallStates<string, JsonValue> | undefined {
  const call = callOf(draft, tools);
  if (call === undefined) return undefined;
  const json = draft.input?.json ?? '';
  if (cutOff !== undefined) {
    return { ...call, status: 'invalid', json, error: new StreamError('truncated', cutOff, { raw: json }) };
  }
  const { value, error } = outcomeOf(draft, call.name, tools);
  if (error === undefined) return { ...call, status: 'complete', input: value as JsonValue };
  return { ...call, status: 'invalid', json, error };
}

/** Which call a block is. With `tools`, what the provider runs itself is left out, unless it is named there. */
function callOf({ call }: Draft, tools: ToolSchemas | undefined): CallOf<string> | undefined {
  const isForeign = call !== undefined && call.type !== 'tool_use' && tools !== undefined;
  return isForeign && !Object.hasOwn(tools, call.name) ? undefined : call;
}

function outcomeOf(draft: Draft, name: string, tools: ToolSchemas | undefined): Verdict<unknown> {
  const { content, failure } = draft;
  if (failure !== undefined) return { error: failure };
  const input = 'input' in content ? content.input : undefined;
  if (tools === undefined) return { value: input };
  const schema = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (schema === undefined) return { error: new StreamError('tool-input', `There is no tool ${name}`) };
  return validate(schema, input, `The input of ${name}`, 'tool-input');
}

/** What could be read of an input, and before anything could, what it began with: `{}` as a rule. */
function inputSoFar(snapshot: JsonSnapshot | undefined, start: Draft['start']): unknown {
  return snapshot?.value ?? ('input' in start ? start.input : undefined);
}

/**
 * An input while it grows. Making a value of it, and finding out what grew, costs more than reading the text, so both
 * wait until they are asked for; a screen asks for one in a hundred.
 */
class PartialInput {
  readonly status = 'partial';
  readonly type: CallOf<string>['type'];
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly json: string;
  declare readonly input: JsonValue;
  declare readonly growth: readonly JsonGrowth[];
  readonly #snapshot: JsonSnapshot | undefined;
  readonly #start: Draft['start'];

  constructor(call: CallOf<string>, json: string, snapshot: JsonSnapshot | undefined, start: Draft['start']) {
    this.type = call.type;
    this.index = call.index;
    this.id = call.id;
    this.name = call.name;
    this.json = json;
    this.#snapshot = snapshot;
    this.#start = start;
    // Own properties, so that a copy, a comparison and `JSON.stringify` see them; of shared functions, or each would
    // cost as much as decoding the event.
    Object.defineProperty(this, 'input', PartialInput.#INPUT);
    Object.defineProperty(this, 'growth', PartialInput.#GROWTH);
    // A framework that wraps what it shows in proxies (Vue's `reactive`) leaves alone what cannot be extended; through
    // a proxy nobody could read the private members.
    Object.preventExtensions(this);
  }

  static readonly #INPUT: PropertyDescriptor & ThisType<PartialInput> = {
    enumerable: true,
    get() {
      return inputSoFar(this.#snapshot, this.#start);
    },
  };

  static readonly #GROWTH: PropertyDescriptor & ThisType<PartialInput> = {
    enumerable: true,
    get() {
      return this.#snapshot?.growth ?? NOTHING_NEW;
    },
  };
}
