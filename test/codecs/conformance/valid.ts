import type { StandardSchema } from '../../../src/schema/standardSchema.js';

/** Whether a schema takes a value: one that answers at once. */
export function isValid(schema: StandardSchema<unknown, unknown>, value: unknown): boolean {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('The schema answers later');
  return !('issues' in result) || result.issues === undefined;
}
