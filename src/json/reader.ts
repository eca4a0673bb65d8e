import type { StreamError } from '../errors/streamError.js';
import type { Container } from './container.js';
import { Moment } from './moment.js';
import { Parser } from './parser.js';
import { Snapshot, type JsonSnapshot } from './snapshot.js';
import type { JsonPath, JsonValue } from './value.js';
import type { Watch } from './watch.js';

/** How a text is read. */
export interface SnapshotOptions {
  /** The most containers within each other. Default 512. */
  readonly maxDepth?: number | undefined;
  /**
   * Shows a container of more than 64 members, while it is open, through a read-only view instead of a copy. Time is
   * linear then even for whoever reads every snapshot of a very wide container. A view is a `Proxy` and not plain:
   * `structuredClone`, `postMessage` and Immer refuse it. Default `false`.
   */
  readonly views?: boolean | undefined;
}

/** Who may have a say in what is shown. */
export interface WatchedOptions extends SnapshotOptions {
  readonly watch?: Watch | undefined;
  /** Whether to keep the paths of what is finished. Default `false`. */
  readonly closed?: boolean | undefined;
}

/** From how many members of open containers on a snapshot is wide: to read it costs more than to leave it for later. */
const WIDE = 64;

/** Reads one JSON text, fragment by fragment. */
export class SnapshotReader {
  readonly #views: boolean;
  readonly #parser: Parser;
  #moment: Moment;
  #snapshot: Snapshot;

  constructor({ maxDepth = 512, views = false, watch, closed }: WatchedOptions = {}) {
    this.#views = views;
    this.#parser = new Parser(maxDepth, watch);
    if (closed) this.#parser.closed = [];
    this.#moment = new Moment(this.#parser.container, 0, undefined, 0, views);
    this.#snapshot = new Snapshot(this.#moment, this.#moment, '');
  }

  /** What is known now. */
  get snapshot(): JsonSnapshot {
    return this.#snapshot;
  }

  /** What is known now, the same object until that changes. */
  get moment(): Moment {
    return this.#moment;
  }

  /** The innermost open container. */
  get container(): Container {
    return this.#parser.container;
  }

  /** Whether the outermost value is finished, be it shown or not. */
  get isComplete(): boolean {
    return this.#parser.complete;
  }

  /** Whether wide containers are open. */
  get isWide(): boolean {
    const { around, items } = this.container;
    return around + items.length > WIDE;
  }

  /** What is certain: every member that is finished. Unlike `snapshot.value`, without the string that is open. */
  get settled(): JsonValue | undefined {
    // A string that has ended with nothing new is certain.
    return this.#parser.openText === undefined ? this.#moment.value : this.#moment.settled;
  }

  /** Takes the paths of what was finished since they were taken last, in the order of the text. */
  takeClosed(): readonly JsonPath[] | undefined {
    const { closed } = this.#parser;
    if (closed) this.#parser.closed = [];
    return closed;
  }

  /** The index of the next character to come; after a failure, of the first that cannot stand where it stands. */
  get position(): number {
    return this.#parser.position;
  }

  /** What is wrong with the text, if it is known not to be JSON, or too deep. */
  get failure(): StreamError | undefined {
    return this.#parser.failure;
  }

  /**
   * Reads the next part of the text.
   *
   * @param fragment - the next part, of any length
   * @returns what is known now
   * @throws StreamError `malformed` if the text is known not to be JSON, `limit` if it is too deep; again with every
   *   further call. `snapshot` has what comes before the offending character
   */
  write(fragment: string): JsonSnapshot {
    this.#raiseFailure();
    this.#show(this.#parser.read(fragment));
    this.#raiseFailure();
    return this.#snapshot;
  }

  /** Ends the text because it may not go on. */
  protected refuse(failure: StreamError): never {
    this.#parser.failure ??= failure;
    throw this.#parser.failure;
  }

  /**
   * Ends the text.
   *
   * @returns the finished value
   * @throws StreamError `malformed` if the text is not finished, or as `write` has thrown
   */
  end(): JsonValue {
    this.#parser.end();
    this.#raiseFailure();
    this.#parser.last = undefined;
    this.#show('');
    return this.#moment.value ?? null;
  }

  #show(grown: string): void {
    const before = this.#moment;
    const { container, version, complete, openText, last } = this.#parser;
    if (last !== undefined) this.#moment = last.version === before.version ? before : last;
    else if (version !== before.version || complete !== before.isComplete)
      this.#moment = new Moment(container, container.items.length, openText, version, this.#views);
    this.#snapshot = new Snapshot(this.#moment, before, grown);
  }

  #raiseFailure(): void {
    const { failure } = this.#parser;
    if (failure !== undefined) throw failure;
  }
}
