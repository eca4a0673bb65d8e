import fc from 'fast-check';
import type { ZodMiniType } from 'zod/mini';
import { ENTRY_MODULES } from '../../../scripts/entryModules.js';
import { StreamError } from '../../../src/errors/streamError.js';
import { checked } from '../../../src/codecs/kit/door.js';
import { answers } from './answers.js';
import { PROTOCOLS } from './protocols.js';
import { EVERYTHING } from './scope.js';
import { framesOf } from './spelling.js';
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

/** Each schema that an entry exports, alone or in a table, by name. */
const SCHEMAS = ENTRY_MODULES.flatMap((entry) => Object.entries(entry)).flatMap(([name, value]) =>
  isSchema(value)
    ? [[name, value] as const]
    : /Schemas$/.test(name)
      ? Object.entries(value as object).map(
          ([member, schema]) => [`${name}.${member}`, schema as ZodMiniType] as const,
        )
      : [],
);

/** Wire values of every protocol, and everything inside them, with up to three members that are not as they were. */
const WIRE_VALUES = fc
  .tuple(
    fc.oneof(...PROTOCOLS.map(({ codec }) => answers(EVERYTHING).map((events) => framesOf(codec, events)))),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...OTHERS)), { maxLength: 3 }),
  )
  .map(([frames, changes]) =>
    frames.flatMap(({ data }) => {
      const value: unknown = JSON.parse(data);
      for (const [place, other] of changes) change(value, place, other);
      return [value, ...placesIn(value).map(([object, name]): unknown => Reflect.get(object, name))];
    }),
  );

/** Those of thirty answers, each value once: all schemas are asked about the same. */
const VALUES = [
  ...new Map(
    fc
      .sample(WIRE_VALUES, 30)
      .flat()
      .map((value) => [JSON.stringify(value), value]),
  ).values(),
];

it('every codec has a schema that an entry exports', () => {
  const exported = new Set<unknown>(SCHEMAS.map(([, schema]) => schema));
  expect(PROTOCOLS.filter(({ codec }) => !exported.has(codec.schema)).map(({ codec }) => codec.name)).toEqual(
    [],
  );
});

it.each(SCHEMAS)('the door lets in what %s does, as it came or mended', (_, schema) => {
  const accepted = VALUES.filter((value) => schema.safeParse(value).success);
  expect(VALUES.filter((value) => isLetIn(schema, value))).toEqual(accepted);
  if (PROTOCOLS.some(({ codec }) => codec.schema === schema)) expect(accepted).not.toEqual([]);
});

function isLetIn(schema: ZodMiniType, value: unknown): boolean {
  try {
    const whole = checked(schema, value, 'value', { data: '' });
    return whole === value || checked(schema, whole, 'value', { data: '' }) === whole;
  } catch (error) {
    if (error instanceof StreamError && error.code === 'malformed') return false;
    throw error;
  }
}

function isSchema(value: unknown): value is ZodMiniType {
  return typeof value === 'object' && value !== null && '_zod' in value;
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
