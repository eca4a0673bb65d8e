import { quoted } from '../../errors/quoted.js';
import { StreamError } from '../../errors/streamError.js';
import type { JsonValue } from '../../json/value.js';
import type { Draft } from '../message/draft.js';
import { validate, type Verdict } from '../../schema/validate.js';
import type { CallOf } from '../message/callOf.js';
import type { CallStates, ToolSchemas } from './toolInput.js';

/**
 * A call whose block has ended.
 *
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
  const { type, index, id, name } = call;
  const json = draft.input?.json ?? '';
  const { value, error } =
    cutOff === undefined
      ? outcomeOf(draft, name, tools)
      : { value: undefined, error: new StreamError('truncated', cutOff, { raw: json }) };
  // Spelled out, because it costs a tenth of copying a call.
  if (error !== undefined) return { type, index, id, name, status: 'invalid', json, error };
  return { type, index, id, name, status: 'complete', input: value as JsonValue };
}

/**
 * Which call a block is, if it is one. With `tools`, what the provider runs itself is left out, unless it is named there.
 */
export function callOf({ index, start }: Draft, tools?: ToolSchemas): CallOf<string> | undefined {
  switch (start.type) {
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use': {
      const { type, id, name } = start;
      const isForeign = type !== 'tool_use' && tools !== undefined && !Object.hasOwn(tools, name);
      return isForeign ? undefined : { type, index, id, name };
    }
    default:
      return undefined;
  }
}

/** Why the block of a call is not what it should have been, for one that is `invalid` or `aborted`. */
export function failureOf({ state, input }: Draft): StreamError | undefined {
  const { status, reason = '' } = state;
  const raw = input?.json;
  switch (status) {
    case 'invalid':
      return new StreamError('tool-input', `The input is not JSON: ${reason}`, { raw, cause: input?.end() });
    case 'aborted':
      return new StreamError('truncated', reason, { raw });
    default:
      return undefined;
  }
}

/** What came of the input of a block that has ended. */
export function outcomeOf(draft: Draft, name: string, tools: ToolSchemas | undefined): Verdict<unknown> {
  const { content } = draft;
  const error = failureOf(draft);
  if (error !== undefined) return { error };
  const input = 'input' in content ? content.input : undefined;
  if (tools === undefined) return { value: input };
  const schema = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (schema === undefined)
    return { error: new StreamError('tool-input', `There is no tool ${quoted(name)}`) };
  return validate(schema, input, `The input of ${quoted(name)}`, 'tool-input');
}
