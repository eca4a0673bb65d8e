import fc from 'fast-check';

/** The numbers between which no character lies, for they are halves of others: the surrogates. */
const FIRST_HALF = 0xd800;
const HALVES = 0x800;

/**
 * One code point of Unicode, for `fc.string({ unit: codePoint })`. It draws the same strings as the unit `binary` of
 * fast-check, which lists all 1.1 million of them in a map first: two seconds in each file that asks for one.
 */
export const codePoint = fc.nat(0x10ffff - HALVES).map(
  (place) => String.fromCodePoint(place < FIRST_HALF ? place : place + HALVES),
  (text) => {
    const number = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (number === undefined || String.fromCodePoint(number) !== text) throw new Error('not one code point');
    return number < FIRST_HALF ? number : number - HALVES;
  },
);
