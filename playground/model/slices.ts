/** So long may work go on before others get a turn, in ms. */
const SLICE = 12;

/** Lets long work be done in slices: between two of them the page draws and listens. */
export interface Turns {
  /** Whether it is time to let others do something. */
  readonly isDue: boolean;
  /** Waits for its next turn. Fails with {@link Superseded} where the work is not wanted any more. */
  next(): Promise<void>;
}

/** Newer work has taken the place of this. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** @param isWanted - asked after each turn: whether anybody still waits for what is worked on */
export function turnsOf(isWanted: () => boolean = () => true): Turns {
  let since = performance.now();
  return {
    get isDue() {
      return performance.now() - since > SLICE;
    },
    async next() {
      await turn();
      if (!isWanted()) throw new Superseded('Something newer is asked for');
      since = performance.now();
    },
  };
}

/** Turns of somebody who waits for nothing else. */
export const AT_ONCE: Turns = { isDue: false, next: () => Promise.resolve() };

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
