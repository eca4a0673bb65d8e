/**
 * The name of a type, or a stop reason, that this version does not know: any text but those it knows. It is an enum for
 * the compiler alone, which can tell an enum from every known name: a `switch` over those leaves the unknown ones, and
 * nothing else, to its `default`. At run time there is no enum, and the text is what came.
 */
export declare enum Unlisted {
  Text = 'any text that this version does not know',
}

/** A value of a type that this version does not know, as it came. */
export interface UnlistedValue {
  readonly type: Unlisted;
  readonly [member: string]: unknown;
}
