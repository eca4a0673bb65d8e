import { defer, from, ignoreElements, mergeMap, concatWith, type Observable } from 'rxjs';
import type { StreamEvent } from '../../../src/events/event.js';
import { fromLog } from '../../../src/log/fromLog.js';
import { memoryLog } from '../../../src/log/memoryLog.js';
import type { RunWriter } from '../../../src/log/runLog.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { ANSWER, wire } from '../../sources/loopback.js';
import type { FaultGroup, Through } from '../fault.js';

const bytes = wire(...ANSWER);

/** Reads a run to its message, behind the answer that was given. */
const viewing =
  (write: (writer: RunWriter) => Promise<unknown>, after?: string): Through =>
  (all) =>
    all.pipe(ignoreElements(), concatWith(run(write, after)), toMessage());

function run(write: (writer: RunWriter) => Promise<unknown>, after?: string): Observable<StreamEvent> {
  return defer(() => {
    const log = memoryLog({ keep: { entries: 1 } });
    const written = log.open('run', { leaseMs: 1 }).then(write);
    return from(written).pipe(mergeMap(() => fromLog(log, 'run', { after })));
  });
}

const begun = (writer: RunWriter): Promise<unknown> => writer.append(ANSWER.slice(0, 3));

export const runs: FaultGroup = {
  title: 'Runs',
  faults: [
    {
      fault: 'a viewer asks for what comes behind an event, and that was trimmed',
      given: { bytes },
      through: viewing(async (writer) => {
        await begun(writer);
        await writer.append(ANSWER.slice(3));
      }, '1-0'),
      expected: { error: { code: 'gap', retryable: false }, partial: undefined },
    },
    {
      fault: 'a viewer asks for a run that is not there',
      given: { bytes },
      through: (all) => all.pipe(ignoreElements(), concatWith(fromLog(memoryLog(), 'run')), toMessage()),
      expected: { error: { code: 'gone', retryable: false }, partial: undefined },
    },
    {
      fault: 'the producer of a run dies',
      given: { bytes },
      through: viewing(begun),
      expected: {
        error: { code: 'abandoned', retryable: true },
        partial: { id: 'msg_1', content: [{ type: 'text', text: 'Hel' }] },
      },
    },
  ],
};
