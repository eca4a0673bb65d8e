import fc from 'fast-check';
import { concat, from, map, NEVER, of, Subject, take, throwError, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import * as events from '../../../src/events/make.js';
import { StreamError, type StreamEvent } from '../../../src/index.js';
import { alphabet } from '../../../src/testing/letters/alphabet.js';
import { record } from '../../../src/testing/recordings/record.js';
import {
  errorOf,
  parseRecording,
  recordedErrorOf,
  recordingText,
  type Recording,
} from '../../../src/testing/recordings/recording.js';
import { runMarbles } from '../../../src/testing/marbles/runMarbles.js';
import '../../seed.js';

const { m, o, t, c, s, z } = alphabet;

/** What is recorded of a row, by `TestScheduler`'s time. */
function recorded(row: string, until?: string, options: Parameters<typeof record>[1] = {}): Recording[] {
  const recordings: Recording[] = [];
  runMarbles(({ llm, expectObservable, expectSubscriptions }) => {
    const source = llm(row);
    const output = source.pipe(record((recording) => recordings.push(recording), options));
    expectObservable(output, until).toBe(until === undefined ? row : row.slice(0, until.indexOf('!')));
    if (until !== undefined) expectSubscriptions(source.subscriptions).toBe(until);
  });
  return recordings;
}

const at = (time: number, event: StreamEvent) => ({ at: time, event });

describe('record', () => {
  it('passes a stream as it is, and tells when each event came and how it ended', () => {
    expect(recorded('-m 200ms o-(tc)---s-z|')).toEqual([
      {
        entries: [at(1, m), at(202, o), at(204, t), at(204, c), at(211, s), at(213, z)],
        end: { at: 214, end: 'complete' },
      },
    ]);
  });

  it('tells the error that a stream ended with', () => {
    const [recording] = recorded('-m-#');
    expect(recording?.end).toEqual({
      at: 3,
      end: 'error',
      error: { name: 'StreamError', code: 'network', message: 'The connection was lost', retryable: true },
    });
  });

  it('tells that the subscriber left', () => {
    expect(recorded('-m-o-t-', '^---!')).toEqual([
      { entries: [at(1, m), at(3, o)], end: { at: 4, end: 'unsubscribe' } },
    ]);
  });

  it('records an empty stream, and nothing of one that never ends', () => {
    expect(recorded('--|')).toEqual([{ entries: [], end: { at: 2, end: 'complete' } }]);
    expect(recorded('-m-')).toHaveLength(0);
  });

  it('puts name, start and codec into the head', () => {
    const head = { name: 'hello', startedAt: '2025-11-17T08:00:00Z', codec: 'anthropic' };
    expect(recorded('|', undefined, head)).toEqual([
      { ...head, entries: [], end: { at: 0, end: 'complete' } },
    ]);
  });

  it('gives the recording before the end is passed on', () => {
    const heard: string[] = [];
    of(m)
      .pipe(record(() => heard.push('recording')))
      .subscribe({ complete: () => heard.push('complete') });
    throwError(() => new Error('no'))
      .pipe(record(() => heard.push('recording')))
      .subscribe({ error: () => heard.push('error') });
    expect(heard).toEqual(['recording', 'complete', 'recording', 'error']);
  });

  it('records each subscription by itself, from its own start', () => {
    const scheduler = new VirtualTimeScheduler();
    const recordings: Recording[] = [];
    const source = new Subject<StreamEvent>();
    const output = source.pipe(record((recording) => recordings.push(recording), { scheduler }));
    output.subscribe();
    scheduler.frame = 10;
    source.next(m);
    output.subscribe();
    scheduler.frame = 15;
    source.next(o);
    source.complete();
    expect(recordings.map(({ entries }) => entries)).toEqual([[at(10, m), at(15, o)], [at(5, o)]]);
  });

  it('draws of a synchronous source what is taken', () => {
    const recordings: Recording[] = [];
    let drawn = 0;
    from(Array.from({ length: 100_000 }, () => t))
      .pipe(
        map((event) => (drawn++, event)),
        record((recording) => recordings.push(recording)),
        take(3),
      )
      .subscribe();
    expect(drawn).toBe(3);
    expect(recordings.map(({ entries, end }) => [entries.length, end.end])).toEqual([[3, 'unsubscribe']]);
  });

  it('never goes back in time where a clock is set back', () => {
    const times = [1000, 1500, 1200, 1600, 1600];
    const scheduler = new TestScheduler(() => undefined);
    scheduler.now = () => times.shift() ?? NaN;
    const recordings: Recording[] = [];
    of(m, o, t)
      .pipe(record((recording) => recordings.push(recording), { scheduler }))
      .subscribe();
    expect(recordings[0]?.entries.map((entry) => entry.at)).toEqual([500, 500, 600]);
  });

  it('keeps what a redaction makes of each event, and no foreign text of an error', () => {
    const seen: StreamEvent[] = [];
    const recordings: Recording[] = [];
    const failing = throwError(() => new StreamError('malformed', 'No JSON', { raw: 'secret' }));
    concat(of(m, t, t), failing)
      .pipe(
        record((recording) => recordings.push(recording), {
          redact: () => {
            let nth = 0;
            return (event) =>
              event.type === 'content_block_delta' ? events.textDelta(0, `${++nth}`) : event;
          },
        }),
      )
      .subscribe({ next: (event) => seen.push(event), error: () => undefined });
    expect(seen).toEqual([m, t, t]);
    expect(recordings[0]?.entries.map(({ event }) => event)).toEqual([
      m,
      events.textDelta(0, '1'),
      events.textDelta(0, '2'),
    ]);
    expect(JSON.stringify(recordings)).not.toContain('secret');
  });

  it('fails as tap does where the callback or the redaction throws', () => {
    const failures: unknown[] = [];
    const fail = (): never => {
      throw new Error('full');
    };
    of(m)
      .pipe(record(fail))
      .subscribe({ error: (error) => failures.push(error) });
    concat(of(m), NEVER)
      .pipe(record(() => undefined, { redact: () => fail }))
      .subscribe({ error: (error) => failures.push(error) });
    expect(failures).toEqual([new Error('full'), new Error('full')]);
  });
});

const recordings = fc
  .record(
    {
      name: fc.string(),
      startedAt: fc.string(),
      codec: fc.string(),
      gaps: fc.array(
        fc.tuple(
          fc.nat(500),
          fc.constantFrom(
            ...Object.values(alphabet).filter((event) => event.type !== 'reset'),
            events.textDelta(0, '\u2028\n"京'),
            events.unknown('a', null),
          ),
        ),
      ),
      end: fc.constantFrom<object[]>(
        { end: 'complete' },
        { end: 'unsubscribe' },
        {
          end: 'error',
          error: recordedErrorOf(new StreamError('http', 'HTTP 529', { status: 529, retryAfterMs: 5 })),
        },
        { end: 'error', error: recordedErrorOf(Object.assign(new TypeError('no'), { code: 'E' })) },
        { end: 'error', error: recordedErrorOf('no error at all') },
      ),
    },
    { requiredKeys: ['gaps', 'end'] },
  )
  .map(({ gaps, end, ...head }) => {
    let time = 0;
    const entries = gaps.map(([gap, event]) => at((time += gap), event));
    return { ...head, entries, end: { at: time, ...end } } as unknown as Recording;
  });

describe('recordingText', () => {
  it('has a line for the head, for each event and for the end', () => {
    const recording: Recording = {
      name: 'hello',
      entries: [at(380, events.ping())],
      end: { at: 402, end: 'complete' },
    };
    expect(recordingText(recording)).toBe(
      '{"format":"rxjs-llm-stream recording","version":1,"name":"hello"}\n' +
        '{"at":380,"event":{"type":"ping"}}\n' +
        '{"at":402,"end":"complete"}\n',
    );
  });

  it('is what parseRecording reads', () => {
    fc.assert(
      fc.property(recordings, fc.constantFrom('\n', '\r\n', '\n\n'), (recording, lineEnd) => {
        expect(parseRecording(recordingText(recording).replaceAll('\n', lineEnd))).toEqual(recording);
      }),
    );
  });

  it('keeps of the cause of a reset what is JSON of it', () => {
    const recording: Recording = { entries: [at(0, alphabet.r)], end: { at: 0, end: 'complete' } };
    const [entry] = parseRecording(recordingText(recording)).entries;
    expect(entry?.event).toMatchObject({ type: 'reset', attempt: 2, cause: { code: 'network' } });
  });
});

describe('parseRecording', () => {
  const HEAD = '{"format":"rxjs-llm-stream recording","version":1}';
  const PING = '{"at":5,"event":{"type":"ping"}}';
  const END = '{"at":9,"end":"complete"}';

  it.each<[string, string[], string]>([
    ['nothing', [], 'Line 1 of the recording is missing'],
    ['another file', ['{"type":"ping"}'], 'Line 1 of the recording is not the head of a recording'],
    [
      'a later version',
      [HEAD.replace('1}', '2}'), END],
      'Line 1 of the recording is of a version other than 1',
    ],
    [
      'a name that is none',
      [HEAD.replace('1}', '1,"name":1}'), END],
      'Line 1 of the recording has a name that is not a text',
    ],
    ['no end', [HEAD], 'Line 2 of the recording is missing: it says how the stream ended'],
    ['an end that was cut off', [HEAD, PING], 'Line 2 of the recording does not say how the stream ended'],
    ['half a line', [HEAD, PING.slice(0, 9), END], 'Line 2 of the recording is not JSON'],
    ['a line that is no object', [HEAD, '[]', END], 'Line 2 of the recording is not a JSON object'],
    ['no time', [HEAD, PING.replace('"at":5,', ''), END], 'Line 2 of the recording has no time'],
    [
      'time that goes back',
      [HEAD, PING, PING.replace('5', '4'), END],
      'Line 3 of the recording is earlier than the one before',
    ],
    [
      'an end before the last event',
      [HEAD, PING, END.replace('9', '4')],
      'Line 3 of the recording is earlier than the one before',
    ],
    [
      'a negative time',
      [HEAD, PING.replace('5', '-5'), END],
      'Line 2 of the recording is earlier than the one before',
    ],
    ['no event', [HEAD, '{"at":5}', END], 'Line 2 of the recording has no event'],
    [
      'an event without a type',
      [HEAD, '{"at":5,"event":{}}', END],
      'Line 2 of the recording has no event: The event has no type',
    ],
    [
      'a type that no event has',
      [HEAD, PING.replace('ping', 'pong'), END],
      'Line 2 of the recording has no event: ',
    ],
    [
      'a known event of the wrong shape',
      [HEAD, PING.replace('ping', 'content_block_stop'), END],
      'Line 2 of the recording has no event: ',
    ],
    [
      'an unknown event without a name',
      [HEAD, PING.replace('ping', 'unknown'), END],
      'Line 2 of the recording has an unknown event without a name',
    ],
    [
      'an error without a message',
      [HEAD, '{"at":9,"end":"error","error":{"name":"Error"}}'],
      'Line 2 of the recording does not say what the stream failed with',
    ],
  ])('finds %s', (_, lines, message) => {
    let failure: unknown;
    try {
      parseRecording(lines.join('\n'));
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code: 'malformed', message: expect.stringContaining(message) });
    expect((failure as StreamError).raw).toBe(lines[Number(/\d+/.exec(message)?.[0]) - 1] ?? '');
  });
});

describe('an error in a recording', () => {
  it.each([
    new StreamError('http', 'HTTP 529: Overloaded', {
      status: 529,
      errorType: 'overloaded_error',
      requestId: 'req_1',
      retryAfterMs: 1000,
      raw: '{}',
    }),
    new StreamError('timeout', 'Too slow', { kind: 'idle', timeoutMs: 5, retryable: false }),
    Object.assign(new Error('fetch failed'), { name: 'TypeError', code: 'ECONNRESET' }),
  ])('stands for %p again', (error) => {
    const again = errorOf(JSON.parse(JSON.stringify(recordedErrorOf(error))));
    expect(recordedErrorOf(again)).toEqual(recordedErrorOf(error));
    expect(again instanceof StreamError).toBe(error instanceof StreamError);
  });
});
