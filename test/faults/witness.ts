/** What the client has seen, for a server that goes on only then: no wait is a matter of time. */
export class Witness {
  readonly #seen = { events: 0, bytes: 0 };
  readonly #waiting: (() => void)[] = [];

  /** Notes that the client has seen more. */
  saw(what: 'events' | 'bytes', amount = 1): void {
    this.#seen[what] += amount;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Settles once the client has seen so much. */
  async until(what: 'events' | 'bytes', amount: number): Promise<void> {
    while (this.#seen[what] < amount) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
