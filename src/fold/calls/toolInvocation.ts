import type { StreamError } from '../../errors/streamError.js';
import type { ToolApprovalEvent } from '../../events/event.js';
import type { JsonValue } from '../../json/value.js';
import type { DeepPartial, SchemaInput, SchemaOutput } from '../../schema/standardSchema.js';
import type { Draft } from '../message/draft.js';
import type { CallOf } from '../message/callOf.js';
import type { InputReader } from './inputReader.js';
import { inputSoFar } from './partialInput.js';
import type { CallStates, ToolSchemas } from './toolInput.js';

/** What running a tool gave. */
export interface ToolOutcome {
  /** A text or any JSON value, as the tool gave it; of a tool that the provider runs, the content of its result block. */
  readonly result: unknown;
  readonly isError: boolean;
}

/** The states of an invocation of this name and type; `Read` is its type before a schema converts it. */
export type InvocationStates<Name extends string, Input, Read = Input> =
  /** Its input comes in, or has come and is not certain: the reply may have been cut off inside it. */
  | (CallOf<Name> & { readonly status: 'streaming'; readonly input: DeepPartial<Read> })
  /** The whole input, certain, and validated where there is a schema for it: the tool can be run, or runs. */
  | (CallOf<Name> & { readonly status: 'queued'; readonly input: Input })
  /** Somebody is asked whether it may be run. */
  | (CallOf<Name> & { readonly status: 'approval'; readonly input: Input })
  /** The tool runs, and has said how far it is. */
  | (CallOf<Name> & { readonly status: 'running'; readonly input: Input; readonly progress: unknown })
  /** The tool was run. */
  | (CallOf<Name> & { readonly status: 'done'; readonly input: Input; readonly isError: false } & ToolOutcome)
  /** The tool was run and failed: `result` says how. */
  | (CallOf<Name> & {
      readonly status: 'failed';
      readonly input: Input;
      readonly isError: true;
    } & ToolOutcome)
  /** Somebody did not let it be run. What the model reads of that is the result, once it has come. */
  | (CallOf<Name> & {
      readonly status: 'denied';
      readonly input: Input;
      readonly reason: string | undefined;
    } & MaybeOutcome)
  /** The turn was stopped before the tool had finished. */
  | (CallOf<Name> & {
      readonly status: 'cancelled';
      readonly input: Input;
      readonly isError: true;
    } & ToolOutcome)
  /**
   * Never to be run: its input is not JSON, does not fit the schema, or is cut off, and `input` what could be read of
   * it. It may have been answered all the same, for the model wants a result of every call.
   */
  | (CallOf<Name> & {
      readonly status: 'invalid';
      readonly input: unknown;
      readonly error: StreamError;
    } & MaybeOutcome);

type MaybeOutcome = ToolOutcome | { readonly result?: undefined; readonly isError?: undefined };

/** One tool call with its input and, once it is known, its result. With schemas, `name` tells the type of `input`. */
export type ToolInvocation<Tools extends ToolSchemas | undefined = undefined> = Tools extends ToolSchemas
  ? {
      [Name in keyof Tools & string]: InvocationStates<
        Name,
        SchemaOutput<Tools[Name]>,
        SchemaInput<Tools[Name]>
      >;
    }[keyof Tools & string]
  : InvocationStates<string, JsonValue>;

/** An invocation of which it is known whether it can be run. */
export type SettledInvocation = Exclude<ToolInvocation, { readonly status: 'streaming' }>;

/** What an event says of a call: its result, and whether that is the last word, or whether it may be run. */
export type Answer =
  | (ToolOutcome & {
      readonly isPreliminary?: boolean | undefined;
      readonly isCancelled?: boolean | undefined;
    })
  | { readonly approval: ToolApprovalEvent };

/** What a tool that the provider runs gave, by its result block. */
export function outcomeOf(block: {
  readonly type: string;
  readonly content?: unknown;
  readonly is_error?: unknown;
}): ToolOutcome {
  const { content: result, is_error } = block;
  const failed = typeof result === 'object' && result !== null && 'error_code' in result;
  return { result, isError: failed || is_error === true };
}

/** @returns the invocation now that its block has ended, `queued` or `invalid`; an invalid one keeps the input as shown */
export function settled(shown: ToolInvocation, call: CallStates<string, JsonValue>): SettledInvocation {
  const { type, index, id, name } = shown;
  if (call.status === 'complete') return { type, index, id, name, status: 'queued', input: call.input };
  return { type, index, id, name, status: 'invalid', input: shown.input, error: call.error };
}

/** @returns the invocation with what was said of it, in place of an earlier result; one that is invalid stays so */
export function answered(invocation: SettledInvocation, answer: Answer): SettledInvocation {
  const { type, index, id, name } = invocation;
  const input = invocation.input as JsonValue;
  if ('approval' in answer) {
    if (isSaid(invocation)) return invocation;
    const { state, reason } = answer.approval;
    if (state === 'denied') return { type, index, id, name, status: 'denied', input, reason };
    const status = state === 'requested' ? 'approval' : 'queued';
    // Protocols say it again where a message is written anew.
    return invocation.status === status ? invocation : { type, index, id, name, status, input };
  }
  const { result, isError, isPreliminary, isCancelled } = answer;
  if (isPreliminary) {
    if (isSaid(invocation)) return invocation;
    return { type, index, id, name, status: 'running', input, progress: result };
  }
  if (invocation.status === 'invalid' || invocation.status === 'denied')
    return { ...invocation, result, isError };
  if (!isError) return { type, index, id, name, status: 'done', input, result, isError };
  return { type, index, id, name, status: isCancelled ? 'cancelled' : 'failed', input, result, isError };
}

/** Whether nothing more is to be said of a call but its result. */
function isSaid({ status }: SettledInvocation): boolean {
  return !(status === 'queued' || status === 'approval' || status === 'running');
}

/**
 * An invocation while its input comes in. Where a wide container is open, the value of the input is made when it is asked
 * for, which costs more than to read the text. It stays as it is however late it is read.
 */
export function streamingInvocation(
  { input, start }: Draft<InputReader>,
  { type, index, id, name }: CallOf<string>,
): ToolInvocation {
  const snapshot = input?.snapshot;
  const status = 'streaming';
  if (input?.isWide !== true)
    return { type, index, id, name, status, input: inputSoFar(snapshot, start) as JsonValue };
  // Frameworks that wrap what they show in proxies leave alone what cannot be extended.
  return Object.preventExtensions({
    type,
    index,
    id,
    name,
    status,
    get input() {
      return inputSoFar(snapshot, start) as JsonValue;
    },
  });
}
