import type { Container } from './container.js';
import type { JsonValue } from './value.js';

/** Whoever knows what a text should say, and so which of its values may be shown, and when. */
export interface Watch {
  /** Whether a string that begins, as the next member of a container, shows only when it has ended. */
  readonly holds: (container: Container) => boolean;
  /**
   * Called with the next member of a container: when it is finished, and with `{}` or `[]` when an object or array begins.
   *
   * @param isFinished - `false` where it begins
   * @returns whether it may be shown; if not, nothing is shown from then on
   */
  readonly admits: (container: Container, value: JsonValue, isFinished: boolean) => boolean;
}
