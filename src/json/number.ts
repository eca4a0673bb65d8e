import { DIGIT_0, DOT, LOWER_E, MINUS, PLUS, UPPER_E, isDigit } from './scan.js';

// What has been read of `-0.0e+0`. After ZERO, INTEGER, FRACTION and POWER the number may end.
const START = 0;
const SIGN = 1;
const ZERO = 2;
const INTEGER = 3;
const POINT = 4;
const FRACTION = 5;
const EXPONENT = 6;
const EXPONENT_SIGN = 7;
const POWER = 8;
/** The character does not belong to the number. */
const NONE = -1;

/** So many digits always make an integer that a double holds exactly. */
const EXACT_DIGITS = 15;

/** Reads one number through any number of fragments. It is a value only when it is known that no digit follows. */
export class NumberReader {
  #state = START;
  /** What earlier fragments had of it. */
  #text = '';
  /** The value of a number that needs no conversion. */
  #value: number | undefined = undefined;

  /** @returns another reader that stands where this one stands */
  fork(): NumberReader {
    const other = new NumberReader();
    other.#state = this.#state;
    other.#text = this.#text;
    other.#value = this.#value;
    return other;
  }

  begin(): void {
    this.#state = START;
    this.#text = '';
    this.#value = undefined;
  }

  /**
   * @param fragment - the next piece of text
   * @param from - the index to read from
   * @returns the index of the first character that does not belong to the number, or the length of the fragment
   */
  read(fragment: string, from: number): number {
    let state = this.#state;
    let at = from;
    let digits = 0;
    let scale = 0;
    let mantissa = 0;
    for (; at < fragment.length; at += 1) {
      const unit = fragment.charCodeAt(at);
      const next = follow(state, unit);
      if (next === NONE) break;
      state = next;
      if (state === POINT) scale = digits;
      else if (state !== SIGN) {
        digits += 1;
        mantissa = mantissa * 10 + unit - DIGIT_0;
      }
    }
    this.#state = state;
    if (at < fragment.length && this.#text === '' && state < EXPONENT && digits <= EXACT_DIGITS) {
      // Of two integers that are exact, the quotient is the nearest double, as conversion would find it.
      const size = state === FRACTION ? mantissa / 10 ** (digits - scale) : mantissa;
      this.#value = fragment.charCodeAt(from) === MINUS ? -size : size;
    } else {
      this.#text += fragment.slice(from, at);
    }
    return at;
  }

  /** @returns the number, or `undefined` if what was read is only the beginning of one */
  end(): number | undefined {
    switch (this.#state) {
      case ZERO:
      case INTEGER:
      case FRACTION:
      case POWER:
        return this.#value ?? Number(this.#text);
      default:
        return undefined;
    }
  }
}

/** @returns the state after the character, or `NONE` */
function follow(state: number, code: number): number {
  if (isDigit(code)) return followDigit(state, code);
  switch (code) {
    case DOT:
      return state === ZERO || state === INTEGER ? POINT : NONE;
    case LOWER_E:
    case UPPER_E:
      return state === ZERO || state === INTEGER || state === FRACTION ? EXPONENT : NONE;
    case MINUS:
      if (state === START) return SIGN;
      return state === EXPONENT ? EXPONENT_SIGN : NONE;
    case PLUS:
      return state === EXPONENT ? EXPONENT_SIGN : NONE;
    default:
      return NONE;
  }
}

function followDigit(state: number, code: number): number {
  switch (state) {
    case INTEGER:
      return INTEGER;
    case START:
    case SIGN:
      return code === DIGIT_0 ? ZERO : INTEGER;
    case ZERO:
      return NONE;
    case POINT:
    case FRACTION:
      return FRACTION;
    default:
      return POWER;
  }
}
