/**
 * Sends 1 MB of each shape that an attacker, or bad luck, may send through every operator, in one stretch, and through a
 * source, in one chunk, and looks how long that keeps the thread, how much memory it holds, and how its time grows: `npm
 * run attack`. It fails where it takes more than 200 ms of the processor, where it holds more than 20 times the bytes that
 * came in, or where four times the bytes take six times as long. With a part of a name it plays those alone.
 */
import {
  asyncScheduler,
  of,
  Subject,
  VirtualTimeScheduler,
  type Observable,
  type Unsubscribable,
} from 'rxjs';
import type { Codec } from '../src/codecs/codec.js';
import { limitMessages } from '../src/operators/limitMessages.js';
import * as events from '../src/events/make.js';
import { fromBytes } from '../src/sources/fromBytes.js';
import { converse } from '../src/turns/converse.js';
import { ANSWER, OPERATORS, type OperatorCase } from '../test/operators/everyOperator.js';
import { EVENT_SHAPES, TEXT_SHAPES, WIDE_SHAPES } from '../test/operators/shapes.js';
import { BODIES } from '../test/sources/bodies.js';

const BYTES = 1_000_000;
/** A machine that has just tested all else is slower: 4,096 calls in one stretch take converse nearly all of this on a quiet one. */
const MOST_MS = process.env['CI'] === 'true' ? 300 : 200;
const MOST_TIMES = 20;
const MOST_BLOCKS = 4_096;
/** How much longer four times the bytes may take. */
const PARTS = 4;
const MOST_GROWTH = 6;
/** What takes less, in ms, says nothing of how it grows. */
const TOO_SHORT = 40;
/** A plain list of all blocks or calls is copied with each change: its pointers alone, and no more of them than the limit. */
const TOO_SHORT_LISTED = 400;
const TRIES = 30;

const PLAYED: Readonly<Record<string, OperatorCase>> = {
  ...OPERATORS,
  // What a stranger says in a conversation are its answers; the questions are a person's, one by one.
  converse: {
    make: () => (answer) => of('Hi').pipe(converse({ ask: () => answer })),
    given: ANSWER,
    gives: 2,
    isTimed: false,
  },
};

interface Figures {
  /** How long the thread is kept, in ms. */
  readonly ms: number;
  /** What is held at the end of the bytes, as a multiple of the bytes that came in. */
  readonly memory: number;
  /** How much longer it takes than a quarter; 1 where that cannot be told. */
  readonly growth: number;
}

const gc = globalThis.gc;
if (gc === undefined) throw new Error('Run it with --expose-gc');
const heap = (): number => {
  gc();
  return process.memoryUsage().heapUsed;
};

/**
 * How long something keeps the thread, in ms. The clock counts what other processes do in that time, and the processor what
 * the engine's other threads do: each is at least as much as was asked for.
 */
function timeOf(run: () => void): number {
  const [began, before] = [performance.now(), process.cpuUsage()];
  run();
  const { user, system } = process.cpuUsage(before);
  return Math.min(performance.now() - began, (user + system) / 1000);
}

/** What an item is on the wire; a piece of text comes in an event. */
const sizeOf = (item: unknown): number =>
  JSON.stringify(typeof item === 'string' ? events.textDelta(0, item) : item).length;

/** What is played, whole or a part of it. */
interface Case {
  readonly name: string;
  readonly isListed: boolean;
  readonly play: (part: number) => Played;
}

type Played = Omit<Figures, 'growth'>;

interface Items {
  readonly items: readonly unknown[];
  /** What they are on the wire. */
  readonly bytes: number;
}

/** A megabyte of a shape, or as much as the limit of blocks lets through. */
function megabyteOf<T extends readonly unknown[] | Uint8Array>(
  make: (count: number) => T,
  bytesOf: (items: T) => number,
  isListed = false,
  part = 1,
): T {
  const count = Math.ceil(BYTES / (bytesOf(make(1_000)) / 1_000));
  return make(Math.ceil((isListed ? Math.min(count, MOST_BLOCKS) : count) / part));
}

/** The heap before a stretch, where the one before it has left next to nothing: to collect takes longer than to play. */
let clean: number | undefined;

/** Makes the whole once, and a part of it once, because many cases play the same. */
function kept<T>(make: (part: number) => T): (part: number) => T {
  const made = new Map<number, T>();
  return (part) => {
    const known = made.get(part);
    if (known !== undefined) return known;
    clean = undefined;
    const items = make(part);
    made.set(part, items);
    return items;
  };
}

