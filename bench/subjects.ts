import { anthropic } from '../src/anthropic.js';
import { accumulateToolInput, createJsonReader, dropPings, fromBytes, untilTerminal } from '../src/index.js';
import { loadFloor } from './floor.js';
import { fragmentsOf } from './fragments.js';
import { JSON_PEERS } from './jsonPeers.js';
import { messageStreamOf } from './sdk.js';
import { mostDeltas, type Run, type Subject } from './subject.js';

/** The floor as a subject: it has no values, and its time is the unit. */
export const FLOOR: Subject = {
  name: 'F1',
  how: 'the floor: no values at all',
  async load() {
    const startFloor = await loadFloor('subject');
    return ({ chunks }) => {
      const floor = startFloor();
      for (const chunk of chunks) floor.next(chunk);
    };
  },
  shows: () => 0,
};

/** This package, in the order of what is read. */
export const OUR_SUBJECTS: readonly Subject[] = [
  {
    name: 'rxjs-llm-stream',
    how: '`accumulateToolInput` with `views`, each snapshot read',
    load: () => Promise.resolve(accumulate(1)),
    shows: mostDeltas,
  },
  {
    name: 'rxjs-llm-stream, 1 in 100 read',
    how: '`accumulateToolInput`, a snapshot per delta, one in a hundred read',
    load: () => Promise.resolve(accumulate(100)),
    shows: (deltas) => mostDeltas(deltas) / 100,
  },
  {
    name: 'rxjs-llm-stream, parser',
    how: '`createJsonReader` alone with `views`, each snapshot read',
    load: () =>
      Promise.resolve((workload, view) => {
        const reader = createJsonReader({ views: true });
        for (const fragment of fragmentsOf(workload)) view.show(reader.write(fragment).value);
        view.show(reader.end());
      }),
    shows: mostDeltas,
  },
];

const SDK_SUBJECT: Subject = {
  name: '@anthropic-ai/sdk',
  how: '`MessageStream`, an `inputJson` listener; a string is missing until it is finished',
  load: () =>
    Promise.resolve(async (workload, view) => {
      const stream = messageStreamOf(workload);
      stream.on('inputJson', (_, input) => view.show(input));
      await stream.done();
    }),
  shows: mostDeltas,
};

/** Everything that shows a growing tool input, and the floor. */
export const SUBJECTS: readonly Subject[] = [FLOOR, ...OUR_SUBJECTS, SDK_SUBJECT, ...JSON_PEERS];

function accumulate(readEvery: number): Run {
  return ({ chunks }, view) => {
    let count = 0;
    let failure: unknown;
    fromBytes(chunks, { codec: anthropic })
      .pipe(dropPings(), untilTerminal(), accumulateToolInput({ views: readEvery === 1 }))
      .subscribe({
        next(snapshot) {
          if (count++ % readEvery === 0 || snapshot.status !== 'partial') view.show(snapshot.input);
        },
        error: (error: unknown) => (failure = error),
      });
    if (failure !== undefined) throw new Error('The stream failed', { cause: failure });
  };
}
