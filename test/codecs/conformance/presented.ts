import type { Codec } from '../../../src/codecs/codec.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Carries } from './carries.js';

/** What becomes of that which a protocol cannot say. */
export const NO_FIELD = 'left out, as the protocol has no field for it';

/** A protocol, and what only it could say of itself. */
export interface Protocol {
  readonly codec: Codec;
  readonly carries: Carries;
  /** Whether what is decoded is in order by itself; else why it takes the operators that restore order. */
  readonly order: true | string;
  /** Whether a stream may begin with the result of a call in an earlier one. */
  readonly answersEarlier?: true;
  /** An event of an unknown type, as the protocol spells it. */
  stranger(name: string, fields: object): StreamEvent;
  /** The data that `stranger('heartbeat', { n: 1 })` is read from. */
  readonly strange: string;
  /** What its frame is called, where the data does not say it. */
  readonly strangeName?: string;
  /** Whether a stream may end with this data, where it may end before its last frame. */
  readonly isEnd?: (data: string) => boolean;
  /** Data of known kinds with the wrong shape, and data of no kind; what its frame is called, where that says its kind. */
  readonly malformed: readonly (readonly [what: string, data: string, name?: string])[];
}

/** A protocol as docs/protocols.md presents it. */
export interface Presented extends Protocol {
  /** The subpath of the package that it is imported from. */
  readonly entry: string;
  /** What it is the wire of. */
  readonly what: string;
  /** What a program imports of `entry` to read it, and the line that it writes then. */
  readonly imported: string;
  readonly use: string;
  /** What else the entry makes codecs with, for README.md. */
  readonly beside?: readonly {
    readonly name: string;
    readonly what: string;
    readonly imported: string;
    readonly use: string;
  }[];
  /** Other spellings of it, and how one asks for them. */
  readonly dialects?: readonly (Protocol & { readonly call: string })[];
}
