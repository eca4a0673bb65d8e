import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { catchError, EMPTY, from } from 'rxjs';
import * as z from 'zod';
import * as mini from 'zod/mini';
import type { JsonPath, JsonValue } from '../../src/json/value.js';
import {
  accumulateJson,
  type AccumulateJsonOptions,
  type JsonProgress,
} from '../../src/operators/accumulateJson.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import type { StandardSchema } from '../../src/schema/standardSchema.js';
import { CUTS, cut } from '../json/texts.js';
import { runs } from '../seed.js';
import { all, callOf, replyOf } from './replies.js';

/** What a value has to be, for a model that is no schema of anybody. */
type Kind =
  | { readonly is: 'words'; readonly words: readonly [string, ...string[]] }
  | { readonly is: 'text' }
  | { readonly is: 'number' }
  | { readonly is: 'list'; readonly of: Kind }
  | { readonly is: 'map'; readonly of: Kind }
  | { readonly is: 'members'; readonly of: Readonly<Record<string, Kind>> }
  | { readonly is: 'nullable' | 'optional'; readonly of: Kind }
  | { readonly is: 'either'; readonly of: readonly [Kind, ...Kind[]] }
  | { readonly is: 'told'; readonly of: readonly { readonly kind: string; readonly of: Kind }[] };

const WORD = fc.constantFrom('a', 'ab', 'abc', 'red', 'reddish', 'é"', '😀');
const WORDS = fc
  .uniqueArray(WORD, { minLength: 1, maxLength: 3 })
  .map((words): Kind => ({ is: 'words', words: words as [string, ...string[]] }));
const SCALAR: fc.Arbitrary<Kind> = fc.oneof(
  WORDS,
  WORDS,
  fc.constant<Kind>({ is: 'text' }),
  fc.constant<Kind>({ is: 'number' }),
);

const KIND: fc.Arbitrary<Kind> = fc.letrec<{ kind: Kind }>((tie) => ({
  kind: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    SCALAR,
    fc.tuple(SCALAR, SCALAR).map((of): Kind => ({ is: 'either', of })),
    fc.record({ is: fc.constantFrom('list', 'map', 'nullable', 'optional'), of: tie('kind') }),
    fc
      .dictionary(fc.constantFrom('x', 'y', 'constructor', '0'), tie('kind'), { maxKeys: 3 })
      .map((of): Kind => ({ is: 'members', of })),
    fc
      .uniqueArray(fc.record({ kind: WORD, of: tie('kind') }), {
        minLength: 1,
        maxLength: 3,
        selector: ({ kind }) => kind,
      })
      .map((of): Kind => ({ is: 'told', of })),
  ),
})).kind;

/** The objects of a union that are told apart by their `kind`. */
function toldApart({ kind, of }: { readonly kind: string; readonly of: Kind }): Kind {
  return { is: 'members', of: { kind: { is: 'words', words: [kind] }, of } };
}

/** A value of this kind; now and then with a word that is none. */
function valueOf(kind: Kind, wrong: boolean): fc.Arbitrary<JsonValue> {
  switch (kind.is) {
    case 'words': {
      const word: fc.Arbitrary<string> = fc.constantFrom(...kind.words);
      return wrong
        ? fc.oneof({ weight: 5, arbitrary: word }, fc.constantFrom('b', 'ab', ''), fc.constant({}))
        : word;
    }
    case 'text':
      return fc.constantFrom('', 'a', 'redder', 'any text', '\\"😀');
    case 'number':
      return fc.integer();
    case 'list':
      return fc.array(valueOf(kind.of, wrong), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.constantFrom('k', '__proto__', 'l'), valueOf(kind.of, wrong));
    case 'nullable':
    case 'optional':
      return kind.is === 'nullable' ? fc.option(valueOf(kind.of, wrong)) : valueOf(kind.of, wrong);
    case 'members':
      return fc.record(
        Object.fromEntries(Object.entries(kind.of).map(([key, of]) => [key, valueOf(of, wrong)])),
      );
    case 'either':
      return fc.oneof(...kind.of.map((of) => valueOf(of, wrong)));
    case 'told':
      return fc.oneof(...kind.of.map((of) => valueOf(toldApart(of), wrong)));
  }
}

/** Whether a value, or what there is of it, is of this kind. */
function isOf(kind: Kind, value: JsonValue): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  switch (kind.is) {
    case 'words':
      return kind.words.some((word) => word === value);
    case 'text':
      // What is no word is held to nothing: the schema has its say when the value is whole.
      return true;
    case 'number':
      return typeof value !== 'string';
    case 'list':
      return (
        typeof value !== 'string' &&
        (!Array.isArray(value) || value.every((item: JsonValue) => isOf(kind.of, item)))
      );
    case 'map':
      return (
        typeof value !== 'string' &&
        (!isObject || Object.values(value).every((item: JsonValue) => isOf(kind.of, item)))
      );
    case 'members':
      return (
        typeof value !== 'string' &&
        (!isObject ||
          Object.entries(kind.of).every(
            ([key, of]) => !Object.hasOwn(value, key) || isOf(of, Reflect.get(value, key) as JsonValue),
          ))
      );
    case 'nullable':
      return value === null || isOf(kind.of, value);
    case 'optional':
      return isOf(kind.of, value);
    case 'either':
      return kind.of.some((of) => isOf(of, value));
    case 'told':
      return kind.of.some((of) => isOf(toldApart(of), value));
  }
}

