import { take, toArray, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { script as cues, recordingOf } from '../../../examples/terminal/script.js';
import { StreamError, type StreamEvent } from '../../../src/index.js';
import { alphabet, connectionLost } from '../../../src/testing/letters/alphabet.js';
import { record } from '../../../src/testing/recordings/record.js';
import { recordedErrorOf, type Recording } from '../../../src/testing/recordings/recording.js';
import { replay } from '../../../src/testing/recordings/replay.js';
import { runMarbles } from '../../../src/testing/marbles/runMarbles.js';

const { m, o, t, z } = alphabet;

const RECORDING: Recording = {
  entries: [
    { at: 20, event: m },
    { at: 120, event: o },
    { at: 120, event: t },
    { at: 300, event: z },
  ],
  end: { at: 310, end: 'complete' },
};

/** What a recording of a replay is. */
function again(recording: Recording, speed: number): Recording {
  const scheduler = new VirtualTimeScheduler();
  const recordings: Recording[] = [];
  replay(recording, { speed }, scheduler)
    .pipe(record((taken) => recordings.push(taken), { scheduler }))
    .subscribe({ error: () => undefined });
  scheduler.flush();
  expect(recordings).toHaveLength(1);
  return recordings[0] as Recording;
}

describe('replay', () => {
  it('gives each event at its time', () => {
    runMarbles(({ expectObservable }) => {
      expectObservable(replay(RECORDING)).toBe('20ms m 99ms (ot) 176ms z 9ms |');
    });
  });

  it('is faster by its speed', () => {
    runMarbles(({ expectObservable }) => {
      expectObservable(replay(RECORDING, { speed: 10 })).toBe('--m---------(ot)--------------z|');
      expectObservable(replay(RECORDING, { speed: 0.5 })).toBe('40ms m 199ms (ot) 356ms z 19ms |');
      expectObservable(replay(RECORDING, { speed: Infinity })).toBe('(motz|)');
    });
  });

  it('fails as the recorded stream did', () => {
    runMarbles(({ expectObservable }) => {
      const error = recordedErrorOf(connectionLost);
      const failed: Recording = { ...RECORDING, end: { at: 310, end: 'error', error } };
      expectObservable(replay(failed)).toBe('20ms m 99ms (ot) 176ms z 9ms #', undefined, connectionLost);
    });
  });

  it('stays silent where the subscriber left', () => {
    runMarbles(({ expectObservable }) => {
      const left: Recording = { ...RECORDING, end: { at: 310, end: 'unsubscribe' } };
      expectObservable(replay(left)).toBe('20ms m 99ms (ot) 176ms z 99ms -');
    });
  });

  it('begins at the beginning for each subscriber', () => {
    runMarbles(({ expectObservable }) => {
      const stream = replay(RECORDING, { speed: 10 });
      expectObservable(stream).toBe('--m---------(ot)--------------z|');
      expectObservable(stream, '-----^').toBe('-------m---------(ot)--------------z|');
    });
  });

  it('stops for a subscriber that leaves, in a group too', () => {
    const scheduler = new VirtualTimeScheduler();
    const seen: StreamEvent[] = [];
    replay(RECORDING, {}, scheduler)
      .pipe(take(2))
      .subscribe((event) => seen.push(event));
    scheduler.flush();
    expect(seen).toEqual([m, o]);
    expect(scheduler.now()).toBe(120);
  });

  it('plays an empty recording', () => {
    runMarbles(({ expectObservable }) => {
      expectObservable(replay({ entries: [], end: { at: 3, end: 'complete' } })).toBe('---|');
    });
  });

  it('gives 30,000 events of one moment, and as many of moments that are fractions', () => {
    const at = (time: (nth: number) => number): Recording => ({
      entries: Array.from({ length: 30_000 }, (_, nth) => ({ at: time(nth), event: t })),
      end: { at: time(30_000), end: 'complete' },
    });
    for (const recording of [at(() => 7), at((nth) => nth / 7), at((nth) => nth * 0.1)]) {
      const scheduler = new VirtualTimeScheduler();
      let count = 0;
      replay(recording, { speed: 3 }, scheduler)
        .pipe(toArray())
        .subscribe((events) => (count = events.length));
      scheduler.flush();
      expect(count).toBe(30_000);
      expect(scheduler.now()).toBeCloseTo(recording.end.at / 3, 3);
    }
  });

  it('makes up for a clock that was late', () => {
    const scheduler = new VirtualTimeScheduler();
    const times: number[] = [];
    replay(RECORDING, {}, scheduler).subscribe(({ type }) => {
      times.push(scheduler.now());
      // As if this took 150 ms.
      if (type === 'message_start') scheduler.frame += 150;
    });
    scheduler.flush();
    expect(times).toEqual([20, 170, 170, 300]);
  });
});

describe('the recorded answer of npm start', () => {
  it.each([1, 10])('replayed at speed %i has the same events at the scaled times', (speed) => {
    const recording = recordingOf(cues);
    const { entries, end } = again(recording, speed);
    expect(entries.map(({ event }) => event)).toEqual(cues.map(({ event }) => event));
    const scaled = recording.entries.map(({ at }) => at / speed);
    entries.forEach(({ at }, nth) => expect(at).toBeCloseTo(scaled[nth] ?? NaN, 6));
    expect(end).toMatchObject({ at: expect.closeTo(recording.end.at / speed, 6), end: 'complete' });
  });

  it('fails again with the error that it was recorded with', () => {
    const error = recordedErrorOf(new StreamError('timeout', 'Too slow', { kind: 'idle', timeoutMs: 5 }));
    const recording: Recording = { ...RECORDING, end: { at: 400, end: 'error', error } };
    expect(again(recording, 1)).toEqual(recording);
    expect(new TestScheduler(() => undefined).now()).toBe(0);
  });
});
