import { UNKNOWN } from './characters.js';
import type { Liveness } from './liveness.js';
import type { Program } from './program.js';

/** A match that was found on a way of reading the text, and those before it. */
export interface Past {
  readonly start: number;
  readonly end: number;
  before: Past | undefined;
}

/** The state in which no match is open. It is the only one in which a text may end. */
const OUTSIDE = -1;

/** A way of reading the text: where it is, where its open match began, what it found. */
interface Thread {
  readonly id: number;
  readonly start: number;
  readonly past: Past | undefined;
}

/** The ways of reading a text up to one place, from the most preferred to the one that has no match open. */
export class Threads {
  readonly #program: Program;
  readonly #liveness: Liveness | undefined;
  #list: Thread[] = [];
  #spare: Thread[] = [];
  /** When each state was last added. */
  #seen = new Uint32Array(0);
  #round = 0;
  /** Whether the one without an open match is there: whatever comes less preferred cannot win against it. */
  #isFull = false;

  constructor(program: Program, liveness: Liveness | undefined) {
    this.#program = program;
    this.#liveness = liveness;
  }

  /** Where the most preferred one has its match open; where it stands, if it has none. */
  get start(): number {
    return (this.#list[0] as Thread).start;
  }

  /** What the most preferred one has found: all have that in common. */
  get past(): Past | undefined {
    return this.#list[0]?.past;
  }

  /** What the one without an open match has found: it is right if the text ends here. */
  get survivor(): Past | undefined {
    return this.#list.at(-1)?.past;
  }

  /** Begins at a place with nothing open. */
  begin(at: number, past: Past | undefined): void {
    // Most texts never come so far.
    if (this.#seen.length === 0) this.#seen = new Uint32Array(this.#program.states.length);
    this.#clear();
    this.#finish({ id: OUTSIDE, start: at, past });
  }

  /**
   * Lets each take the unit at this place.
   *
   * @param starts - the states in which a match may begin with it
   */
  next(at: number, before: number, unit: number, starts: readonly number[]): void {
    this.settle(before, unit);
    if (starts.length > 0) this.#addBeginnings(starts, at, before, unit);
    const threads = this.#clear();
    const { states } = this.#program;
    for (const { id, start, past } of threads) {
      if (this.#isFull) break;
      if (id === OUTSIDE) {
        this.#add(OUTSIDE, at + 1, past, at + 1, unit, UNKNOWN);
        continue;
      }
      const state = states[id];
      if (state?.type === 'take' && state.has(unit, before)) {
        this.#add(state.to, start, past, at + 1, unit, UNKNOWN);
      }
    }
  }

  /** Whether a match that begins in a state may take this unit. It leaves nothing as it was. */
  takes(id: number, before: number, unit: number): boolean {
    this.begin(0, undefined);
    this.#list.length = 0;
    this.#isFull = false;
    this.#add(id, 0, undefined, 0, before, unit);
    const { states } = this.#program;
    return this.#list.some(({ id }) => {
      const state = states[id];
      return state?.type === 'take' && state.has(unit, before);
    });
  }

  /** Decides those that wait to see what follows: this unit, or nothing. */
  settle(before: number, after: number): void {
    const { states } = this.#program;
    const at = (this.#list.at(-1) as Thread).start;
    if (!this.#list.some(({ id }) => id !== OUTSIDE && states[id]?.type === 'look')) return;
    for (const thread of this.#clear()) {
      if (this.#isFull) break;
      if (thread.id === OUTSIDE) this.#finish(thread);
      else this.#add(thread.id, thread.start, thread.past, at, before, after);
    }
  }

  #clear(): readonly Thread[] {
    const threads = this.#list;
    this.#list = this.#spare;
    this.#list.length = 0;
    this.#spare = threads;
    this.#round++;
    this.#isFull = false;
    return threads;
  }

  /** Adds the matches that may begin here: before the one that has none open, and behind all others. */
  #addBeginnings(starts: readonly number[], at: number, before: number, after: number): void {
    const outside = this.#list.pop() as Thread;
    this.#isFull = false;
    for (const id of starts) this.#add(id, at, outside.past, at, before, after);
    this.#finish(outside);
  }

  #finish(thread: Thread): void {
    this.#list.push(thread);
    this.#isFull = true;
  }

  /** Adds a state, or where it leads without taking anything, the most preferred first. */
  #add(id: number, start: number, past: Past | undefined, at: number, before: number, after: number): void {
    const { states } = this.#program;
    const waiting: Thread[] = [{ id, start, past }];
    const seen = this.#seen;
    for (let thread = waiting.pop(); thread !== undefined && !this.#isFull; thread = waiting.pop()) {
      if (thread.id === OUTSIDE) {
        this.#finish(thread);
        continue;
      }
      if (seen[thread.id] === this.#round) continue;
      seen[thread.id] = this.#round;
      if (this.#liveness?.(thread.id, before) === false) continue;
      const state = states[thread.id];
      switch (state?.type) {
        case 'take':
          this.#list.push(thread);
          break;
        case 'fork':
          for (let nth = state.to.length - 1; nth >= 0; nth--) {
            waiting.push({ id: state.to[nth] as number, start: thread.start, past: thread.past });
          }
          break;
        case 'look': {
          const holds = state.look(before, after);
          if (holds === undefined) this.#list.push(thread);
          else if (holds) waiting.push({ id: state.to, start: thread.start, past: thread.past });
          break;
        }
        case 'match': {
          const found = { start: thread.start, end: at, before: thread.past };
          waiting.push({ id: OUTSIDE, start: at, past: found });
          break;
        }
        default:
          break;
      }
    }
  }
}
