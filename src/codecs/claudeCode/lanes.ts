import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Passing } from '../skip.js';
import { Lane } from './lane.js';

/** The sub-agents that are at work, each in a lane named by the call that started it. A session may have thousands of them. */
export class Lanes {
  readonly #pass: Passing;
  /** In the order in which they began. */
  readonly #lanes = new Map<string, Lane>();
  /** Those that may have something to say. */
  readonly #speaking = new Set<string>();
  /** Those of them that are over: nothing is kept of one that has said its last. */
  readonly #over = new Set<string>();

  constructor(pass: Passing) {
    this.#pass = pass;
  }

  /** The lane of a name, which a line speaks for. */
  speaking(id: string, frame: Frame): Lane {
    const lane = this.#lanes.get(id) ?? new Lane(this.#pass);
    this.#lanes.set(id, lane);
    this.#speaking.add(id);
    lane.writer.at(frame);
    return lane;
  }

  /** The lane whose message calls a tool by this id. */
  calling(id: string): string | undefined {
    for (const [name, lane] of this.#lanes) if (lane.calls(id)) return name;
    return undefined;
  }

  /** Ends a sub-agent, if there is one of this name: the call that started it has its result. */
  end(id: string): void {
    const lane = this.#lanes.get(id);
    if (lane === undefined) return;
    lane.conclude();
    this.#speaking.add(id);
    this.#over.add(id);
  }

  /** Ends all of them: the turn is over. */
  endAll(): void {
    for (const id of this.#lanes.keys()) this.end(id);
  }

  lose(reason: string): void {
    for (const [id, { writer }] of this.#lanes) {
      writer.lose(reason);
      this.#speaking.add(id);
    }
  }

  /** @returns what they say, in the order in which they began; `undefined` if nobody speaks */
  take(): readonly StreamEvent[] | undefined {
    const speaking = this.#speaking;
    if (speaking.size === 0) return undefined;
    // Mostly a line is of one lane, and there may be thousands.
    const all = speaking.size === 1 ? speaking : this.#lanes.keys();
    const taken: StreamEvent[] = [];
    for (const lane of all) {
      const said = speaking.has(lane) ? this.#lanes.get(lane)?.writer.take() : undefined;
      for (const event of said ?? []) taken.push({ ...event, lane });
    }
    speaking.clear();
    this.#forget();
    return taken;
  }

  /** Forgets those that are over. One that works in the background may have begun another message behind its result. */
  #forget(): void {
    for (const lane of this.#over) if (!this.#lanes.get(lane)?.writer.hasBegun) this.#lanes.delete(lane);
    this.#over.clear();
  }
}
