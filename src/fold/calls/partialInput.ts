import type { JsonGrowth } from '../../json/growth.js';
import { lazily } from '../../json/lazily.js';
import type { JsonSnapshot } from '../../json/snapshot.js';
import type { JsonPath, JsonValue } from '../../json/value.js';
import type { CallOf } from '../message/callOf.js';
import type { Draft } from '../message/draft.js';
import type { InputReader } from './inputReader.js';
import { callOf, outcomeOf } from './call.js';
import type { InputStates, ToolSchemas } from './toolInput.js';

/** The growth of what did not grow. */
const NOTHING_NEW: readonly JsonGrowth[] = [];

type Partial = Extract<InputStates<string, JsonValue>, { status: 'partial' }>;
type Invalid = Extract<InputStates<string, JsonValue>, { status: 'invalid' }>;

/**
 * @param closed - whether it says what has been finished
 * @returns the input of a call as far as it has come; `undefined` for a block that is not a call of these tools
 */
export function toolInputOf(
  draft: Draft<InputReader>,
  tools: ToolSchemas | undefined,
  closed: boolean,
): InputStates<string, JsonValue> | undefined {
  const call = callOf(draft, tools);
  if (call === undefined) return undefined;
  if (draft.isOpen) return partialInput(draft, call, closed);
  const snapshot = draft.input?.snapshot;
  const json = draft.input?.json ?? '';
  const { value, error } = outcomeOf(draft, call.name, tools);
  // What the last piece of a text that went wrong or was cut off has shown came with that piece.
  const growth = draft.state.status === 'complete' ? snapshot?.growth : undefined;
  const state = { ...call, json, growth: growth ?? NOTHING_NEW, ...(closed && closedOf(draft)) };
  if (error === undefined) return { ...state, status: 'complete', input: value as JsonValue };
  return { ...state, status: 'invalid', input: inputSoFar(snapshot, draft.start), error };
}

/**
 * An input while it grows, a plain object. To make its value at once costs less than to prepare for making it later, as
 * long as no wide container is open.
 */
function partialInput(draft: Draft<InputReader>, call: CallOf<string>, closed: boolean): Partial | Invalid {
  const { input, start } = draft;
  const { type, index, id, name } = call;
  const status = input?.error === undefined ? 'partial' : 'invalid';
  const more = { ...(closed && closedOf(draft)), ...(input?.error && { error: input.error }) };
  const json = input?.json ?? '';
  const snapshot = input?.snapshot;
  if (snapshot !== undefined && input?.isWide === true)
    return lazily({ type, index, id, name, status, json, ...more }, 'input', snapshot) as Partial;
  const value = inputSoFar(snapshot, start) as Partial['input'];
  const growth = snapshot?.growth ?? NOTHING_NEW;
  return { type, index, id, name, status, json, input: value, growth, ...more } as Partial | Invalid;
}

/** Where the values stand that were finished since they were asked for last. */
function closedOf({ input }: Draft<InputReader>): { readonly closed: readonly JsonPath[] } {
  return { closed: input?.takeClosed() ?? [] };
}

/** What could be read of an input, and before anything could, what it began with: `{}` as a rule. */
export function inputSoFar(snapshot: JsonSnapshot | undefined, start: Draft['start']): unknown {
  const value = snapshot?.value;
  return value === undefined && 'input' in start ? start.input : value;
}
