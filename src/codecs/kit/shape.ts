import type { SchemaOutput, StandardSchema } from '../../schema/standardSchema.js';
import { isObject, type Json } from './json.js';

/** What is wrong with a value, and where in it. */
export interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * How a value is checked. Without generated code, zod takes about as long to check a small event as `JSON.parse` takes
 * to read it; this takes an eighth of that time, and weighs as much less.
 */
export interface Rule {
  readonly flawOf: (value: unknown) => Flaw | undefined;
  /** What an absent, `null` or empty value stands for, where that is plain. */
  readonly empty?: () => unknown;
  /** Puts in what an absent, `null` or empty member stands for. Asked only about a value with a flaw. */
  readonly mended?: (value: unknown) => unknown;
}

/** What a codec checks a wire value by: a rule that any library can ask as a Standard Schema. */
export interface Schema<T = unknown> extends Rule, StandardSchema<T, unknown> {}

/** The fields of an object, each with its schema. */
export type Shape = Readonly<Record<string, Schema>>;

/** What passes a schema. */
export type Output<S extends Schema> = SchemaOutput<S>;

/** Makes the schema of a rule. It lets in whatever the rule can mend, as decoders do. */
function ruled<T>(rule: Rule): Schema<T> {
  const standard = {
    version: 1,
    vendor: 'rxjs-llm-stream',
    validate(value: unknown) {
      const mended = mend(rule, value);
      const found = rule.flawOf(mended);
      return found ? { issues: [found] } : { value: mended as T };
    },
  } as const;
  return { ...rule, '~standard': standard };
}

/**
 * A value that passes a test. What is said of another one is its kind; the value itself is named only if it is a number,
 * because anything else may be a piece of the conversation.
 */
export function that<T>(be: string, passes: (value: unknown) => boolean): Schema<T> {
  return ruled({ flawOf: (value) => (passes(value) ? undefined : flaw(be, value)) });
}

export const text: Schema<string> = that('a string', (value) => typeof value === 'string');

export const flag: Schema<boolean> = that('true or false', (value) => typeof value === 'boolean');

export const number: Schema<number> = that('a number', Number.isFinite);

export const place = numberThat((value) => Number.isSafeInteger(value) && value >= 0, 'an integer from 0');

export const nullableText = nullish(text);

/** A number from 0 that may be absent or `null`. */
export const count = nullish(numberThat((value) => value >= 0, 'a number from 0'));

/** Any value, or none. */
export const anything: Schema = that('anything', () => true);

/** A number that passes a test. */
export function numberThat(passes: (value: number) => boolean, be: string): Schema<number> {
  return that(be, (value) => typeof value === 'number' && passes(value));
}

/** One of these strings. */
export function oneOf<T extends string>(...words: readonly T[]): Schema<T> {
  return that(words.join(' or '), (value) => words.includes(value as T));
}

/** What may be absent or `null`; an empty text says as little. */
export function nullish<T>(schema: Schema<T>): Schema<T | null | undefined> {
  const { flawOf, mended } = schema;
  const rule: Rule = {
    flawOf: (value) => (value === undefined || value === null ? undefined : flawOf(value)),
    empty: () => null,
  };
  return ruled(mended ? { ...rule, mended } : rule);
}

/** What stands for something where it is absent, `null` or empty. */
export function or<T>(schema: Schema<T>, empty: () => NoInfer<T>): Schema<T> {
  return ruled({ ...schema, empty });
}

/** A text; an empty one where nothing is said. */
export const someText = or(text, () => '');

/** Any JSON value; an empty object where nothing is said, as of the input of a call. */
export const someInput = or(
  that('a JSON value', (value) => (value ?? '') !== ''),
  () => ({}),
);

