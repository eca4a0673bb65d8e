import type { CharacterSet } from './characterSet.js';
import { isAsciiWord, isHigh, isLow, isNewline, isOtherWord, NONE, pairOf, UNKNOWN } from './characters.js';
import { parsePattern, type Edge, type Node } from './syntax.js';
import { wordTree, type WordNode } from './wordTree.js';

/** What an assertion says of two neighbours: `undefined` while the second is unknown and matters. */
type Look = (before: number, after: number) => boolean | undefined;

/** A state of the automaton. Its targets are indexes of other states. */
export type State =
  | { readonly type: 'match' }
  | { readonly type: 'fail' }
  /** Takes one unit of text. */
  | {
      readonly type: 'take';
      readonly has: (unit: number, before: number) => boolean;
      /** What it takes; nothing, where it is a half of a pair. */
      readonly set: CharacterSet | number | undefined;
      readonly to: number;
    }
  /** Takes nothing, and goes on at each of them; the first is preferred. */
  | { readonly type: 'fork'; to: readonly number[] }
  /** Takes nothing, and goes on where its neighbours are as it says. */
  | {
      readonly type: 'look';
      readonly look: Look;
      /** Whether it says nothing of its neighbours but their kinds. */
      readonly isEdge: boolean;
      /** To what the character before it has to belong. */
      readonly set?: CharacterSet;
      readonly to: number;
    };

/** An automaton for several patterns, of which earlier ones are preferred. */
export interface Program {
  readonly states: readonly State[];
  /** Where a match may begin; the first is preferred. */
  readonly starts: readonly number[];
}

/** How many states the patterns may have, all together: each character costs as many steps at most. */
const MOST_STATES = 20_000;

/**
 * Makes one automaton of patterns.
 *
 * @throws TypeError for what is not a list, and naming a pattern that is none, that no automaton can search for, that is too
 *   large, or that the empty text matches
 */
export function compile(patterns: readonly (RegExp | string)[]): Program {
  const isList: boolean = Array.isArray(patterns);
  if (!isList)
    throw new TypeError(`The patterns have to be a list, such as [/sk-\\w+/], not ${String(patterns)}`);
  const builder = new Builder();
  const match = builder.add({ type: 'match' });
  const starts: number[] = [];
  let texts: string[] = [];
  const addTexts = (): void => {
    if (texts.length > 0) starts.push(builder.texts(texts, match));
    texts = [];
  };
  for (const pattern of patterns) {
    if (typeof pattern === 'string') texts.push(pattern);
    else {
      addTexts();
      starts.push(builder.pattern(pattern, match));
    }
  }
  addTexts();
  return { states: builder.states, starts };
}

class Builder {
  readonly states: State[] = [{ type: 'fail' }];
  #pattern: RegExp | string = '';
  #isUnicode = false;
  #isWord: (unit: number) => boolean = isAsciiWord;

  add(state: State): number {
    if (this.states.length >= MOST_STATES) {
      throw new TypeError(
        `With the pattern ${String(this.#pattern)}, all patterns have more than ${MOST_STATES} states: repeat less in it, or leave some out`,
      );
    }
    return this.states.push(state) - 1;
  }

  fork(to: readonly number[]): number {
    return to.length === 1 ? (to[0] as number) : this.add({ type: 'fork', to });
  }

  pattern(pattern: RegExp, match: number): number {
    this.#pattern = pattern;
    if (!(pattern instanceof RegExp)) {
      throw new TypeError(`A pattern is a RegExp or a string, not ${String(pattern)}`);
    }
    const node = parsePattern(pattern);
    if (canBeEmpty(node)) {
      throw new TypeError(
        `The pattern ${String(pattern)} matches the empty text, which is everywhere: let it need a character, as /a+/ does`,
      );
    }
    this.#isUnicode = pattern.unicode || pattern.flags.includes('v');
    // To whom case does not matter, two more letters are letters of words.
    this.#isWord =
      this.#isUnicode && pattern.ignoreCase ? (unit) => isAsciiWord(unit) || isOtherWord(unit) : isAsciiWord;
    const start = this.#node(node, match, match);
    // It does not begin in the middle of a character.
    return this.#isUnicode ? this.add({ type: 'look', look: isAligned, isEdge: false, to: start }) : start;
  }

  /** Texts in a row: what several of them begin with is one way to go. */
  texts(texts: readonly string[], match: number): number {
    if (texts.includes(''))
      throw new TypeError('The pattern "" is empty, and the empty text is everywhere: leave it out');
    const starts = new Map<WordNode, number>();
    // From the leaves to the root.
    for (const node of [...wordTree(texts)].reverse()) {
      this.#pattern = node.of;
      const ways = Array.from(node.next, ([unit, next]) => this.#unit(unit, starts.get(next) as number));
      starts.set(node, this.fork(node.isEnd ? [...ways, match] : ways));
    }
    return [...starts.values()].at(-1) as number;
  }

  #unit(unit: number, to: number): number {
    return this.add({ type: 'take', has: (given) => given === unit, set: unit, to });
  }

