/** Compiles only where both types are one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ['not the same', A, B];

/** `same<A, B>()` compiles only where both are one; it is for `tsc` alone and does nothing. */
export declare function same<A, B>(...difference: Same<A, B>): void;
