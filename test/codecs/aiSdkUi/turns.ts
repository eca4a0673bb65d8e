import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { answers } from '../conformance/answers.js';
import { openBlocks } from '../conformance/cuts.js';
import { EVERYTHING } from '../conformance/scope.js';

type Sequence = readonly StreamEvent[];

const ENDS: ReadonlySet<string> = new Set(['message_stop', 'error', 'reset']);

const FILE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };

/**
 * Turns of one message or two, with whatever a stream may hold, and what `answers` has none of: results of the calls
 * that the provider runs, files, denials as `runTools` tells them, and messages that are stopped midway. What would
 * follow an error is left out, and what would follow a message with a second attempt, which is one in version 6: it is
 * another answer, for which the client does not ask.
 */
export const TURNS: fc.Arbitrary<Sequence> = fc
  .tuple(answers(EVERYTHING), fc.option(fc.nat(), { freq: 2 }))
  .map(([sequence, stopAt]) => {
    const turn = served(denied(stopAt === null ? sequence : stopped(sequence, stopAt)));
    const reset = turn.findIndex(({ type }) => type === 'reset');
    const end = turn.findIndex(
      ({ type }, at) => type === 'error' || (type === 'message_stop' && reset >= 0 && at > reset),
    );
    return end < 0 ? turn : turn.slice(0, end + 1);
  });

/** Where a call was denied, an error that it ends with says so. */
function denied(sequence: Sequence): Sequence {
  const names = new Map<string, string>();
  const isDenied = new Set<string>();
  return sequence.map((event) => {
    if (event.type === 'content_block_start' && event.content_block.type === 'tool_use')
      names.set(event.content_block.id, event.content_block.name);
    if (event.type === 'tool_approval' && event.state === 'denied') isDenied.add(event.tool_use_id);
    const isDenial = event.type === 'tool_result' && event.is_error && isDenied.has(event.tool_use_id);
    return isDenial
      ? { ...event, content: `${String(names.get(event.tool_use_id))} was not approved: No` }
      : event;
  });
}

/** What a tool of the provider gave is of the call that was whole last; where there is none, it is of a call in no stream. */
function served(sequence: Sequence): Sequence {
  const open = new Map<number, unknown>();
  let last: unknown;
  return sequence.map((event): StreamEvent => {
    if (event.type === 'message_start') {
      open.clear();
      last = undefined;
    }
    if (event.type === 'content_block_stop') last = open.get(event.index) ?? last;
    if (event.type !== 'content_block_start') return event;
    const block: { readonly type: string; readonly id?: unknown } = event.content_block;
    open.set(event.index, /^(?:server|mcp)_tool_use$/.test(block.type) ? block.id : undefined);
    if (block.type === 'container_upload') return { ...event, content_block: FILE as never };
    if (!('tool_use_id' in block) || last === undefined) return event;
    return { ...event, content_block: { ...event.content_block, tool_use_id: last } as never };
  });
}

/** The turn up to somewhere within a message, which ends there as `stopOn` ends it. */
function stopped(sequence: Sequence, at: number): Sequence {
  const before = sequence.slice(0, 1 + (at % sequence.length));
  const begun = before.map(({ type }) => type).lastIndexOf('message_start');
  const current = before.slice(begun);
  if (begun < 0 || current.some(({ type }) => ENDS.has(type))) return sequence;
  const aborts = openBlocks(current).map((index) => events.blockAbort(index, 'Stopped'));
  return [...before, ...aborts, events.messageDelta('cancelled', { output_tokens: 7 }), events.messageStop()];
}