  /**
   * The state in which this begins.
   *
   * @param idle - where it goes on if it has taken nothing
   * @param busy - where it goes on if it has taken something
   */
  #node(node: Node, idle: number, busy: number): number {
    switch (node.type) {
      case 'unit':
        return this.#unit(node.unit, busy);
      case 'set':
        return this.#isUnicode ? this.#wholeCharacter(node.set, busy) : this.#half(node.set, busy);
      case 'edge':
        return this.add({ type: 'look', look: this.#lookOf(node.of), isEdge: true, to: idle });
      case 'choice':
        return this.fork(node.items.map((item) => this.#node(item, idle, busy)));
      case 'sequence':
        return this.#sequence(node.items, idle, busy);
      case 'repeat':
        return this.#repeat(node, idle, busy);
    }
  }

  #half(set: CharacterSet, to: number): number {
    return this.add({ type: 'take', has: (unit) => set.has(unit), set, to });
  }

  /** Takes one character, be it one unit or two. */
  #wholeCharacter(set: CharacterSet, to: number): number {
    const single = this.add({ type: 'take', has: (unit) => !isHigh(unit) && set.has(unit), set, to });
    const look: Look = (high, low) => (low === UNKNOWN ? undefined : !isLow(low) && set.has(high));
    const alone = this.add({ type: 'look', look, isEdge: false, set, to });
    const pair = this.add({
      type: 'take',
      has: (low, high) => isLow(low) && set.has(pairOf(high, low)),
      set,
      to,
    });
    const rest = this.fork([pair, alone]);
    return this.fork([single, this.add({ type: 'take', has: isHigh, set: undefined, to: rest })]);
  }

  #sequence(items: readonly Node[], idle: number, busy: number): number {
    let [whenIdle, whenBusy] = [idle, busy];
    for (const item of [...items].reverse()) {
      const next = this.#node(item, whenIdle, whenBusy);
      whenBusy = whenIdle === whenBusy ? next : this.#node(item, whenBusy, whenBusy);
      whenIdle = next;
    }
    return whenIdle;
  }

  /** Once it need not be repeated any more, a repetition that takes nothing fails: ECMAScript's RepeatMatcher. */
  #repeat({ item, min, max, isLazy }: Extract<Node, { type: 'repeat' }>, idle: number, busy: number): number {
    const either = (again: number, on: number): number => this.fork(isLazy ? [on, again] : [again, on]);
    let [whenIdle, whenBusy] = [idle, busy];
    if (max === Infinity) {
      const loop = { type: 'fork' as const, to: [] as readonly number[] };
      const on = this.add(loop);
      const again = this.#node(item, FAIL, on);
      loop.to = isLazy ? [busy, again] : [again, busy];
      whenBusy = on;
      whenIdle = idle === busy ? on : either(again, idle);
    }
    for (let times = min; times < max && max < Infinity; times++) {
      const again = this.#node(item, FAIL, whenBusy);
      whenIdle = either(again, idle);
      whenBusy = idle === busy ? whenIdle : either(again, busy);
    }
    for (let times = 0; times < min; times++) {
      const next = this.#node(item, whenIdle, whenBusy);
      whenBusy = whenIdle === whenBusy ? next : this.#node(item, whenBusy, whenBusy);
      whenIdle = next;
    }
    return whenIdle;
  }

  #lookOf(edge: Edge): Look {
    const isMultiline = typeof this.#pattern !== 'string' && this.#pattern.multiline;
    const isWord = this.#isWord;
    switch (edge) {
      case 'start':
        return (before) => before === NONE || (isMultiline && isNewline(before));
      case 'end':
        return (_, after) =>
          after === UNKNOWN ? undefined : after === NONE || (isMultiline && isNewline(after));
      case 'word':
        return (before, after) => (after === UNKNOWN ? undefined : isWord(before) !== isWord(after));
      case 'no-word':
        return (before, after) => (after === UNKNOWN ? undefined : isWord(before) === isWord(after));
    }
  }
}

/** The state that leads nowhere. */
const FAIL = 0;

function isAligned(before: number, after: number): boolean | undefined {
  if (!isHigh(before)) return true;
  return after === UNKNOWN ? undefined : !isLow(after);
}

/** Whether a text of no characters may match, wherever it stands. */
function canBeEmpty(node: Node): boolean {
  switch (node.type) {
    case 'unit':
    case 'set':
      return false;
    case 'edge':
      return true;
    case 'choice':
      return node.items.some(canBeEmpty);
    case 'sequence':
      return node.items.every(canBeEmpty);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.item);
  }
}
