import type { Observable, SchedulerLike } from 'rxjs';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { FromBytesOptions } from '../../src/sources/fromBytes.js';
import type { StreamEventsOptions } from '../../src/sources/streamEvents.js';
import type { Script } from './faultServer.js';

/** Bytes of an answer, in one chunk or several. */
export type Bytes = string | Uint8Array | readonly (string | Uint8Array)[];

/** What comes from the network. */
export type Given =
  /** These bytes, read as events; a function where there are many. */
  | { readonly bytes: Bytes | (() => Bytes); readonly options?: Partial<FromBytesOptions> }
  /** These bytes, read as frames only. */
  | { readonly frames: Bytes }
  /** What a server does with each request in turn. */
  | {
      readonly server: readonly Script[];
      readonly options?: Partial<StreamEventsOptions>;
      /** What another server does, that the first one points to. */
      readonly elsewhere?: Script;
      /** How often it is asked, one time after the other; the last outcome counts. Default 1. */
      readonly times?: number;
    };

/** What the application makes of the events. */
export type Through = (events: Observable<StreamEvent>, clock: SchedulerLike) => Observable<unknown>;

/** A failure as the application gets it. */
export interface Failure {
  readonly code: StreamErrorCode;
  readonly retryable: boolean;
  readonly [detail: string]: unknown;
}

/** What comes of it. Objects may have more fields than are named here. */
export type Expected =
  | {
      /** What the application gets, in words. */
      readonly gives: string;
      readonly values: readonly unknown[];
    }
  | {
      readonly error: Failure;
      /** What had arrived and is attached to the error; `undefined` where it has none. */
      readonly partial: unknown;
      /** What came before the error. */
      readonly values?: readonly unknown[];
    };

/** What a server was asked, where that matters. */
export interface Asked {
  readonly connections?: number;
  readonly requests?: number;
  /** What the other server heard: nothing, if it is not said. */
  readonly elsewhere?: { readonly requests: number; readonly without: readonly string[] };
}

/** One thing that goes wrong, and what we do. */
export interface Fault {
  /** What goes wrong; the name of its test. */
  readonly fault: string;
  readonly given: Given;
  /** Default: `untilTerminal()` and `toMessage()`. */
  readonly through?: Through;
  readonly expected: Expected;
  readonly asked?: Asked;
}

/** Faults of a kind. */
export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly Fault[];
}
