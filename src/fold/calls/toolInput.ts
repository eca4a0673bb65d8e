import type { StreamError } from '../../errors/streamError.js';
import type { JsonGrowth } from '../../json/growth.js';
import type { JsonPath, JsonValue } from '../../json/value.js';
import type { CallOf } from '../message/callOf.js';
import type { DeepPartial, SchemaInput, SchemaOutput, StandardSchema } from '../../schema/standardSchema.js';

/** Schemas of tool inputs, by the name of the tool. */
export type ToolSchemas = Readonly<Record<string, StandardSchema>>;

/** Options of `accumulateToolInput` and `toToolCalls`. */
export interface ToolOptions<Tools extends ToolSchemas | undefined = undefined> {
  /** A schema for each tool's input, by the tool's name: zod, valibot, arktype or any other Standard Schema. */
  readonly tools?: Tools;
}

interface InputOf<Name extends string> extends CallOf<Name> {
  /** The text of the input so far. */
  readonly json: string;
  /** What `input` has more than in the snapshot before; empty where it has not grown. */
  readonly growth: readonly JsonGrowth[];
  /**
   * With the option `closed`, where in `input` the values stand that are finished and were not in the snapshot before, in
   * the order of the text.
   */
  readonly closed?: readonly JsonPath[];
}

/** The states of an input of this name and type; `Read` is its type before a schema converts it. */
export type InputStates<Name extends string, Input, Read = Input> =
  /** As far as it is known: every string and container may still grow, every member still be missing. */
  | (InputOf<Name> & { readonly status: 'partial'; readonly input: DeepPartial<Read> })
  /** The whole input, validated where there is a schema for it. */
  | (InputOf<Name> & { readonly status: 'complete'; readonly input: Input })
  /** No JSON, not what the schema asks for, or cut off: `input` is what could be read of it. */
  | (InputOf<Name> & { readonly status: 'invalid'; readonly input: unknown; readonly error: StreamError });

/** The states of a call of this name and type. */
export type CallStates<Name extends string, Input> =
  | (CallOf<Name> & { readonly status: 'complete'; readonly input: Input })
  | (CallOf<Name> & { readonly status: 'invalid'; readonly json: string; readonly error: StreamError });

/** The input of one tool call as it is read. With schemas, `name` tells the type of `input`. */
export type ToolInput<Tools extends ToolSchemas | undefined = undefined> = Tools extends ToolSchemas
  ? {
      [Name in keyof Tools & string]: InputStates<Name, SchemaOutput<Tools[Name]>, SchemaInput<Tools[Name]>>;
    }[keyof Tools & string]
  : InputStates<string, JsonValue>;

/**
 * One tool call when it is certain. Only a `complete` one can be run; an `invalid` one says why not: `tool-input`
 * for an input that is not JSON or does not fit the schema, `truncated` for a reply that was cut off inside it.
 */
export type ToolCall<Tools extends ToolSchemas | undefined = undefined> = Tools extends ToolSchemas
  ? { [Name in keyof Tools & string]: CallStates<Name, SchemaOutput<Tools[Name]>> }[keyof Tools & string]
  : CallStates<string, JsonValue>;
