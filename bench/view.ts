import { do_not_optimize } from 'mitata';

const CHECK_EVERY = 16;

/** What a screen does with the values of a growing tool input. It ends a run that takes longer than it may. */
export class View {
  /** The latest value. */
  last: unknown = undefined;
  /** Values so far. */
  count = 0;
  /** Whether the run was ended. */
  isCut = false;
  readonly #limit: number;
  readonly #before = process.cpuUsage();

  /**
   * @param limit - the CPU time of a run, in ms
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param value - what is known of the input now
   * @throws Error when the run takes too long
   */
  show(value: unknown): void {
    this.last = value;
    readMembers(value);
    if (++this.count % CHECK_EVERY !== 0 || this.#limit === Infinity) return;
    const { user, system } = process.cpuUsage(this.#before);
    if ((user + system) / 1000 < this.#limit) return;
    this.isCut = true;
    throw new Error('The run takes too long');
  }
}

/** Reads an object's members, and of a list the last: what a view paints. It does not look into strings. */
export function readMembers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) {
    do_not_optimize(Array.isArray(member) ? (member.at(-1) as unknown) : member);
  }
}
