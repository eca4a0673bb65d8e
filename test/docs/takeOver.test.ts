import { from } from 'rxjs';
import * as events from '../../src/events/make.js';
import { fromLog, memoryLog } from '../../src/log.js';
import { Timers } from '../server/clients.js';
import { outcomeOf } from '../sources/outcome.js';
import { ANSWER } from '../sources/loopback.js';
import { takenOver } from './takeOver.js';

describe('a run whose producer has died', () => {
  it('is gone on with by one of the instances that watch it, and its viewers see a reset', async () => {
    const time = new Timers();
    const log = memoryLog({ leaseMs: 1_000 }, time);
    const writer = await log.open('run');
    await writer.append([events.messageStart(), events.textStart(0), events.textDelta(0, 'Half of')]);
    const viewer = outcomeOf(fromLog(log, 'run'));
    const owners = new Set<string>();
    const asked: string[] = [];
    const instances = ['a', 'b', 'c'].map(() =>
      outcomeOf(
        takenOver(log, 'run', {
          claim: async (run) => {
            const isFirst = !owners.has(run);
            owners.add(run);
            return isFirst;
          },
          ask: (run) => {
            asked.push(run);
            return from(ANSWER);
          },
        }),
      ),
    );
    time.pass(1_001);
    expect(await Promise.all(instances)).toEqual([{ values: [] }, { values: [] }, { values: [] }]);
    expect(asked).toEqual(['run']);
    // Whoever was told that it is abandoned asks again, behind what came.
    expect(await viewer).toMatchObject({ error: { code: 'abandoned', retryable: true } });
    const { values, error } = await outcomeOf(fromLog(log, 'run', { after: '1-2' }));
    expect(error).toBeUndefined();
    expect(values.map(({ type }) => type)).toEqual(['reset', ...ANSWER.map(({ type }) => type)]);
  });

  it('fails as it does where nobody has to go on', async () => {
    const log = memoryLog();
    const ask = () => from(ANSWER);
    const watched = takenOver(log, 'nowhere', { claim: () => Promise.resolve(true), ask });
    expect(await outcomeOf(watched)).toMatchObject({ values: [], error: { code: 'gone' } });
  });
});
