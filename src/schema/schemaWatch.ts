import { StreamError } from '../errors/streamError.js';
import type { Container } from '../json/container.js';
import type { JsonValue } from '../json/value.js';
import type { Watch } from '../json/watch.js';
import { placesOf, type Place } from './places.js';
import type { StandardSchema } from './standardSchema.js';
import { validate } from './validate.js';

/** What a failure of a member is called. */
interface Naming {
  /** What the value is, for the message. */
  readonly what: string;
  readonly code: 'tool-input' | 'malformed';
}

/**
 * Watches a text for a schema: a string that is to be one of some words shows when it is one, and a value that is none of
 * the words is never shown.
 */
export class SchemaWatch implements Watch {
  /** What is wrong with a member that is finished, if somebody asked to know it early. */
  error: StreamError | undefined = undefined;
  readonly #early: Naming | undefined;
  readonly #root: readonly Place[];
  readonly #places = new WeakMap<Container, readonly Place[]>();

  /** @param early - how to name what is wrong with a finished member, to know it before the value is whole */
  constructor(schema: StandardSchema, early?: Naming) {
    this.#root = placesOf(schema);
    this.#early = early;
  }

  readonly holds = (container: Container): boolean => {
    const places = this.#next(container);
    return places.length > 0 && !places.some(({ isText }) => isText);
  };

  readonly admits = (container: Container, value: JsonValue, isFinished: boolean): boolean => {
    const places = this.#next(container);
    if (isFinished && this.#early) this.#check(container, value, this.#early);
    const isFit =
      places.length === 0 ||
      places.some(({ words, isText }) => words?.has(value) ?? (typeof value !== 'string' || isText));
    if (!isFit && this.#early) {
      const { what, code } = this.#early;
      const where = pathTo(container, keyOf(container)).join('.');
      const message = `${what} is not what its schema asks for: ${where}: no such value may stand there`;
      this.error ??= new StreamError(code, message);
    }
    return isFit;
  };

  /** What may stand as the next member of a container. */
  #next(container: Container): readonly Place[] {
    if (container.parent === undefined) return this.#root;
    return this.#fitting(container).flatMap((place) => place.at?.(keyOf(container)) ?? []);
  }

  /** What a container may be, after all its finished members. */
  #fitting(container: Container): readonly Place[] {
    const { parent, items } = container;
    let places = this.#places.get(container);
    if (places === undefined) {
      places = parent === undefined ? [] : this.#next(parent);
      this.#places.set(container, places);
    }
    if (places.length < 2 || container.keys === undefined) return places;
    return places.filter(({ marks = {} }) =>
      Object.entries(marks).every(([key, words]) => {
        const value = items[container.find(key, items.length)];
        return value === undefined || words.has(value);
      }),
    );
  }

  /**
   * Only what is no container, or stands in the outermost value, is asked of: each piece of the text twice at most.
   */
  #check(container: Container, value: JsonValue, { what, code }: Naming): void {
    if (this.error !== undefined || container.parent === undefined) return;
    if (typeof value === 'object' && value !== null && container.depth > 1) return;
    const places = this.#fitting(container);
    const schema = places.length === 1 ? places[0]?.schemaAt?.(keyOf(container)) : undefined;
    if (schema !== undefined)
      this.error = validate(schema, value, what, code, pathTo(container, keyOf(container))).error;
  }
}

/** The key or index of the next member of a container. */
function keyOf({ keys, items }: Container): string | number {
  return keys === undefined ? items.length : (keys[items.length] ?? '');
}

function pathTo(container: Container, key: string | number): readonly (string | number)[] {
  const path = [key];
  for (let { parent, index } = container; parent?.parent !== undefined; { parent, index } = parent)
    path.unshift(parent.keys?.[index] ?? index);
  return path;
}
