import type { StreamEvent } from '../../../src/events/event.js';
import type { Part } from './blocks.js';
import { isBounded } from './cuts.js';
import type { Scope } from './scope.js';

/** Events that stay in order. */
type Queue = readonly StreamEvent[];

/**
 * Arranges the parts of a message: their blocks side by side where the scope allows it, one after another otherwise,
 * and what became of the calls after them.
 *
 * @param scope - what is allowed
 * @param parts - the blocks, in the order they begin
 * @param choices - decide what comes next, turn by turn
 * @param turn - the place of the message in its stream
 * @returns the events between the start of the message and its end
 */
export function arranged(
  scope: Scope,
  parts: readonly Part[],
  choices: readonly number[],
  turn: number,
): readonly StreamEvent[] {
  const gap = scope.isLoose ? 2 : 1;
  const written = apart(scope, parts).map((part, at): readonly [block: Queue, outcome: Queue] => {
    const number = `${turn}.${at}`;
    const block = part.write(at * gap, number);
    const isFinished = block.at(-1)?.type === 'content_block_stop';
    return [block, isFinished && part.outcome !== undefined ? part.outcome(number) : []];
  });
  return scope.has('interleaving')
    ? sideBySide(
        written.map((queues) => queues.flat()),
        choices,
      )
    : inARow(written, choices);
}

/** The parts, of neighbours that could not be told apart only the first. */
function apart(scope: Scope, parts: readonly Part[]): readonly Part[] {
  if (scope.has('boundaries')) return parts;
  return parts.filter(({ kind }, at) => isBounded(kind) || kind !== parts[at - 1]?.kind);
}

/** One block after another; what became of the calls so far, last first, wherever a choice is even, and at the end. */
function inARow(
  written: readonly (readonly [block: Queue, outcome: Queue])[],
  choices: readonly number[],
): readonly StreamEvent[] {
  let waiting: Queue = [];
  const arranged: StreamEvent[] = [];
  written.forEach(([block, outcome], at) => {
    arranged.push(...block);
    waiting = [...outcome, ...waiting];
    if ((choices[at % choices.length] ?? 0) % 2 !== 0 && at + 1 < written.length) return;
    arranged.push(...waiting);
    waiting = [];
  });
  return arranged;
}

/** Event by event from one of the queues that have begun, or from the next one. */
function sideBySide(queues: readonly Queue[], choices: readonly number[]): readonly StreamEvent[] {
  const waiting = queues.map((queue) => [...queue]);
  const begun: StreamEvent[][] = [];
  const arranged: StreamEvent[] = [];
  for (let step = 0; waiting.length + begun.length > 0; step++) {
    const chosen = (choices[step % choices.length] ?? 0) % (begun.length + 1);
    if (chosen === begun.length || begun.length === 0) begun.push(...waiting.splice(0, 1));
    const at = Math.min(chosen, begun.length - 1);
    arranged.push(...(begun[at]?.splice(0, 1) ?? []));
    if (begun[at]?.length === 0) begun.splice(at, 1);
  }
  return arranged;
}
