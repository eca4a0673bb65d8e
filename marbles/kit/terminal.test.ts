import { concatMap, delay, from, of, take, VirtualTimeScheduler } from 'rxjs';
import { alphabet } from '../alphabet.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { Recording } from './recording.js';
import { toText } from './terminal.js';

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

describe('toText', () => {
  it('writes a lane for each block, and shortens what is long', () => {
    expect(toText(recorded().drawing(), { width: 80 }).split('\n')).toEqual([
      'what just flowed',
      'events',
      '  message                ○────────────────────────────────────────────•──●     3',
      '  0 text                     ○──•───•──•───────────────────○                   5',
      '  1 tool get_weather                                 ○──•──────•──○            4',
      '  ping                                    ○                                    1',
      '                                                               completes │',
      '── toBlocks() ──────────────────────────────────────────────────────────────────',
      'blocks',
      '  0 text                                                   ●                   1',
      '  1 get_weather                                                   ●            1',
      '                                                               completes │',
      '                      0 ms   20 ms  40 ms            5.1 s     5.1 s',
      '',
      '○ begins or ends   • grows (▪ █ more at once)   ● is whole',
      '',
    ]);
  });

  it('colours by lane where it is asked to', () => {
    const text = toText(recorded().drawing(), { color: true });
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
    expect(text.replace(escapes, '')).toBe(toText(recorded().drawing()));
    expect(text).not.toBe(toText(recorded().drawing()));
  });

  it('has something to say of a drawing in which nothing happens', () => {
    expect(toText({ title: 'nothing', rows: [{ kind: 'line', marbles: [], until: 0 }] })).toContain('0 ms');
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
