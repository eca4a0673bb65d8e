import { StreamError } from '../errors/streamError.js';
import type { SchemaIssue, StandardSchema } from './standardSchema.js';

/** What a schema says about a value. */
export type Verdict<Output> =
  | { readonly value: Output; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: StreamError };

/**
 * Checks a finished value by a Standard Schema that answers at once.
 *
 * @param what - what the value is, for the message
 * @param at - where the value stands in that
 * @returns the value as the schema gives it, or a StreamError that names the first issue
 */
export function validate<Output>(
  schema: StandardSchema<Output, unknown>,
  value: unknown,
  what: string,
  code: 'tool-input' | 'malformed',
  at: readonly PropertyKey[] = [],
): Verdict<Output> {
  let result;
  try {
    result = schema['~standard'].validate(value);
  } catch (cause) {
    return { error: new StreamError(code, `${what} has a schema that fails on it`, { cause }) };
  }
  if ('then' in result) {
    // The answer comes too late; but an unhandled rejection would end a Node process.
    result.then(undefined, () => undefined);
    return { error: new StreamError(code, `${what} has a schema that does not answer at once`) };
  }
  if (result.issues === undefined) return { value: result.value };
  const [issue] = result.issues;
  return {
    error: new StreamError(
      code,
      `${what} is not what its schema asks for${issue ? `: ${textOf(issue, at)}` : ''}`,
    ),
  };
}

function textOf({ message, path = [] }: SchemaIssue, at: readonly PropertyKey[]): string {
  const where = [...at, ...path].map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  return where === '' ? message : `${where}: ${message}`;
}
