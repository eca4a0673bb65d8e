/**
 * Reads the updates of v1, each of which holds the text as far as it has come, as pieces of it. One that goes on
 * from the one before gives what is new in it, and one that falls back behind it nothing. Any other is taken for a
 * piece, as the SDKs of the time took it, and so are all that follow it. Should that be wrong, the whole text at the
 * end puts it right.
 */
export class Snapshots {
  #text: string | undefined = '';

  /** @returns the piece, possibly empty; `undefined` where the text falls back */
  next(snapshot: string): string | undefined {
    const before = this.#text;
    if (before === undefined) return snapshot;
    if (snapshot.startsWith(before)) {
      this.#text = snapshot;
      return snapshot.slice(before.length);
    }
    if (before.startsWith(snapshot)) return undefined;
    this.#text = undefined;
    return snapshot;
  }
}
