import * as z from 'zod/mini';
import { isObject, type Json } from './json.js';

type AnySchema = z.core.$ZodType;

type Test = (value: unknown) => boolean;

/** The tests of {@link isSure}, by their schemas. */
const TESTS = new WeakMap<AnySchema, Test>();

/** The fields of an object, each with its schema. */
export type Shape = Readonly<Record<string, AnySchema>>;

/**
 * What a schema says of a value that it refuses: what the value must be, and its kind. The value itself is named only
 * if it is a number, because anything else may be a piece of the conversation.
 */
export function must(be: string): { error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => `must be ${be}, but is ${kindOf(input)}` };
}

export const text = z.string(must('a string'));

export const nullableText = z.nullish(text);

export const place = numberThat((value) => Number.isSafeInteger(value) && value >= 0, 'an integer from 0');

/** A number from 0 that may be absent or `null`. */
export const count = z.nullish(numberThat((value) => value >= 0, 'a number from 0'));

/** A number that passes a test. */
export function numberThat(passes: (value: number) => boolean, be: string): z.ZodMiniType<number> {
  return z.number(must(be)).check(z.refine(passes, must(be)));
}

/** One of these strings. */
export function oneOf<T extends string>(...words: readonly T[]): z.ZodMiniType<T> {
  return z.literal(words, must(words.join(' or ')));
}

/** A JSON object with at least these fields, typed as its protocol documents it. Other fields pass as they are. */
export function object<T extends object>(shape: Shape): z.ZodMiniType<T> {
  return z.looseObject(shape, must('an object')) as z.ZodMiniType as z.ZodMiniType<T>;
}

/** What an object of a shape holds. A field that may be absent is optional; one that may be anything is not. */
export type Holds<S extends Shape> = Flat<
  { readonly [K in keyof S as IsOptional<S[K]> extends true ? never : K]: z.output<S[K]> } & {
    readonly [K in keyof S as IsOptional<S[K]> extends true ? K : never]?: Exclude<z.output<S[K]>, undefined>;
  }
>;
type IsOptional<S> = unknown extends z.output<S> ? false : undefined extends z.output<S> ? true : false;
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** An {@link object} whose type is what its shape says, so that a shape is written once. */
export function holding<S extends Shape>(shape: S): z.ZodMiniType<Holds<S>> {
  return object(shape);
}

/** The schema of each kind of object, which its `type` names, by what else stands in it. */
export function kinds<const S extends Readonly<Record<string, Shape>>>(shapes: S): Kinds<S> {
  const schemas = Object.entries(shapes).map(([type, shape]) => [
    type,
    object({ type: oneOf(type), ...shape }),
  ]);
  return Object.fromEntries(schemas) as Kinds<S>;
}
type Kinds<S extends Readonly<Record<string, Shape>>> = {
  readonly [T in keyof S]: z.ZodMiniType<Holds<{ readonly type: z.ZodMiniType<T> } & S[T]>>;
};

/** An array of these that may be absent or `null`. */
export function listOf<S extends AnySchema>(
  item: S,
): z.ZodMiniType<readonly z.output<S>[] | null | undefined> {
  return z.nullish(z.array(item, must('an array')));
}

/**
 * A JSON object whose schema depends on what stands in it. A union would try each member in turn, and could only say
 * that none fits.
 */
export function chosen<T extends object>(choose: (value: Json) => AnySchema): z.ZodMiniType<T> {
  const schema = object<T>({}).check(({ value, issues }) => {
    for (const { path, message } of z.safeParse(choose(value as Json), value).error?.issues ?? []) {
      issues.push({ code: 'custom', input: value, path: [...path], message });
    }
  });
  let latest: AnySchema | undefined;
  let test: Test;
  TESTS.set(schema, (value) => {
    if (!isObject(value)) return false;
    const choice = choose(value);
    if (choice !== latest) test = testOf((latest = choice));
    return test(value);
  });
  return schema;
}

/** A JSON object that its `type` says the schema of. By default any other type is refused. */
export function byType<T extends object>(
  schemas: Readonly<Record<string, AnySchema>>,
  other: AnySchema = object({ type: oneOf(...Object.keys(schemas)) }),
): z.ZodMiniType<T> {
  const known = lookup(schemas);
  return chosen(({ type }) => known(type as string) ?? other);
}

/**
 * Finds what stands under a name, once again for nothing: most frames are like the one before, and to hash a name that
 * was just read takes a tenth of the time that the frame takes to parse.
 */
export function lookup<T>(entries: Readonly<Record<string, T>>): (name: string) => T | undefined {
  const known = new Map(Object.entries(entries));
  let latest: string | undefined;
  let found: T | undefined;
  return (name) => {
    if (name !== latest) {
      found = known.get(name);
      latest = found && name;
    }
    return found;
  };
}

/**
 * Whether a value fits a schema for sure. Without generated code, zod takes about as long to check a small event as
 * `JSON.parse` takes to read it. So the plain parts of a schema (objects, arrays, strings, numbers, literals, what may
 * be absent) are checked here, in an eighth of that time, and zod is asked about the others. Zod has the last word on
 * what this refuses.
 */
export function isSure(schema: AnySchema, value: unknown): boolean {
  return testOf(schema)(value);
}

function testOf(schema: AnySchema): Test {
  let test = TESTS.get(schema);
  if (test === undefined) {
    test = plainTestOf(schema) ?? ((value) => z.safeParse(schema, value).success);
    TESTS.set(schema, test);
  }
  return test;
}

function plainTestOf(schema: AnySchema): Test | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const test = plainTest(def);
  const [check, ...others] = def.checks ?? [];
  if (check === undefined || test === undefined) return test;
  const { fn: passes } = check._zod.def as Partial<z.core.$ZodCustomDef>;
  return passes && others.length === 0 ? (value) => test(value) && Boolean(passes(value)) : undefined;
}

function plainTest(def: z.core.$ZodTypes['_zod']['def']): Test | undefined {
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return Number.isFinite;
    case 'literal': {
      const [only, ...others] = def.values;
      return (value) => value === only || others.includes(value as never);
    }
    case 'optional':
    case 'nullable': {
      const [empty, test] = [def.type === 'optional' ? undefined : null, testOf(def.innerType)];
      return (value) => value === empty || test(value);
    }
    case 'array': {
      const test = testOf(def.element);
      return (value) => Array.isArray(value) && value.every(test);
    }
    case 'object':
      return fieldsTest(Object.entries(def.shape).map(([name, field]) => [name, testOf(field)]));
    default:
      return undefined;
  }
}

/** Looks for the fields that must be there, and of the others only at those that are, because most are absent. */
function fieldsTest(fields: readonly (readonly [name: string, test: Test])[]): Test {
  const required = fields.filter(([, test]) => !test(undefined));
  const optional = new Map(fields.filter(([, test]) => test(undefined)));
  return (value) => {
    if (!isObject(value)) return false;
    for (const [name, test] of required) if (!test(value[name])) return false;
    if (optional.size === 0) return true;
    for (const name in value) if (optional.get(name)?.(value[name]) === false) return false;
    return true;
  };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
