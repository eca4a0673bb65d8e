import { StreamError } from '../../errors/streamError.js';
import type { JsonValue } from '../../json/value.js';
import type { Draft } from '../message/draft.js';
import { validate, type Verdict } from '../../schema/validate.js';
import type { CallOf } from '../message/callOf.js';
import type { CallStates, ToolSchemas } from './toolInput.js';

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
export function callOf({ call }: Draft, tools: ToolSchemas | undefined): CallOf<string> | undefined {
  const isForeign = call !== undefined && call.type !== 'tool_use' && tools !== undefined;
  return isForeign && !Object.hasOwn(tools, call.name) ? undefined : call;
}

/** What came of the input of a block that has ended. */
export function outcomeOf(draft: Draft, name: string, tools: ToolSchemas | undefined): Verdict<unknown> {
  const { content, failure } = draft;
  if (failure !== undefined) return { error: failure };
  const input = 'input' in content ? content.input : undefined;
  if (tools === undefined) return { value: input };
  const schema = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (schema === undefined) return { error: new StreamError('tool-input', `There is no tool ${name}`) };
  return validate(schema, input, `The input of ${name}`, 'tool-input');
}
