import { from, type Observable } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { encode } from '../../src/codecs/encode.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { applyGrowth } from '../../src/json/growth.js';
import { createJsonReader } from '../../src/json/jsonReader.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { ndjson } from '../../src/wire/ndjson.js';
import { sse } from '../../src/wire/sse.js';
import { PROTOCOLS } from '../codecs/conformance/protocols.js';
import { CountingScheduler } from '../operators/countingScheduler.js';
import { OPERATORS } from '../operators/everyOperator.js';
import { isThorough } from '../thorough.js';

/** Every codec of the library, each dialect by itself. */
export const CODECS: readonly Codec[] = PROTOCOLS.map(({ codec }) => codec);

/** Names that mean something to an object that is used as a map, or whose prototype can be set. */
export const HOSTILE_NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
];

const HOSTILE_JSON =
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"list":[{"__proto__":[1]}],"n":1}';

/** An answer that has this name wherever one can stand. */
function answerOf(name: string): readonly StreamEvent[] {
  return [
    events.messageStart({ id: name, model: name }),
    events.unknown(name, { type: name, ...(JSON.parse(HOSTILE_JSON) as object) }),
    events.textStart(0),
    events.textDelta(0, name),
    events.blockStop(0),
    events.toolUseStart(1, name, name),
    ...(HOSTILE_JSON.match(/.{1,5}/g) ?? []).map((piece) => events.inputJsonDelta(1, piece)),
    events.blockStop(1),
    events.toolUseStart(2, `${name}2`, 'draw', JSON.parse(HOSTILE_JSON)),
    events.blockStop(2),
    events.toolResult(name, JSON.parse(HOSTILE_JSON)),
    events.messageDelta('tool_use', { output_tokens: 1 }),
    events.messageStop(),
  ];
}

/** What was played: how much of it came out as values, and the errors. */
export interface Played {
  values: number;
  readonly errors: unknown[];
  /** What was wrong, in words. */
  readonly problems: string[];
}

/** Plays hostile streams through every framing, codec and operator, and tells what came of it. */
export function play(): Played {
  const played: Played = { values: 0, errors: [], problems: [] };
  const before = builtIns();
  for (const codec of CODECS) {
    for (const [at, name] of HOSTILE_NAMES.entries()) {
      const text = textOf(codec, answerOf(name));
      const mutated = mutations(text, name);
      // Without time for all, each mutation is played with one of the names.
      const chosen = isThorough ? mutated : mutated.filter((_, nth) => nth % HOSTILE_NAMES.length === at);
      const whole = isThorough || at === 0 ? [text] : [];
      for (const hostile of [...whole, ...chosen]) playText(codec, hostile, played);
    }
  }
  for (const piece of [1, 7, 1000]) playJson(HOSTILE_JSON, piece, played);
  if (builtIns() !== before) played.problems.push('A built-in was changed');
  return played;
}

/** The names that built-in objects have, and the values of the hostile ones. */
function builtIns(): string {
  const objects = [Object, Array, Function, String, Map, Error, Promise].flatMap((made) => [
    made,
    made.prototype as object,
  ]);
  return JSON.stringify([
    objects.map((object) => Object.getOwnPropertyNames(object)),
    Reflect.get({}, 'polluted') ?? null,
    Reflect.get([], 'polluted') ?? null,
  ]);
}

function textOf(codec: Codec, given: readonly StreamEvent[]): string {
  const encoder = codec.encoder();
  const frames = [...given.flatMap((event) => encoder.next(event)), ...encoder.end()];
  return frames
    .map(({ data, event }) =>
      codec.framing === 'ndjson' ? `${data}\n` : `event: ${event ?? ''}\nid: __proto__\ndata: ${data}\n\n`,
    )
    .join('');
}

/** The same text with a hostile name in the place of keys, names, numbers and whole values. */
function mutations(text: string, name: string): readonly string[] {
  return [
    text.replaceAll('{"', `{"${name}":{"polluted":true},"`),
    text.replaceAll(/"index":\d+/g, `"index":"${name}"`),
    text.replaceAll(/"type":"[^"]*"/g, `"type":"${name}"`),
    text.replaceAll(/"event":"[^"]*"/g, `"event":"${name}"`),
    text.replaceAll(/"(\w*id)":"[^"]*"/g, `"$1":"${name}"`),
    text.replaceAll(/"(\w+)":(?=[{["])/g, `"${name}":`),
    text.replaceAll(/:(\d+|true|null)/g, `:{"${name}":{"polluted":true}}`),
    text.replaceAll(/^event: .*$/gm, `event: ${name}`),
  ];
}

function playText(codec: Codec, text: string, played: Played): void {
  const decoded: StreamEvent[] = [];
  watch(fromBytes(text, { codec, malformed: 'skip' }), played, (event) => decoded.push(event));
  watch(fromBytes(text, { codec, unknown: 'error' }), played);
  const framing = codec.framing === 'ndjson' ? ndjson() : sse();
  watch(from([text]).pipe(framing, decode(codec), encode(codec)), played);
  for (const { make, given } of Object.values(OPERATORS)) {
    const time = new CountingScheduler();
    const source = typeof given[0] === 'string' ? [HOSTILE_JSON] : decoded;
    watch(from(source as never[]).pipe(make(time)), played);
    time.flush();
  }
}

function playJson(text: string, size: number, played: Played): void {
  const reader = createJsonReader();
  let grown: unknown;
  for (let at = 0; at < text.length; at += size) {
    const { value, growth } = reader.write(text.slice(at, at + size));
    inspect(value, played);
    grown = applyGrowth(grown as never, growth);
    inspect(grown, played);
  }
  inspect(reader.end(), played);
  inspect(reader.items(['__proto__']), played);
}

function watch<T>(source: Observable<T>, played: Played, onValue?: (value: T) => void): void {
  source.subscribe({
    next(value) {
      played.values++;
      inspect(value, played);
      onValue?.(value);
    },
    error(error: unknown) {
      played.errors.push(error);
      if (!(error instanceof StreamError)) played.problems.push(`Not a StreamError: ${String(error)}`);
      else inspect(error.partial, played);
    },
  });
}

/** Whether every object in a value has a prototype that no text chose. */
function inspect(value: unknown, { problems }: Played): void {
  const waiting: unknown[] = [value];
  const seen = new Set<unknown>();
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Error) continue;
    const prototype: unknown = Object.getPrototypeOf(next);
    const isPlain = prototype === Object.prototype || prototype === Array.prototype || prototype === null;
    if (!isPlain && !isOurs(prototype)) problems.push(`A prototype was set: ${JSON.stringify(next)}`);
    if (!Object.hasOwn(next, 'polluted') && Reflect.get(next, 'polluted') !== undefined) {
      problems.push(`A prototype is polluted: ${JSON.stringify(next)}`);
    }
    for (const key of Reflect.ownKeys(next)) waiting.push(Reflect.get(next, key));
  }
}

/** Whether this is the prototype of a class, rather than a value that a text put there. */
function isOurs(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    typeof prototype.constructor === 'function' &&
    Object.hasOwn(prototype, 'constructor')
  );
}
