// What the next character has to be, or to go on with.
export const VALUE = 0;
export const FIRST_ITEM = 1;
export const KEY = 2;
export const FIRST_KEY = 3;
export const AFTER_KEY = 4;
export const AFTER_VALUE = 5;
export const IN_TEXT = 6;
export const IN_KEY = 7;
export const IN_NUMBER = 8;
export const IN_LITERAL = 9;

/** One of the states above. */
export type State =
  | typeof VALUE
  | typeof FIRST_ITEM
  | typeof KEY
  | typeof FIRST_KEY
  | typeof AFTER_KEY
  | typeof AFTER_VALUE
  | typeof IN_TEXT
  | typeof IN_KEY
  | typeof IN_NUMBER
  | typeof IN_LITERAL;