function zodOf(kind: Kind): z.ZodType {
  switch (kind.is) {
    case 'words':
      return kind.words.length === 1 ? z.literal(kind.words[0]) : z.enum(kind.words);
    case 'text':
      return z.string();
    case 'number':
      return z.number();
    case 'list':
      return z.array(zodOf(kind.of)).default([]);
    case 'map':
      return z.record(z.string(), zodOf(kind.of));
    case 'nullable':
      return zodOf(kind.of).nullable();
    case 'optional':
      return z.lazy(() => zodOf(kind.of).optional());
    case 'members':
      return z.object(Object.fromEntries(Object.entries(kind.of).map(([key, of]) => [key, zodOf(of)])));
    case 'either':
      return z.union(kind.of.map(zodOf));
    case 'told':
      return z.discriminatedUnion(
        'kind',
        kind.of.map((of) => z.object({ kind: z.literal(of.kind), of: zodOf(of.of) })) as unknown as [
          z.ZodObject,
        ],
      );
  }
}

function miniOf(kind: Kind): mini.ZodMiniType {
  switch (kind.is) {
    case 'words':
      return mini.enum(kind.words);
    case 'text':
      return mini.string();
    case 'number':
      return mini.number();
    case 'list':
      return mini.readonly(mini.array(miniOf(kind.of)));
    case 'map':
      return mini.record(mini.string(), miniOf(kind.of));
    case 'nullable':
      return mini.nullable(miniOf(kind.of));
    case 'optional':
      return mini.optional(miniOf(kind.of));
    case 'members':
      return mini.object(Object.fromEntries(Object.entries(kind.of).map(([key, of]) => [key, miniOf(of)])));
    case 'either':
      return mini.union(kind.of.map(miniOf));
    case 'told':
      return mini.union(kind.of.map((of) => miniOf(toldApart(of))));
  }
}

/** The schema of a library that says what it reads by Standard JSON Schema. */
function foreignOf(kind: Kind): StandardSchema {
  const schema = zodOf(kind);
  const { validate, jsonSchema } = schema['~standard'];
  return { '~standard': { version: 1, vendor: 'somebody', validate, jsonSchema } } as StandardSchema;
}

interface Sample {
  readonly kind: Kind;
  readonly value: JsonValue;
  readonly pieces: readonly string[];
}

function samples(wrong: boolean): fc.Arbitrary<Sample> {
  return fc.tuple(KIND, CUTS).chain(([kind, cuts]) =>
    valueOf(kind, wrong).map((value) => {
      const text = JSON.stringify(value);
      return { kind, value: JSON.parse(text) as JsonValue, pieces: cut(text, cuts) };
    }),
  );
}

function progress(
  pieces: readonly string[],
  options: AccumulateJsonOptions<unknown>,
): readonly JsonProgress<unknown>[] {
  return all(
    from(pieces).pipe(
      accumulateJson(options),
      catchError(() => EMPTY),
    ),
  );
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((at, key) => Reflect.get(Object(at) as object, key), value);
}

describe.each([
  ['zod', zodOf],
  ['zod/mini', miniOf],
  ['Standard JSON Schema', foreignOf],
])('a partial value by a schema of %s', (_, schemaOf: (kind: Kind) => StandardSchema) => {
  it('has no word that is none, wherever the words stand', () => {
    fc.assert(
      fc.property(samples(true), ({ kind, pieces }) =>
        progress(pieces, { schema: schemaOf(kind) })
          .filter(({ status }) => status === 'partial')
          .every(({ value }) => isOf(kind, value as JsonValue)),
      ),
      { numRuns: runs(400), seed: 1 },
    );
  });

  it('shows all that is finished, where every word is one', () => {
    fc.assert(
      fc.property(samples(false), ({ kind, value, pieces }) => {
        const last = progress([...pieces, ' '], { schema: schemaOf(kind) }).filter(
          ({ status }) => status === 'partial',
        );
        return typeof value === 'number' || isDeepStrictEqual(last.at(-1)?.value, value);
      }),
      { numRuns: runs(400), seed: 2 },
    );
  });
});

describe('what is closed', () => {
  it('is in the end as it was shown, and everything is closed once', () => {
    fc.assert(
      fc.property(samples(false), ({ kind, value, pieces }) => {
        const shown = progress(pieces, { schema: zodOf(kind), closed: true });
        const known = shown.every(({ value: now, closed = [] }) =>
          closed.every((path) => isDeepStrictEqual(valueAt(now, path), valueAt(value, path))),
        );
        const paths = shown.flatMap(({ closed = [] }) => closed.map((path) => JSON.stringify(path)));
        return known && new Set(paths).size === paths.length && paths.length === countOf(value);
      }),
      { numRuns: runs(400), seed: 3 },
    );
  });

  it('of a tool is so too, however the text is cut', () => {
    const paths = (pieces: readonly string[]): readonly JsonPath[] =>
      all(from(replyOf(callOf(0, pieces), 'tool_use')).pipe(accumulateToolInput({ closed: true }))).flatMap(
        ({ closed = [] }) => closed,
      );
    const text = '{"a":[1,{"b":"\\u00e9"},[]],"c":null}';
    expect(paths([...text])).toEqual([['a', 0], ['a', 1, 'b'], ['a', 1], ['a', 2], ['a'], ['c'], []]);
    expect(paths([text])).toEqual(paths([...text]));
  });
});

