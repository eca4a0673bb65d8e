import { isOtherWord, kindOf, KINDS, NONE, type CharacterKind } from './characters.js';
import type { Program, State } from './program.js';

/** A character of each kind. */
const SAMPLES: readonly number[] = [NONE, 0x0a, 0x61, 0x20];
const { length: KIND_COUNT } = KINDS;

/** Says whether a match can still come of a state, behind this character. */
export type Liveness = (id: number, before: number) => boolean;

/**
 * Finds the states of which no match can come, whatever follows: behind `a`, that of `b` in `/a\bb/`. What is held back for
 * them would be held back for nothing.
 *
 * @returns nothing, where there are none
 */
export function livenessOf({ states }: Program): Liveness | undefined {
  if (!states.some(canFail)) return undefined;
  // For each state, the kinds before it and behind it with which a match can come.
  const live = new Uint8Array(states.length * KIND_COUNT * KIND_COUNT);
  const placeOf = (id: number, before: number, after: number): number =>
    (id * KIND_COUNT + before) * KIND_COUNT + after;
  const isLive = (id: number, before: number, after: number): boolean =>
    live[placeOf(id, before, after)] === 1;
  const isLiveBehind = (id: number, before: number): boolean =>
    KINDS.some((after) => isLive(id, before, after));

  const canMatch = (state: State, before: CharacterKind, after: CharacterKind): boolean => {
    switch (state.type) {
      case 'match':
        return true;
      case 'fail':
        return false;
      case 'take':
        return takes(state, after) && isLiveBehind(state.to, after);
      case 'fork':
        return state.to.some((id) => isLive(id, before, after));
      case 'look':
        return holds(state, before, after) && isLive(state.to, before, after);
    }
  };

  // Most states lead to earlier ones, so that a second round finds little more.
  for (let isNew = true; isNew;) {
    isNew = false;
    states.forEach((state, id) => {
      for (const before of KINDS) {
        for (const after of KINDS) {
          if (isLive(id, before, after) || !canMatch(state, before, after)) continue;
          live[placeOf(id, before, after)] = 1;
          isNew = true;
        }
      }
    });
  }
  return (id, before) => isLiveBehind(id, kindOf(before)) || (isOtherWord(before) && isLiveBehind(id, 2));
}

function canFail(state: State): boolean {
  if (state.type === 'look') return state.isEdge;
  return state.type === 'take' && typeof state.set === 'object' && state.set.isEmpty;
}

function holds(
  { look, isEdge, set }: Extract<State, { type: 'look' }>,
  before: CharacterKind,
  after: CharacterKind,
): boolean {
  if (isEdge) return look(SAMPLES[before] ?? NONE, SAMPLES[after] ?? NONE) === true;
  return set?.hasKind(3) ?? true;
}

function takes({ set }: Extract<State, { type: 'take' }>, kind: CharacterKind): boolean {
  if (set === undefined) return kind === 3;
  if (typeof set === 'number') return kindOf(set) === kind;
  return set.hasKind(kind);
}