/** Measures a stretch; what comes out is dropped at once. */
function measured(bytes: number, open: () => Unsubscribable, stretch: () => void): Played {
  const before = clean ?? heap();
  const subscription = open();
  const ms = timeOf(stretch);
  const memory = (heap() - before) / bytes;
  subscription.unsubscribe();
  clean = Math.abs(memory) < 1 ? before : undefined;
  return { ms, memory };
}

const totalOf = (items: readonly unknown[]): number =>
  items.reduce<number>((sum, item) => sum + sizeOf(item), 0);

/** Plays a stream through an operator. */
function playItems({ items, bytes }: Items, name: string): Played {
  const { make, given } = PLAYED[name] as OperatorCase;
  // Virtual time sorts all timers with each, and this one has one for each call.
  const scheduler = name === 'runTools' ? asyncScheduler : new VirtualTimeScheduler();
  const source = new Subject<never>();
  const bounded: Observable<never> = given === ANSWER ? source.pipe(limitMessages<never>()) : source;
  return measured(
    bytes,
    () => bounded.pipe(make(scheduler)).subscribe({ error: () => undefined }),
    () => {
      for (const item of items) source.next(item as never);
    },
  );
}

/** Reads a body that comes in one chunk. */
function playBody(chunk: Uint8Array, codec: Codec): Played {
  const source = new Subject<Uint8Array>();
  const onSkip = (): void => undefined;
  return measured(
    chunk.length,
    () => fromBytes(source, { codec, malformed: 'skip', onSkip }).subscribe({ error: () => undefined }),
    () => source.next(chunk),
  );
}

/** The best of a few runs: what else goes on in the machine makes a run slower, never faster. */
function best({ play, isListed }: Case): Figures {
  let figures: Figures = { ...play(1), growth: 1 };
  let quarter = Infinity;
  for (let tried = 0; tried < TRIES; tried++) {
    if (figures.ms >= (isListed ? TOO_SHORT_LISTED : TOO_SHORT)) {
      quarter = Math.min(quarter, play(PARTS).ms);
      figures = { ...figures, growth: figures.ms / quarter };
    }
    if (!isTooMuch(figures)) break;
    const again = play(1);
    figures = {
      ms: Math.min(figures.ms, again.ms),
      memory: Math.min(figures.memory, again.memory),
      growth: 1,
    };
  }
  return figures;
}

function isTooMuch({ ms, memory, growth }: Figures): boolean {
  return ms > MOST_MS || memory > MOST_TIMES || growth > MOST_GROWTH;
}

function* cases(): Generator<Case> {
  for (const { name: shape, make, isListed = false } of [...EVENT_SHAPES, ...WIDE_SHAPES, ...TEXT_SHAPES]) {
    const itemsOf = kept((part): Items => {
      const items = megabyteOf(make, totalOf, isListed, part);
      return { items, bytes: totalOf(items) };
    });
    const isText = TEXT_SHAPES.some(({ name }) => name === shape);
    for (const [name, { given }] of Object.entries(PLAYED)) {
      if ((given === ANSWER) === isText) continue;
      yield { name: `${name}, ${shape}`, isListed, play: (part) => playItems(itemsOf(part), name) };
    }
  }
  for (const { name: shape, codec, make, isListed = false } of BODIES) {
    const body = (count: number): Uint8Array => new TextEncoder().encode(make(count));
    const chunk = kept((part) => megabyteOf(body, ({ length }) => length, isListed, part));
    const name = `fromBytes of ${codec.name}, ${shape}`;
    yield { name, isListed, play: (part) => playBody(chunk(part), codec) };
  }
}

const only = process.argv[2] ?? '';
let failed = 0;
let rows = 0;
for (const row of cases()) {
  if (!row.name.includes(only)) continue;
  const figures = best(row);
  const { ms, memory, growth } = figures;
  rows++;
  if (isTooMuch(figures)) failed++;
  const mark = isTooMuch(figures) ? 'FAIL' : 'ok  ';
  console.log(
    `${mark} ${ms.toFixed(0).padStart(5)} ms ${memory.toFixed(1).padStart(6)} times the bytes ${growth.toFixed(1).padStart(5)} times a quarter  ${row.name}`,
  );
}
console.log(
  `At most ${MOST_MS} ms, ${MOST_TIMES} times the bytes in memory, ${MOST_GROWTH} times a quarter.`,
);
console.log(`${rows - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
