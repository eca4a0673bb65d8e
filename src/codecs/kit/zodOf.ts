import * as z from 'zod/mini';
import { mend, type Output, type Schema } from './shape.js';

/**
 * A schema as one of `zod/mini`, for users who combine it with their own. Codecs do without zod, so a page that reads a
 * stream does not load it.
 */
export function zodOf<T>(schema: Schema<T>): z.ZodMiniType<T> {
  const checked = z.unknown().check(({ value, issues }) => {
    const flaw = schema.flawOf(value) && schema.flawOf(mend(schema, value));
    if (flaw) issues.push({ code: 'custom', input: value, path: [...flaw.path], message: flaw.message });
  });
  return checked as z.ZodMiniType as z.ZodMiniType<T>;
}

/** Each of these schemas as one of `zod/mini`. */
export function zodOfEach<S extends Readonly<Record<string, Schema>>>(schemas: S): ZodOfEach<S> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, zodOf(schema)]),
  ) as ZodOfEach<S>;
}
type ZodOfEach<S extends Readonly<Record<string, Schema>>> = {
  readonly [K in keyof S]: z.ZodMiniType<Output<S[K]>>;
};
