/** What a frame says of a call. What is absent, `null` or empty says nothing. */
export interface CallPiece {
  /** Its number among the calls of the answer. Some providers leave it out, or number each call 0. */
  readonly index?: number | null | undefined;
  /** It may come late, once, with every piece, or never. */
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  /** More of the JSON of its input; all of it where the call is finished. */
  readonly input?: string | null | undefined;
  /** Whether the input is text rather than JSON: it becomes a JSON string. */
  readonly isText?: boolean | undefined;
  /** Opaque, and of use only where it comes before the call begins. */
  readonly signature?: string | undefined;
}

/** A call as far as it has been told. */
interface Told {
  readonly id?: string;
  readonly name?: string;
}

/** Whether an id is that of another call. */
export function hasOtherId(call: Told, id: string | null | undefined): boolean {
  return Boolean(id) && call.id !== undefined && call.id !== id;
}

/** Whether a call that neither an id nor a number names is another: it has a name, and so had the one before. */
export function isAnother(call: Told, { index, id, name }: CallPiece): boolean {
  return typeof index !== 'number' && !id && Boolean(name) && call.name !== undefined;
}
