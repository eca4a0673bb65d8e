import { existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import type { ZodMiniType } from 'zod/mini';
import type { Codec } from '../../../src/codecs/codec.js';
import { ENTRY_MODULES } from '../../../scripts/entryModules.js';
import { StreamError } from '../../../src/errors/streamError.js';
import { checked } from '../../../src/codecs/kit/door.js';
import type { Schema } from '../../../src/codecs/kit/shape.js';
import { isThorough } from '../../thorough.js';
import { answers } from './answers.js';
import { PROTOCOLS } from './protocols.js';
import { EVERYTHING } from './scope.js';
import { isValid } from './valid.js';
import { framesOf, valuesOf } from './spelling.js';
import '../../seed.js';

/** What takes the place of a member; `undefined` deletes it. */
const OTHERS: readonly unknown[] = [
  undefined,
  null,
  'text',
  '',
  7,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  [{}],
  { type: 'x' },
];

const CODECS = new URL('../../../src/codecs/', import.meta.url);

/** What the codecs check by, by name: the schemas that their wires are written down in. */
const DOORS = new Map<string, Schema>(
  (await Promise.all(wires().map((path) => import(path) as Promise<object>))).flatMap((wire) => named(wire)),
);

/** Each schema that an entry exports, alone or in a table, by name: schemas of zod. */
const SCHEMAS = ENTRY_MODULES.flatMap((entry) => named<ZodMiniType>(entry));

function wires(): readonly string[] {
  const folders = readdirSync(CODECS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .filter(({ name }) => existsSync(new URL(`${name}/wire.ts`, CODECS)))
    .map(({ name }) => `../../../src/codecs/${name}/wire.js`);
}

/** The schemas of a module, alone or in a table, by name. */
function named<S>(module: object): readonly (readonly [string, S])[] {
  return Object.entries(module).flatMap(([name, value]: [string, unknown]) => {
    if (/Schema$/.test(name)) return [[name, value as S] as const];
    if (!/Schemas$/.test(name)) return [];
    return Object.entries(value as object).map(
      ([member, schema]) => [`${name}.${member}`, schema as S] as const,
    );
  });
}

/** Wire values of a protocol, and everything inside them, with up to three members that are not as they were. */
function wireValues(codec: Codec): fc.Arbitrary<readonly unknown[]> {
  const changed = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...OTHERS)), { maxLength: 3 });
  return fc.tuple(answers(EVERYTHING), changed).map(([events, changes]) =>
    valuesOf(codec, framesOf(codec, events)).flatMap((value, at) => {
      // The first stays as it was: of frames that have few members, a change may hit the name of each.
      if (at > 0) for (const [place, other] of changes) change(value, place, other);
      return [value, ...placesIn(value).map(([object, name]): unknown => Reflect.get(object, name))];
    }),
  );
}

/** Those of a few answers in every protocol, each value once: all schemas are asked about the same. */
const VALUES = [
  ...new Map(
    PROTOCOLS.flatMap(({ codec }) => fc.sample(wireValues(codec), isThorough ? 5 : 1).flat()).map((value) => [
      JSON.stringify(value),
      value,
    ]),
  ).values(),
];

it('every codec has a schema that an entry exports', () => {
  const exported = new Set(SCHEMAS.map(([name]) => DOORS.get(name)));
  expect(
    PROTOCOLS.filter(({ codec }) => !exported.has(codec.schema as Schema)).map(({ codec }) => codec.name),
  ).toEqual([]);
});

it.each(SCHEMAS)('the door lets in what %s does, as it came or mended', (name, schema) => {
  const door = DOORS.get(name) as Schema;
  const accepted = VALUES.filter((value) => schema.safeParse(value).success);
  expect(VALUES.filter((value) => isLetIn(door, value))).toEqual(accepted);
  expect(VALUES.filter((value) => isValid(door, value))).toEqual(accepted);
  if (PROTOCOLS.some(({ codec }) => codec.schema === door)) expect(accepted).not.toEqual([]);
});

function isLetIn(schema: Schema, value: unknown): boolean {
  try {
    const whole = checked(schema, value, 'value', { data: '' });
    return whole === value || checked(schema, whole, 'value', { data: '' }) === whole;
  } catch (error) {
    if (error instanceof StreamError && error.code === 'malformed') return false;
    throw error;
  }
}

/** Every member of the objects and arrays within a value. */
function placesIn(value: unknown): readonly (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => [
    [value, name] as const,
    ...placesIn(Reflect.get(value, name)),
  ]);
}

function change(value: unknown, place: number, other: unknown): void {
  const places = placesIn(value);
  const [object, name] = places[place % places.length] ?? [];
  if (object === undefined || name === undefined) return;
  if (other === undefined) Reflect.deleteProperty(object, name);
  else Reflect.set(object, name, structuredClone(other));
}
