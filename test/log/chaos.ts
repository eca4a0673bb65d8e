import { catchError, defaultIfEmpty, lastValueFrom, map, of, scan, takeUntil, timer } from 'rxjs';
import { isStreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { fromLog, shareRun, type RunLog, type RunWriter } from '../../src/log.js';
import { messageOf, REPLY, Viewer } from './laws.js';

/** A run on its own in a log that others share, and what may happen to it. */
export interface World {
  /** The log as two processes see it. */
  readonly logs: readonly [RunLog, RunLog];
  readonly run: string;
  /** What may go wrong, by name. */
  readonly faults: Readonly<Record<string, () => unknown>>;
  /** Whether entries were trimmed, so that a viewer may be told `gap`. */
  isTrimmed: boolean;
  /** Whether the log has lost the run. */
  isLost: boolean;
}

/** What chaos is played on. */
export interface Arena {
  readonly name: string;
  world(random: () => number): Promise<World>;
  /** Lets others go on. */
  turn(): Promise<void>;
  /** What happens to all worlds now and then, after so many steps. */
  readonly disaster?: { readonly every: number; strike(worlds: Iterable<World>): Promise<void> };
  close(): Promise<void>;
}

/** What was played. */
export interface Played {
  steps: number;
  worlds: number;
  /** How the viewers ended: `done`, or the code of an error. */
  readonly ends: Map<string, number>;
  /** What broke a law, each with the seed that plays it again. */
  readonly failures: string[];
}

/** Numbers of a sequence that its seed decides, from 0 up to 1. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a viewer, or a writer that was cut off, may be told. */
const OF_CONNECTION = new Set(['network', 'abandoned', 'http']);
const LATE_MS = 15_000;

/** One run, played at random. */
class Game {
  steps = 0;
  readonly #world: World;
  readonly #random: () => number;
  readonly #share: readonly ReturnType<typeof shareRun>[];
  readonly #viewers: { readonly viewer: Viewer; readonly log: RunLog; tries: number }[] = [];
  readonly #stale: RunWriter[] = [];
  #writer: RunWriter | undefined;
  #asks: { unsubscribe(): void } | undefined;
  /** What stands of the epoch that is open. */
  #written: StreamEvent[] = [];
  #hasBegun = false;
  /** Whether a writer has asked for the end and has not heard what became of it: it may stand. */
  #mayBeOver = false;
  #isOver = false;

  constructor(world: World, random: () => number) {
    this.#world = world;
    this.#random = random;
    this.#share = world.logs.map((log) => shareRun(log));
  }

  async play(most: number, turn: () => Promise<void>): Promise<string[]> {
    try {
      while (this.steps < most && !this.#isOver) {
        await this.#step();
        this.steps++;
        if (this.#random() < 0.3) await turn();
      }
      await this.#end();
      return await this.#ends(turn);
    } finally {
      this.#asks?.unsubscribe();
      for (const { viewer } of this.#viewers) viewer.leave();
    }
  }

  async #step(): Promise<void> {
    const roll = this.#random();
    if (this.#writer === undefined || roll < 0.06) await this.#open();
    else if (roll < 0.5) await this.#append(1 + Math.floor(this.#random() * 4));
    else if (roll < 0.62) this.#join();
    else if (roll < 0.74) this.#reconnect();
    else if (roll < 0.79) this.#pick(this.#viewers)?.viewer.leave();
    else if (roll < 0.84) await this.#staleWrites();
    else if (roll < 0.87) this.#crash();
    else if (roll < 0.98) await this.#pick(Object.values(this.#world.faults))?.();
    else await this.#seal();
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.#random() * all.length)];
  }

  #log(): RunLog {
    return this.#pick(this.#world.logs) as RunLog;
  }

  async #open(): Promise<void> {
    this.#crash();
    try {
      const writer = await this.#log().open(this.#world.run);
      this.#hasBegun = true;
      this.#written = [];
      if (writer.epoch > 1)
        await this.#write(writer, [events.reset(writer.epoch, 'Another producer took over')]);
      this.#writer = writer;
      this.#asks = writer.asks.subscribe({ error: () => undefined });
    } catch (error) {
      if (this.#mayBeOver && /The run has ended \(done\)/.test(String(error))) this.#isOver = true;
      else this.#allow(error, 'to open');
    }
  }

  async #append(count: number): Promise<void> {
    const at = this.#written.filter(({ type }) => type !== 'reset').length;
    const given = REPLY.slice(at, at + count);
    if (this.#writer === undefined || given.length === 0) return;
    try {
      await this.#write(this.#writer, given);
    } catch (error) {
      this.#allow(error, 'to append');
      this.#crash();
    }
  }

  async #write(writer: RunWriter, given: readonly StreamEvent[]): Promise<void> {
    await writer.append(given);
    this.#written.push(...given);
  }

  #crash(): void {
    if (this.#writer) this.#stale.push(this.#writer);
    this.#writer = undefined;
    this.#asks?.unsubscribe();
  }

  async #staleWrites(): Promise<void> {
    for (const writer of this.#stale) {
      // One that nobody has replaced yet is not stale: it has crashed, and does not write.
      if (this.#writer === undefined || writer.epoch >= this.#writer.epoch) continue;
      const added = await writer.append([events.ping()]).then(
        () => true,
        () => false,
      );
      if (added && !this.#world.isLost)
        throw new Error(`A writer of epoch ${writer.epoch} added to ${this.#writer.epoch}`);
    }
  }

  async #seal(): Promise<void> {
    if (this.#writer === undefined) return;
    try {
      await this.#writer.seal('done');
      this.#isOver = true;
    } catch (error) {
      this.#allow(error, 'to seal');
      this.#mayBeOver = true;
      this.#crash();
    }
  }

  /** Ends the run, as another producer if need be. */
  async #end(): Promise<void> {
    for (let tries = 0; !this.#isOver && !this.#world.isLost && tries < 20; tries++) {
      if (this.#writer === undefined) await this.#open();
      if (!this.#isOver) await this.#seal();
    }
    this.#crash();
    if (!this.#isOver && !this.#world.isLost) throw new Error('Nobody can end the run');
  }

  #join(): void {
    const roll = this.#random();
    const log = this.#log();
    const viewer = new Viewer(!this.#hasBegun);
    const { run, logs } = this.#world;
    const shared = this.#share[logs.indexOf(log)];
    viewer.connect(roll < 0.2 && shared ? shared(run) : fromLog(log, run, { snapshot: roll < 0.5 }));
    this.#viewers.push({ viewer, log, tries: 0 });
  }

  #reconnect(): void {
    const one = this.#pick(this.#viewers);
    if (one) this.#resume(one.viewer);
  }

  #resume(viewer: Viewer): void {
    if (viewer.isOver || (viewer.error !== undefined && !isPassing(viewer.error))) return;
    viewer.error = undefined;
    viewer.leave();
    viewer.connect(fromLog(this.#log(), this.#world.run, { after: viewer.at }));
  }

  /** Waits until every viewer has ended, and says how. */
  async #ends(turn: () => Promise<void>): Promise<string[]> {
    for (const { viewer } of this.#viewers) if (!viewer.isOpen) this.#resume(viewer);
    // Of a run that is lost nobody says the end, however often a viewer asks.
    const most = this.#world.isLost ? 2 : 10;
    let late = Date.now() + LATE_MS;
    for (let isWaiting = true; isWaiting;) {
      isWaiting = false;
      for (const one of this.#viewers) {
        const { viewer } = one;
        if (isPassing(viewer.error) && one.tries++ < most) {
          this.#resume(viewer);
          late = Date.now() + LATE_MS;
        }
        if (!viewer.isOver && viewer.error === undefined) isWaiting = true;
      }
      if (isWaiting && Date.now() > late)
        throw new Error(`A viewer waits for ever: ${await this.#waiting()}`);
      if (isWaiting) await turn();
    }
    const message = JSON.stringify(await messageOf(this.#written));
    const ends: string[] = [];
    for (const { viewer } of this.#viewers) ends.push(await this.#endOf(viewer, message));
    return ends;
  }

  /** Where those stand who wait, and what stands. */
  async #waiting(): Promise<string> {
    const waiting = this.#viewers.filter(({ viewer }) => !viewer.isOver && viewer.error === undefined);
    // The end of what stands, or why there is none; a log that has lost its writer says so within its lease.
    const all = await lastValueFrom(
      this.#log()
        .read(this.#world.run)
        .pipe(
          map(({ id, outcome }) => `${id} ${outcome ?? ''}`),
          catchError((error: unknown) => of(String(error))),
          scan((last: readonly string[], said) => [...last.slice(-3), said], []),
          takeUntil(timer(LATE_MS)),
          defaultIfEmpty([]),
        ),
    );
    return `${waiting.map(({ viewer, tries }) => `${viewer.at} ${tries} ${viewer.isOpen}`).join(', ')}; ${all.join(', ')}`;
  }

  async #endOf({ seen, isOver, error, isEarly, ids }: Viewer, message: string): Promise<string> {
    if (new Set(ids).size !== ids.length) throw new Error(`An event came twice: ${ids.join(' ')}`);
    if (isOver) {
      const got = JSON.stringify(await messageOf(seen));
      if (got !== message && !this.#world.isLost)
        throw new Error(`A viewer has ${got}, written was ${message}`);
      return 'done';
    }
    const code = isStreamError(error) ? error.code : String(error);
    const { isTrimmed, isLost } = this.#world;
    const allowed =
      isPassing(error) ||
      (code === 'gone' && (isEarly || isLost)) ||
      (code === 'gap' && (isTrimmed || isLost));
    if (!allowed) throw new Error(`A viewer was told ${code}: ${String(error)}`);
    return code;
  }

  #allow(error: unknown, what: string): void {
    const code = isStreamError(error) ? error.code : String(error);
    const isLost = this.#world.isLost && (code === 'gone' || code === 'protocol');
    if (!isPassing(error) && !isLost) throw new Error(`A writer failed ${what}: ${code} ${String(error)}`);
  }
}

function isPassing(error: unknown): boolean {
  if (!isStreamError(error)) return false;
  // An answer that was cut off is no JSON, which is told where a busy machine gave no other in time.
  return OF_CONNECTION.has(error.code) || (error.code === 'malformed' && error.retryable);
}

/**
 * Plays runs at random, many at a time: writers open, append, crash and come back from the dead; viewers come, leave and
 * resume; messages are lost and doubled, connections break, entries are trimmed, the server is killed.
 *
 * @param arena - where
 * @param options - how many steps in all, in how many worlds at a time, and until when
 * @returns what was played
 */
export async function playChaos(
  arena: Arena,
  options: { readonly seed: number; readonly steps: number; readonly lanes: number; readonly until?: number },
): Promise<Played> {
  const { seed, steps, lanes, until = Infinity } = options;
  const played: Played = { steps: 0, worlds: 0, ends: new Map(), failures: [] };
  const active = new Set<World>();
  let struck = 0;
  let striking: Promise<void> | undefined;
  const lane = async (): Promise<void> => {
    while (played.steps < steps && Date.now() < until && played.failures.length < 5) {
      await striking;
      const own = seed + played.worlds++;
      const random = randomOf(own);
      const world = await arena.world(random);
      active.add(world);
      const game = new Game(world, random);
      try {
        for (const end of await game.play(40, () => arena.turn()))
          played.ends.set(end, (played.ends.get(end) ?? 0) + 1);
      } catch (error) {
        played.failures.push(`seed ${own}: ${error instanceof Error ? error.message : String(error)}`);
      }
      active.delete(world);
      played.steps += game.steps;
      const { disaster } = arena;
      if (disaster === undefined || played.steps < struck + disaster.every) continue;
      struck = played.steps;
      striking = disaster.strike(active).finally(() => (striking = undefined));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return played;
}
