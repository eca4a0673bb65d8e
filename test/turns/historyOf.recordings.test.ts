import { TextDecoder } from 'node:util';
import { Subject } from 'rxjs';
import { detectCodec } from '../../src/detect.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { TurnMessage } from '../../src/events/turnMessage.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { historyOf } from '../../src/turns/history.js';
import { eventsIn } from '../codecs/conformance/spelling.js';
import { bytesOf, recordings } from '../recordings/recordings.js';
import { isThorough } from '../thorough.js';
import { complaintsOfConverters } from './converters.js';
import { complaintsAbout } from './validator.js';

/** How many places of a recording there is time for where CI does not run. */
const FEW = 2;

/** The recorded streams of all protocols that a codec is found for. */
const files = ['anthropic', 'chat', 'responses', undefined].flatMap(recordings).flatMap((recording) => {
  const bytes = bytesOf(recording);
  const codec = detectCodec(new TextDecoder().decode(bytes));
  return codec === undefined ? [] : [[recording.file, eventsIn(codec, [bytes])] as const];
});

/** The events of a stream that is stopped after so many. */
function stoppedAfter(count: number, events: readonly StreamEvent[]): StreamEvent[] {
  const source = new Subject<StreamEvent>();
  const stop = new Subject<void>();
  const seen: StreamEvent[] = [];
  source.pipe(stopOn(stop)).subscribe((event) => seen.push(event));
  for (const event of events.slice(0, count)) source.next(event);
  stop.next();
  return seen;
}

function complaints(history: readonly TurnMessage[]): string[] {
  return [...complaintsAbout(history), ...complaintsOfConverters(history)];
}

/** The places to stop at: all, or the end and a few that differ from file to file. */
function placesIn(events: readonly StreamEvent[], nth: number): number[] {
  const all = [...events.keys(), events.length];
  const step = Math.ceil(all.length / FEW);
  return isThorough ? all : all.filter((at) => at === events.length || at % step === nth % step);
}

if (files.length === 0) {
  it('there are no recordings here to be stopped', () => {
    expect(files).toEqual([]);
  });
} else {
  describe('the history of a recorded stream that was stopped', () => {
    it.each(files.map(([file, events], nth) => [file, events, nth] as const))(
      '%s is one that the providers take, wherever that was',
      (_, events, nth) => {
        const wrong = placesIn(events, nth).flatMap((at) =>
          complaints(historyOf(stoppedAfter(at, events))).map((what) => `after ${at} events: ${what}`),
        );
        expect(wrong).toEqual([]);
        // Of a connection that broke there, too, which nobody has given an end.
        const half = events.slice(0, Math.floor(events.length / 2));
        expect(complaints(historyOf(half))).toEqual([]);
      },
    );
  });
}