/** An array of these. */
export function arrayOf<T>(item: Schema<T>): Schema<readonly T[]> {
  const { flawOf } = item;
  return ruled({
    flawOf(value) {
      if (!Array.isArray(value)) return flaw('an array', value);
      // Asked of each delta on some wires: an iterator takes longer than the members.
      for (let at = 0; at < value.length; at++) {
        const found = flawOf(value[at]);
        if (found) return within(at, found);
      }
      return undefined;
    },
    mended: (value) => (Array.isArray(value) ? value.map((member: unknown) => mend(item, member)) : value),
  });
}

/** An array of these that may be absent or `null`. */
export function listOf<T>(item: Schema<T>): Schema<readonly T[] | null | undefined> {
  return nullish(arrayOf(item));
}

/** A JSON object with at least these fields, typed as its protocol documents it. Other fields pass as they are. */
export function object<T extends object>(shape: Shape): Schema<T> {
  const fields = Object.entries(shape);
  // The rules are of many shapes; what is asked of each value is looked up once.
  const asked = fields.map(([name, { flawOf }]) => [name, flawOf] as const);
  const required = asked.filter(([, flawOf]) => flawOf(undefined) !== undefined);
  // Most of the others are absent, so those that are there are looked up.
  const optional = new Map(asked.filter(([, flawOf]) => flawOf(undefined) === undefined));
  return ruled({
    flawOf(value) {
      if (!isObject(value)) return flaw('an object', value);
      for (const [name, flawOf] of required) {
        const found = flawOf(value[name]);
        if (found) return within(name, found);
      }
      if (optional.size === 0) return undefined;
      for (const name in value) {
        const found = optional.get(name)?.(value[name]);
        if (found) return within(name, found);
      }
      return undefined;
    },
    mended(value) {
      if (!isObject(value)) return value;
      const members = fields.map(([name, rule]) => [name, mend(rule, value[name])] as const);
      return { ...value, ...Object.fromEntries(members.filter(([, member]) => member !== undefined)) };
    },
  });
}

/** What an object of a shape holds. A field that may be absent is optional; one that may be anything is not. */
export type Holds<S extends Shape> = Flat<
  { readonly [K in keyof S as IsOptional<S[K]> extends true ? never : K]: Output<S[K]> } & {
    readonly [K in keyof S as IsOptional<S[K]> extends true ? K : never]?: Exclude<Output<S[K]>, undefined>;
  }
>;
type IsOptional<S extends Schema> =
  unknown extends Output<S> ? false : undefined extends Output<S> ? true : false;
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** An {@link object} whose type is what its shape says, so that a shape is written once. */
export function holding<S extends Shape>(shape: S): Schema<Holds<S>> {
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
  readonly [T in keyof S]: Schema<Holds<{ readonly type: Schema<T> } & S[T]>>;
};

/**
 * A JSON object whose schema depends on what stands in it. A union would try each member in turn, and could only say
 * that none fits.
 */
export function chosen<T extends object>(choose: (value: Json) => Schema): Schema<T> {
  return ruled({
    flawOf: (value) => (isObject(value) ? choose(value).flawOf(value) : flaw('an object', value)),
    mended: (value) => (isObject(value) ? mend(choose(value), value) : value),
  });
}

/** A JSON object that its `type` says the schema of. By default any other type is refused. */
export function byType<T extends object>(
  schemas: Readonly<Record<string, Schema>>,
  other: Schema = object({ type: oneOf(...Object.keys(schemas)) }),
): Schema<T> {
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

/** A value with what is missing in it put in, as far as that is plain; itself where it has no flaw. */
export function mend(rule: Rule, value: unknown): unknown {
  if (rule.flawOf(value) === undefined) return value;
  const isEmpty = (value ?? '') === '';
  if (isEmpty && rule.empty) return rule.empty();
  return rule.mended ? rule.mended(value) : value;
}

function within(name: string | number, { path, message }: Flaw): Flaw {
  return { path: [name, ...path], message };
}

function flaw(be: string, value: unknown): Flaw {
  return { path: [], message: `must be ${be}, but is ${kindOf(value)}` };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
