import type { StandardSchema } from './standardSchema.js';

/** What may stand at a place of a value, as far as a schema says it: one of several, where it is a union. */
export interface Place {
  /** The values that may stand there, where they are known. */
  readonly words?: { readonly has: (value: unknown) => boolean } | undefined;
  /** Whether any text may. */
  readonly isText: boolean;
  /** What may stand at its members; nothing, where nothing is known. */
  readonly at?: ((key: string | number) => readonly Place[]) | undefined;
  /** The schema of a member by itself, where it is one that can be asked. */
  readonly schemaAt?: ((key: string | number) => StandardSchema | undefined) | undefined;
  /** The members that tell it from others of its union. */
  readonly marks?: Readonly<Record<string, { readonly has: (value: unknown) => boolean }>> | undefined;
}

const NONE: readonly Place[] = [];
const TEXT: readonly Place[] = [{ isText: true }];

/** The definition of a zod schema, as its versions from 4 on have it. */
interface ZodLike extends StandardSchema {
  readonly _zod: {
    readonly def: ZodDefinition;
    readonly values?: ReadonlySet<unknown> | undefined;
    readonly propValues?: Readonly<Record<string, ReadonlySet<unknown>>> | undefined;
  };
}

interface ZodDefinition {
  readonly type: string;
  readonly coerce?: boolean;
  readonly innerType?: ZodLike;
  readonly in?: ZodLike;
  readonly getter?: () => ZodLike;
  readonly options?: readonly ZodLike[];
  readonly left?: ZodLike;
  readonly right?: ZodLike;
  readonly shape?: Readonly<Record<string, ZodLike>>;
  readonly catchall?: ZodLike;
  readonly valueType?: ZodLike;
  readonly element?: ZodLike;
  readonly items?: readonly ZodLike[];
  readonly rest?: ZodLike | null;
}

/** What a zod schema of these types never reads from a string. */
const NO_TEXT = /^(?:number|bigint|boolean|date|never|object|array|tuple|record)$/;

/**
 * What a schema says of the values that it reads, where it lets itself be asked: zod by its definition, others by Standard
 * JSON Schema. Of the rest nothing is known.
 *
 * @see https://standardschema.dev/json-schema
 */
export function placesOf(schema: StandardSchema): readonly Place[] {
  if ('_zod' in schema) return ofZod(schema as ZodLike);
  try {
    const { jsonSchema } = schema['~standard'] as { jsonSchema?: { input: (options: object) => object } };
    const root = jsonSchema?.input({ target: 'draft-2020-12' });
    return root === undefined ? NONE : ofJson(root, root);
  } catch {
    // It has types that JSON Schema has no word for.
    return NONE;
  }
}

const known = new WeakMap<object, readonly Place[]>();

function ofZod(schema: ZodLike): readonly Place[] {
  let places = known.get(schema);
  if (places === undefined) {
    // A union that has itself among its options adds nothing to them.
    known.set(schema, NONE);
    known.set(schema, (places = readZod(schema)));
  }
  return places;
}

function readZod(schema: ZodLike): readonly Place[] {
  const { def, values, propValues } = schema._zod;
  const { type, innerType, options, left, right, shape } = def;
  // What it is not, it becomes.
  if (type === 'catch' || def.coerce === true) return TEXT;
  const inner = innerType ?? def.in ?? def.getter?.();
  if (inner !== undefined)
    return type === 'nullable'
      ? [...ofZod(inner), { isText: false, words: new Set<unknown>([null]) }]
      : ofZod(inner);
  const parts = options ?? (left && right && [left, right]);
  if (parts !== undefined) return parts.flatMap(ofZod);
  if (values !== undefined) return [{ isText: false, words: values }];
  const schemaAt = (key: string | number): ZodLike | undefined => {
    if (typeof key === 'number') return def.element ?? def.items?.[key] ?? def.rest ?? undefined;
    return shape && Object.hasOwn(shape, key) ? shape[key] : (def.valueType ?? def.catchall);
  };
  const at = (key: string | number): readonly Place[] => {
    const member = schemaAt(key);
    return member === undefined ? NONE : ofZod(member);
  };
  return [{ isText: !NO_TEXT.test(type), at, schemaAt, marks: propValues }];
}

/** The words of JSON Schema that say what stands where. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly $ref?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly items?: JsonSchema | boolean;
}

function ofJson(schema: JsonSchema | boolean | undefined, root: JsonSchema): readonly Place[] {
  if (typeof schema !== 'object') return NONE;
  let places = known.get(schema);
  if (places === undefined) {
    // One that refers to nothing but itself says nothing.
    known.set(schema, NONE);
    known.set(schema, (places = readJson(schema, root)));
  }
  return places;
}

function readJson(schema: JsonSchema, root: JsonSchema): readonly Place[] {
  const { type, anyOf, oneOf, properties, $ref } = schema;
  if ($ref !== undefined) {
    const steps = $ref.split('/').slice(1);
    const target = steps.reduce<unknown>((at, step) => Reflect.get(Object(at) as object, step), root);
    return ofJson(target as JsonSchema, root);
  }
  const parts = anyOf ?? oneOf;
  if (parts !== undefined) return parts.flatMap((part) => ofJson(part, root));
  const words = wordsOf(schema);
  if (words !== undefined) return [{ isText: false, words }];
  const marks: Record<string, ReadonlySet<unknown>> = {};
  for (const [key, member] of Object.entries(properties ?? {})) {
    const fixed = wordsOf(member);
    if (fixed !== undefined) marks[key] = fixed;
  }
  const at = (key: string | number): readonly Place[] => {
    if (typeof key === 'number') return ofJson(schema.prefixItems?.[key] ?? schema.items, root);
    const isNamed = properties !== undefined && Object.hasOwn(properties, key);
    return ofJson(isNamed ? properties[key] : schema.additionalProperties, root);
  };
  return [{ isText: type === undefined || [type].flat().includes('string'), at, marks }];
}

function wordsOf(schema: JsonSchema): ReadonlySet<unknown> | undefined {
  if ('const' in schema) return new Set([schema.const]);
  return schema.enum && new Set(schema.enum);
}
