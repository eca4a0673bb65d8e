/**
 * Sends 1 MB of each shape that an attacker, or bad luck, may send through every operator, in one stretch, and looks how
 * long it keeps the thread, how much memory it holds, and how its time grows: `npm run attack`. It fails where it takes
 * more than 200 ms of the processor, where an operator holds more than 20 times the bytes that came in, or where four
 * times the bytes take six times as long. With a part of a name it plays those alone.
 */
import { asyncScheduler, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import { limitMessages } from '../src/operators/limitMessages.js';
import * as events from '../src/events/make.js';
import { ANSWER, OPERATORS, type OperatorCase } from '../test/operators/everyOperator.js';
import { EVENT_SHAPES, TEXT_SHAPES, WIDE_SHAPES, type Shape } from '../test/operators/shapes.js';

const BYTES = 1_000_000;
const MOST_MS = 200;
const MOST_TIMES = 20;
const MOST_BLOCKS = 4_096;
/** How much longer four times the bytes may take. */
const PARTS = 4;
const MOST_GROWTH = 6;
/** What takes less, in ms of the processor, says nothing of how it grows. */
const TOO_SHORT = 40;
/** A plain list of all blocks or calls is copied with each change: its pointers alone, and no more of them than the limit. */
const TOO_SHORT_LISTED = 400;
const TRIES = 6;

interface Figures {
  /** How long the thread is kept, in ms of the processor. */
  readonly ms: number;
  /** What is held at the end, as a multiple of the bytes that came in. */
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

function cpu(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** What an item is on the wire; a piece of text comes in an event. */
const sizeOf = (item: unknown): number =>
  JSON.stringify(typeof item === 'string' ? events.textDelta(0, item) : item).length;

/** A megabyte of a shape, or as much as the limit of blocks lets through. */
function megabyteOf({ make, isListed = false }: Shape, part = 1): readonly unknown[] {
  const sample = make(1_000);
  const each = sample.reduce<number>((sum, item) => sum + sizeOf(item), 0) / 1_000;
  const count = Math.ceil(BYTES / each);
  return make(Math.ceil((isListed ? Math.min(count, MOST_BLOCKS) : count) / part));
}

/** Plays a stream in one stretch; what comes out is dropped at once. */
function play(items: readonly unknown[], name: string): Omit<Figures, 'growth'> {
  const { make, given } = OPERATORS[name] as OperatorCase;
  const bytes = items.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  const time = new VirtualTimeScheduler();
  // Virtual time sorts all timers with each, and this one has one for each call.
  const scheduler = name === 'runTools' ? asyncScheduler : time;
  const source = new Subject<never>();
  const bounded: Observable<never> = given === ANSWER ? source.pipe(limitMessages<never>()) : source;
  const before = heap();
  const subscription = bounded.pipe(make(scheduler)).subscribe({ error: () => undefined });
  const begin = process.cpuUsage();
  for (const item of items) source.next(item as never);
  const ms = cpu(begin);
  const memory = (heap() - before) / bytes;
  subscription.unsubscribe();
  return { ms, memory };
}

/** The best of a few runs: what else goes on in the machine makes a run slower, never faster. */
function best(shape: Shape, items: readonly unknown[], name: string): Figures {
  let figures: Figures = { ...play(items, name), growth: 1 };
  let quarter = Infinity;
  for (let tried = 0; tried < TRIES; tried++) {
    if (figures.ms >= (shape.isListed ? TOO_SHORT_LISTED : TOO_SHORT)) {
      quarter = Math.min(quarter, play(megabyteOf(shape, PARTS), name).ms);
      figures = { ...figures, growth: figures.ms / quarter };
    }
    if (!isTooMuch(figures)) break;
    const again = play(items, name);
    figures = { ms: Math.min(figures.ms, again.ms), memory: Math.min(figures.memory, again.memory), growth: 1 };
  }
  return figures;
}

function isTooMuch({ ms, memory, growth }: Figures): boolean {
  return ms > MOST_MS || memory > MOST_TIMES || growth > MOST_GROWTH;
}

const only = process.argv[2] ?? '';
let failed = 0;
let rows = 0;
for (const shape of [...EVENT_SHAPES, ...WIDE_SHAPES, ...TEXT_SHAPES]) {
  const items = megabyteOf(shape);
  for (const [name, operator] of Object.entries(OPERATORS)) {
    if ((operator.given === ANSWER) === TEXT_SHAPES.includes(shape)) continue;
    if (!`${name}, ${shape.name}`.includes(only)) continue;
    const figures = best(shape, items, name);
    const { ms, memory, growth } = figures;
    rows++;
    if (isTooMuch(figures)) failed++;
    const mark = isTooMuch(figures) ? 'FAIL' : 'ok  ';
    console.log(
      `${mark} ${ms.toFixed(0).padStart(5)} ms ${memory.toFixed(1).padStart(6)} times the bytes ${growth.toFixed(1).padStart(5)} times a quarter  ${name}, ${shape.name}`,
    );
  }
}
console.log(
  `At most ${MOST_MS} ms, ${MOST_TIMES} times the bytes in memory, ${MOST_GROWTH} times a quarter.`,
);
console.log(`${rows - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
