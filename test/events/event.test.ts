import { EMPTY, filter, from, map, of, toArray } from 'rxjs';
import { eventTypeOf, isEvent, isPing, isTerminal, partialJsonOf, textOf } from '../../src/events/event.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';

/** One event of each type, in the order of an answer. */
const ONE_OF_EACH: readonly StreamEvent[] = [
  events.messageStart(),
  events.ping(),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.blockAbort(1, 'superseded'),
  events.toolResult('toolu_1', 'sunny'),
  events.unknown('smell', { rose: true }),
  events.reset(2, undefined),
  events.messageDelta('end_turn'),
  events.messageStop(),
  events.error('overloaded_error', 'Overloaded'),
];

/** Names that every object answers to through its prototype. */
const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

function typesPassing(guard: (event: StreamEvent) => boolean): string[] {
  return ONE_OF_EACH.filter(guard).map(({ type }) => type);
}

describe('isTerminal', () => {
  it('holds for a message stop and an error, and for nothing else', () => {
    expect(typesPassing(isTerminal)).toEqual(['message_stop', 'error']);
  });

  it('does not hold for a message delta with a stop reason, which is not yet the end', () => {
    expect(isTerminal(events.messageDelta('end_turn'))).toBe(false);
  });
});

describe('isPing', () => {
  it('holds for keep-alives only', () => {
    expect(typesPassing(isPing)).toEqual(['ping']);
  });

  it('does not hold for an unknown event that is called ping', () => {
    expect(isPing(events.unknown('ping', {}))).toBe(false);
  });
});

describe('isEvent', () => {
  it.each(ONE_OF_EACH.map(({ type }) => type))('lets through %s and nothing else', (type) => {
    expect(typesPassing(isEvent(type))).toEqual([type]);
  });

  it('narrows inside a filter', () => {
    const models: string[] = [];
    from([events.ping(), events.messageStart({ model: 'claude' })])
      .pipe(
        filter(isEvent('message_start')),
        map(({ message }) => message.model),
      )
      .subscribe((model) => models.push(model));
    expect(models).toEqual(['claude']);
  });

  it('lets nothing through where nothing comes', () => {
    const seen: unknown[] = [];
    EMPTY.pipe(filter(isEvent('ping')), toArray()).subscribe((all) => seen.push(all));
    expect(seen).toEqual([[]]);
  });

  it('makes guards that do not know of each other', () => {
    const isStop = isEvent('message_stop');
    const isError = isEvent('error');
    expect([isStop(events.messageStop()), isError(events.messageStop())]).toEqual([true, false]);
  });
});

describe('textOf', () => {
  it('gives the text of a text delta', () => {
    expect(textOf(events.textDelta(0, 'Hi'))).toBe('Hi');
  });

  it('gives an empty text as a text', () => {
    expect(textOf(events.textDelta(0, ''))).toBe('');
  });

  it.each<StreamEvent>([
    ...ONE_OF_EACH.filter(({ type }) => type !== 'content_block_delta'),
    events.textStart(0, 'a text that stands in the start'),
    events.thinkingDelta(0, 'Hm'),
    events.inputJsonDelta(0, '{"text":"Hi"}'),
  ])('gives nothing for $type $delta.type', (event) => {
    expect(textOf(event)).toBeUndefined();
  });

  it('gives nothing for a delta of a type that is not known, whatever it holds', () => {
    const [delta] = JSON.parse(
      '[{"type":"content_block_delta","index":0,"delta":{"type":"smell_delta","text":"rose"}}]',
    ) as StreamEvent[];
    expect(delta && textOf(delta)).toBeUndefined();
  });
});

describe('partialJsonOf', () => {
  it('gives the piece of JSON as it was cut', () => {
    expect(partialJsonOf(events.inputJsonDelta(1, '{"city": "To'))).toBe('{"city": "To');
  });

  it('gives an empty piece as a piece', () => {
    expect(partialJsonOf(events.inputJsonDelta(1, ''))).toBe('');
  });

  it.each<StreamEvent>([...ONE_OF_EACH, events.toolUseStart(1, 'toolu_1', 'get_weather', { city: 'Tokyo' })])(
    'gives nothing for $type',
    (event) => {
      expect(partialJsonOf(event)).toBeUndefined();
    },
  );
});

describe('eventTypeOf', () => {
  it.each([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
    'ping',
    'error',
  ])('knows %s from the wire', (name) => {
    expect(eventTypeOf(name)).toBe(name);
  });

  it.each(['unknown', 'block_abort', 'tool_result', 'reset'])(
    'does not take our own %s for a wire event',
    (name) => {
      expect(eventTypeOf(name)).toBeUndefined();
    },
  );

  it.each(['', 'message', 'Ping', ' ping', 'completion', ...INHERITED])('does not know %j', (name) => {
    expect(eventTypeOf(name)).toBeUndefined();
  });

  it('sorts the names of a stream into known and unknown', () => {
    const known: (string | undefined)[] = [];
    of('ping', 'pong')
      .pipe(map(eventTypeOf))
      .subscribe((type) => known.push(type));
    expect(known).toEqual(['ping', undefined]);
  });
});
