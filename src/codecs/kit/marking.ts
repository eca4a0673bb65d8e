import type { StreamEvent } from '../../events/event.js';
import { PIECE, type Marking } from '../../wire/shortWay.js';
import type { Json } from './json.js';
import { pieceIn } from './writtenBlock.js';

// Other marks: a text, and a number.
const TEXT = '\x82';
const NUMBER = '\x83';

/** No text is longer that is passed over, and no number that is exact. */
const LONGEST_TEXT = 64;
const LONGEST_NUMBER = 15;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Says of the frames of a protocol which are alike but for a piece of text.
 *
 * @param pieceOf - finds the piece in what a frame holds; nothing where the same frame with another piece may do anything
 *   else than let the same block grow by that
 * @param varying - the members of such a frame that nothing depends on, texts or numbers
 */
export function markingOf(pieceOf: (value: Json) => unknown, varying: readonly string[] = []): Marking {
  return {
    mark(data, said) {
      const [event, other] = said as readonly StreamEvent[];
      if (event?.type !== 'content_block_delta' || other) return undefined;
      const piece = pieceIn(event.delta);
      const [before = '', after, another] = piece ? data.split(JSON.stringify(piece)) : [];
      if (after === undefined || another !== undefined || !/^[ -~]*$/.test(before + after)) return undefined;
      let marked = `${before}"${PIECE}"${after}`;
      for (const name of varying) marked = marked.replace(memberOf(name), markOf);
      return isMarked(marked) ? marked : undefined;
    },
    endOf(mark, text, start) {
      let at = start;
      const isText = mark === TEXT;
      const isPart = isText ? isPlain : isDigit;
      while (isPart(text.charCodeAt(at))) at++;
      if (at === text.length) return -1;
      if (isText) return at - start > LONGEST_TEXT ? 0 : at;
      return at > start && at - start <= LONGEST_NUMBER && text[start] !== '0' ? at : 0;
    },
  };

  /** Whether each mark is a string, or a number, of its own, in its place: no part of one, no key, none that is replaced. */
  function isMarked(marked: string): boolean {
    try {
      const value = JSON.parse(marked.replaceAll(NUMBER, '-7')) as Json;
      const marks = varying.filter((name) => value[name] === TEXT || value[name] === -7);
      return pieceOf(value) === PIECE && marks.length === marked.replace(/[ -~\x80]/g, '').length;
    } catch {
      return false;
    }
  }
}

/** A member that is a plain text, or a number. */
function memberOf(name: string): RegExp {
  return new RegExp(`("${name}": ?)(?:"[^"\\\\]*"|[1-9]\\d*(?=[,}]))`);
}

function markOf(member: string, key: string): string {
  return key + (member.endsWith('"') ? `"${TEXT}"` : NUMBER);
}

function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f && code !== QUOTE && code !== BACKSLASH;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