/** How many values a value is made of. */
function countOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((count: number, item: JsonValue) => count + countOf(item), 1);
}

describe('an early error', () => {
  it('comes for no value that the schema takes', () => {
    fc.assert(
      fc.property(samples(false), ({ kind, value, pieces }) => {
        const [last] = progress(pieces, { schema: zodOf(kind), early: true }).slice(-1);
        return last?.status === 'complete' || !zodOf(kind).safeParse(value).success;
      }),
      { numRuns: runs(400), seed: 4 },
    );
  });

  it.each<[string, StandardSchema, string]>([
    ['a number that is too large', z.object({ a: z.object({ b: z.number().max(3) }) }), '{"a":{"b":4,'],
    ['an item', z.array(z.email()), '["somebody",'],
    ['an object that lacks a member', z.object({ a: z.object({ b: z.string() }) }), '{"a":{}'],
    [
      'a word that is none',
      foreignOf({ is: 'members', of: { a: { is: 'words', words: ['b'] } } }),
      '{"a":"c"',
    ],
    ['an object for a word', z.object({ a: z.enum(['b']) }), '{"a":{'],
  ])('comes with %s', (_, schema, text) => {
    let failure: unknown;
    from([...text, '~'])
      .pipe(accumulateJson({ schema, early: true }))
      .subscribe({ error: (error: unknown) => (failure = error) });
    expect(failure).toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(/is not what its schema asks for: [a0]/),
    });
  });

  it('is the same at the end, where nobody asks for it early', () => {
    const schema = z.object({ a: z.object({ b: z.number().max(3) }) });
    const messages = [true, false].map((early) => {
      let message: unknown;
      from(['{"a":{"b":4}', '}'])
        .pipe(accumulateJson({ schema, early }))
        .subscribe({
          error: (error: Error) => (message = error.message),
        });
      return message;
    });
    expect(messages[0]).toBe(messages[1]);
  });
});

describe('of a schema', () => {
  const shown = (schema: StandardSchema, text: string): unknown =>
    progress([...text], { schema }).at(-1)?.value;

  it.each<[string, StandardSchema, string, unknown]>([
    ['text beside words', z.union([z.enum(['red']), z.string()]), '"re', 're'],
    ['a word with a default', z.enum(['red']).default('red'), '"re', undefined],
    ['a word of which anything else becomes another', z.enum(['red']).catch('red'), '"blu', 'blu'],
    ['a number that is made of text', z.coerce.number(), '"4', '4'],
    [
      'text that is made to be a word',
      z
        .string()
        .toLowerCase()
        .pipe(z.enum(['red'])),
      '"RE',
      'RE',
    ],
    ['what is made of anything', z.preprocess(String, z.enum(['red'])), '"re', 're'],
    ['a word that becomes another', z.enum(['red']).transform(() => 1), '"re', undefined],
    [
      'a list of fixed length',
      z.tuple([z.string(), z.literal('b')], z.enum(['c'])),
      '["a","b","',
      ['a', 'b'],
    ],
    [
      'a part of two',
      z.object({ a: z.enum(['b']) }).and(z.object({ c: z.string() })),
      '{"c":"d","a":"',
      { c: 'd' },
    ],
    ['what it does not name', z.object({ a: z.enum(['b']) }), '{"c":"d', { c: 'd' }],
    [
      'a library of which nothing is known',
      { '~standard': { version: 1, vendor: 'v', validate: () => ({ issues: [] }) } },
      '"re',
      're',
    ],
  ])('shows %s as it may be read', (_, schema, text, value) => {
    expect(shown(schema, text)).toEqual(value);
  });

  it('that is a union with itself says what its other options say', () => {
    const word = z.union([z.enum(['red']), z.lazy((): z.ZodType => word)]);
    expect(shown(word, '"re')).toBeUndefined();
    expect(shown(z.json(), '{"a":["re')).toEqual({ a: ['re'] });
  });

  it('that names itself reads as deep as the text goes', () => {
    const node = z.object({
      color: z.enum(['red', 'blue']),
      get children() {
        return z.array(z.lazy((): z.ZodType => node));
      },
    });
    const text = '{"color":"red","children":[{"color":"blue","children":[{"color":"r';
    const value = { color: 'red', children: [{ color: 'blue', children: [{}] }] };
    expect(shown(node, text)).toEqual(value);
    const { validate, jsonSchema } = node['~standard'];
    expect(
      shown({ '~standard': { version: 1, vendor: 'v', validate, jsonSchema } } as StandardSchema, text),
    ).toEqual(value);
  });
});
