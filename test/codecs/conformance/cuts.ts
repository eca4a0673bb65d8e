import type { StreamEvent } from '../../../src/events/event.js';
import type { Scope } from './scope.js';

type Sequence = readonly StreamEvent[];

/** The indexes of the blocks that these events, of one message, leave open. */
export function openBlocks(events: Sequence): readonly number[] {
  const open = new Set<number>();
  for (const event of events) {
    if (event.type === 'content_block_start') open.add(event.index);
    else if (event.type === 'content_block_stop' || event.type === 'block_abort') open.delete(event.index);
  }
  return [...open];
}

/**
 * Whether the scope allows something that belongs to no block right after these events. Where a protocol does not tell
 * that a text begins or ends, only its pieces and what follows it do. Where it sends an input at once, nothing comes
 * within a call.
 */
export function maySay(scope: Scope, before: Sequence): boolean {
  const last = before.at(-1);
  if (!scope.has('inputPieces') && isWithinCall(before)) return false;
  if (scope.has('boundaries')) return true;
  if (last?.type === 'content_block_start') return isBounded(last.content_block.type);
  if (last?.type !== 'content_block_stop') return true;
  const starts = before.filter((event) => event.type === 'content_block_start' && event.index === last.index);
  const start = starts.at(-1);
  if (start?.type !== 'content_block_start') return false;
  return isBounded(start.content_block.type) && start.content_block.type !== 'tool_use';
}

function isWithinCall(before: Sequence): boolean {
  const open = openBlocks(before);
  return before.some(
    (event) =>
      event.type === 'content_block_start' &&
      open.includes(event.index) &&
      /tool_use$/.test(event.content_block.type),
  );
}

/** Whether every protocol that carries such a block tells where it ends: the others only grow. */
export function isBounded(type: string): boolean {
  return type !== 'text' && type !== 'thinking';
}

/** The events up to somewhere that a failure may come. */
export function cutAt(scope: Scope, events: Sequence, at: number): Sequence {
  const before = events.slice(0, at % (events.length + 1));
  const mayFail = maySay(scope, before) && (scope.has('blockAborts') || openBlocks(before).length === 0);
  return mayFail ? before : cutAt(scope, before, before.length - 1);
}
