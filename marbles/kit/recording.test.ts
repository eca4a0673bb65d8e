import { concatMap, delay, from, of, take, VirtualTimeScheduler } from 'rxjs';
import { alphabet } from '../alphabet.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toAscii } from '../../src/pictures/toAscii.js';
import { Recording } from './recording.js';

const { m, o, t, p, b, i, j, d, c, y, z } = alphabet;

function recorded(): Recording {
  const scheduler = new VirtualTimeScheduler();
  const recording = new Recording('what just flowed', scheduler);
  from([m, o, t, t, t, p, b, i, c, j, d, y, z])
    .pipe(
      concatMap((event) => of(event).pipe(delay(event === b ? 5000 : 10, scheduler))),
      recording.line('events'),
      toBlocks(),
      recording.operator('toBlocks()'),
      recording.line('blocks'),
    )
    .subscribe();
  scheduler.flush();
  return recording;
}

describe('toAscii', () => {
  it('writes a lane for each block, and shortens what is long', () => {
    expect(toAscii(recorded().drawing(), { width: 80 }).split('\n')).toEqual([
      'what just flowed',
      'events',
      '  message                 ○ message msg_1                 ● tool_use · messa… ×2',
      '  0 text                       ○ text • text "lalala" ×3       ○ stop',
      '  1 tool get_weather                             • tool get_weather… ×3 ○ stop',
      '  ping                                          ○ ping',
      '                                                                     completes │',
      '── toBlocks() ──────────────────────────────────────────────────────────────────',
      'blocks',
      '  0 text                                                       ● text "lalala"',
      '  1 get_weather                                           ● get_weather {"city"…',
      '                                                                     completes │',
      '                      0 ms                       ~5 s~ 5.06 s           5.1 s',
      '',
      '○ begins or ends   • grows   ● is whole   ×2 two in one',
      '',
    ]);
  });

  it('has something to say of a drawing in which nothing happens', () => {
    const nothing = toAscii({ title: 'nothing', rows: [{ kind: 'line', marbles: [], until: 0 }] });
    expect(nothing).toBe('nothing\n    0 ms\n\n');
  });
});

describe('Recording', () => {
  it('notes when a subscriber leaves', () => {
    const recording = new Recording('f()', new VirtualTimeScheduler());
    of(m, o, z).pipe(recording.line('events'), take(1)).subscribe();
    expect(recording.drawing().rows).toMatchObject([
      { label: 'events', marbles: [{ time: 0 }], end: { kind: 'unsubscribe' } },
    ]);
  });
});
