import * as z from 'zod';
// By name, for a bundler cannot drop what `z.core` has beside these: JSON Schema, every locale.
import { $constructor, $ZodObject, type $ZodObjectDef } from 'zod/v4/core';

/**
 * As `z.looseObject`, but never compiled. `z.object` probes `new Function` when it is made, which a page under a
 * Content Security Policy without `unsafe-eval` reports as a violation; and zod's global `jitless` setting belongs
 * to the application. Keys that the shape does not name pass.
 *
 * @param shape - the fields that are checked
 * @returns a schema of objects with at least these fields, typed as the wire documents them
 */
export function plainObject<T extends object>(shape: Record<string, z.ZodType>): z.ZodType<T> {
  return new PlainObject({ type: 'object', shape, catchall: z.unknown() }) as z.ZodType<T>;
}

/** A part that a schema is put together from. zod types `init` as an assertion, which only a full name may call. */
interface Trait {
  init(instance: never, definition: $ZodObjectDef): void;
}

const TRAITS: readonly Trait[] = [$ZodObject, z.ZodType];

const PlainObject = $constructor<z.ZodType, $ZodObjectDef>('ZodObject', (instance, definition) => {
  for (const trait of TRAITS) trait.init(instance as never, definition);
});
