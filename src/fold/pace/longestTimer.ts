/** The longest wait that a timer of the platform can hold, in ms: a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;
