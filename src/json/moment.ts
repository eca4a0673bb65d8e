import type { Container } from './container.js';
import type { JsonValue } from './value.js';
import { viewOf } from './view.js';

/** With `views`, an open container of no more than this many members is copied all the same. */
const SMALL = 64;

/**
 * What was known at one moment: the innermost open container, how many of its members were finished, and the string
 * that was open in it. All the rest follows, for nothing changes further out while a container is open.
 */
export class Moment {
  #value: JsonValue | undefined = undefined;

  /**
   * @param container - the innermost open container
   * @param count - how many of its members were finished
   * @param tail - the text of the string that was open in it, if one was
   * @param version - grows with everything that can be seen
   * @param views - whether wide open containers are shown through views
   */
  constructor(
    readonly container: Container,
    readonly count: number,
    readonly tail: string | undefined,
    readonly version: number,
    readonly views: boolean,
  ) {}

  get value(): JsonValue | undefined {
    return (this.#value ??= this.#build(this.tail, (container, count, tail) =>
      this.views && count > SMALL ? viewOf(container, count, tail) : container.at(count, tail, this.version),
    ));
  }

  /** The value without the string that is open. */
  get settled(): JsonValue | undefined {
    return this.#build(undefined, (container, count, tail) => container.copy(count, tail));
  }

  /** Whether the outermost value was finished. */
  get isComplete(): boolean {
    return this.container.parent === undefined && this.count === 1;
  }

  /** Builds the open containers from the innermost outwards. */
  #build(
    tail: JsonValue | undefined,
    show: (container: Container, count: number, tail: JsonValue | undefined) => JsonValue,
  ): JsonValue | undefined {
    let { container, count } = this;
    let value = tail;
    while (container.parent !== undefined) {
      value = show(container, count, value);
      count = container.index;
      container = container.parent;
    }
    return value ?? (count > 0 ? container.items[0] : undefined);
  }
}
