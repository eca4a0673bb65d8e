import { do_not_optimize } from 'mitata';
import { from, Subject, type Observable } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import {
  accumulateBlocks,
  accumulateMessage,
  decode,
  dropPings,
  fromBytes,
  sse,
  textDeltas,
  toBlocks,
  toMessage,
  untilTerminal,
  type Message,
  type StreamEvent,
} from '../src/index.js';
import { streamOf } from './floor.js';
import type { Pipeline } from './pipeline.js';
import type { Workload } from './workloads.js';

/** The names of the pipelines that targets are set for. */
export const EVENTS = 'bytes → events';
export const SNAPSHOTS = 'bytes → message snapshots';
export const READ_SNAPSHOTS = 'bytes → message snapshots, content read';
export const PUSHED_EVENTS = 'bytes → events, pushed by a Subject';
export const PUSHED_SNAPSHOTS = 'bytes → message snapshots, pushed by a Subject';
export const PULLED_EVENTS = 'ReadableStream → events';
export const PULLED_SNAPSHOTS = 'ReadableStream → message snapshots';

/** A growing message for each event: what most applications run. */
export function snapshots(events: Observable<StreamEvent>): Observable<Message> {
  return events.pipe(dropPings(), untilTerminal(), accumulateMessage());
}

const events = ({ chunks }: Workload): Observable<StreamEvent> => fromBytes(chunks, { codec: anthropic });

const allEvents = (workload: Workload): number => workload.events;

/** Nearly every delta shows; a few of a tool's input add nothing that is certain yet. */
const mostSnapshots = ({ kind, deltas }: Workload): number =>
  kind === 'tool' ? Math.floor(deltas / 2) : deltas + 3;

/** What this package does, each pushed from memory unless its name says otherwise. */
export const OURS: readonly Pipeline[] = [
  {
    name: EVENTS,
    run: (workload) => countOf(events(workload)),
    outputs: allEvents,
  },
  {
    name: PUSHED_EVENTS,
    run: (workload) => pushedCountOf(workload, (events) => events),
    outputs: allEvents,
  },
  {
    name: PUSHED_SNAPSHOTS,
    run: (workload) => pushedCountOf(workload, snapshots),
    outputs: mostSnapshots,
  },
  {
    name: 'sse(), decode(anthropic)',
    run: ({ chunks }) => countOf(from(chunks).pipe(sse(), decode(anthropic))),
    outputs: allEvents,
  },
  {
    name: SNAPSHOTS,
    run: (workload) => countOf(snapshots(events(workload))),
    outputs: mostSnapshots,
  },
  {
    name: READ_SNAPSHOTS,
    run: (workload) => {
      let count = 0;
      snapshots(events(workload)).subscribe((message) => {
        do_not_optimize(message.content.at(-1));
        count++;
      });
      return count;
    },
    outputs: mostSnapshots,
  },
  {
    name: 'bytes → accumulateBlocks',
    run: (workload) => countOf(events(workload).pipe(dropPings(), untilTerminal(), accumulateBlocks())),
    outputs: ({ kind, deltas }) => (kind === 'tool' ? Math.floor(deltas / 2) : deltas + 2),
  },
  {
    name: 'bytes → toMessage',
    run: (workload) => countOf(events(workload).pipe(untilTerminal(), toMessage())),
    outputs: () => 1,
  },
  {
    name: 'bytes → toBlocks',
    run: (workload) => countOf(events(workload).pipe(untilTerminal(), toBlocks())),
    outputs: () => 1,
  },
  {
    name: 'bytes → textDeltas',
    run: (workload) => countOf(events(workload).pipe(untilTerminal(), textDeltas())),
    outputs: ({ kind, deltas }) => (kind === 'tool' ? 0 : deltas),
  },
  {
    name: PULLED_EVENTS,
    run: ({ chunks }) => finalCountOf(fromBytes(streamOf(chunks), { codec: anthropic })),
    outputs: allEvents,
  },
  {
    name: PULLED_SNAPSHOTS,
    run: ({ chunks }) => finalCountOf(snapshots(fromBytes(streamOf(chunks), { codec: anthropic }))),
    outputs: mostSnapshots,
  },
];

/** How many values come of chunks that a subject pushes. */
function pushedCountOf(
  { chunks }: Workload,
  read: (events: Observable<StreamEvent>) => Observable<unknown>,
): number {
  const pushed = new Subject<Uint8Array>();
  let count = 0;
  read(fromBytes(pushed, { codec: anthropic })).subscribe((value) => {
    do_not_optimize(value);
    count++;
  });
  for (const chunk of chunks) pushed.next(chunk);
  pushed.complete();
  return count;
}

/** How many values a synchronous source gives. */
function countOf(values: Observable<unknown>): number {
  let count = 0;
  values.subscribe((value) => {
    do_not_optimize(value);
    count++;
  });
  return count;
}

function finalCountOf(values: Observable<unknown>): Promise<number> {
  let count = 0;
  return new Promise((resolve, reject) => {
    values.subscribe({
      next(value) {
        do_not_optimize(value);
        count++;
      },
      error: reject,
      complete: () => resolve(count),
    });
  });
}
