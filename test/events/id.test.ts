import fc from 'fast-check';
import { firstValueFrom, from, lastValueFrom, map, of, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { withId } from '../../src/events/id.js';
import {
  decode,
  encode,
  events,
  frameText,
  fromBytes,
  idOf,
  ndjson,
  ndjsonText,
  sse,
  toMessage,
  type Codec,
  type StreamEvent,
} from '../../src/index.js';
import { llmWorker } from '../../src/llm-worker.js';
import { openaiChat } from '../../src/openai.js';
import { respond } from '../../src/server.js';
import { ANSWER } from '../sources/loopback.js';
import '../seed.js';

const LOGGED: readonly StreamEvent[] = ANSWER.map((event, at) => withId(event, `1-${at}`));
const IDS = LOGGED.map(idOf);

async function textOf(codec: Codec, given: readonly StreamEvent[]): Promise<string> {
  const pieces = from(given).pipe(encode(codec), map(frameText(codec.framing)), toArray());
  return (await lastValueFrom(pieces)).join('');
}

describe('the id of an event', () => {
  it('is that of its frame, however the frame is read', async () => {
    const text = await textOf(anthropic, LOGGED);
    const piped = await lastValueFrom(of(text).pipe(sse(), decode(anthropic), toArray()));
    const read = await lastValueFrom(fromBytes(text, { codec: anthropic }).pipe(toArray()));
    expect(piped.map(idOf)).toEqual(IDS);
    expect(read.map(idOf)).toEqual(IDS);
    expect(read).toEqual(ANSWER);
  });

  it('is none where the frame has none', async () => {
    const read = fromBytes(await textOf(anthropic, ANSWER), { codec: anthropic });
    expect((await lastValueFrom(read.pipe(toArray()))).every((event) => idOf(event) === undefined)).toBe(
      true,
    );
  });

  it('goes through a relay', async () => {
    const text = await textOf(anthropic, LOGGED);
    expect(await (await respond(fromBytes(text, { codec: anthropic }), { codec: anthropic })).text()).toBe(
      text,
    );
  });

  it('stays on what a relay rewrites', async () => {
    const given = [...LOGGED.slice(0, 2), withId(events.blockAbort(0, 'secret'), '1-2'), ...LOGGED.slice(5)];
    const text = await (await respond(from(given), { codec: anthropic })).text();
    expect(text).toMatch(/^id: 1-2\ndata: .*block_abort/m);
    expect(text).not.toContain('secret');
  });

  it('stands on the last frame of its event', async () => {
    const codec: Codec = {
      ...anthropic,
      encoder: () => ({ next: () => [{ data: 'a' }, { data: 'b' }], end: () => [{ data: 'c' }] }),
    };
    const frames = of(withId(events.ping(), '1-1')).pipe(encode(codec), toArray());
    expect(await lastValueFrom(frames)).toEqual([{ data: 'a' }, { data: 'b', id: '1-1' }, { data: 'c' }]);
  });

  it('is read of every protocol that it is written in', async () => {
    for (const codec of [llmWorker, openaiChat]) {
      const read = fromBytes(await textOf(codec, LOGGED), { codec });
      const text = (await lastValueFrom(read.pipe(toArray()))).filter(
        ({ type }) => type === 'content_block_delta',
      );
      expect(text.map(idOf)).toEqual(['1-2', '1-3']);
    }
  });

  it('is no part of an event', async () => {
    const [event = events.ping()] = LOGGED;
    expect(idOf(event)).toBe('1-0');
    expect(event).toEqual(ANSWER[0]);
    expect(JSON.stringify(event)).toBe(JSON.stringify(ANSWER[0]));
    expect(structuredClone(event)).toEqual(ANSWER[0]);
    expect(Reflect.ownKeys({ ...event })).toEqual(Reflect.ownKeys(ANSWER[0] ?? {}));
    expect(idOf({ ...event })).toBeUndefined();
  });

  it('stands in no snapshot', async () => {
    const message = await firstValueFrom(from(LOGGED).pipe(toMessage()));
    expect(message).toEqual(await firstValueFrom(from(ANSWER).pipe(toMessage())));
    expect(Object.getOwnPropertySymbols(message)).toEqual([]);
    expect(structuredClone(message)).toEqual(message);
  });

  it('leaves the event that it is given to as it was', () => {
    const event = Object.freeze(events.ping());
    expect(idOf(withId(event, 'x'))).toBe('x');
    expect(idOf(event)).toBeUndefined();
  });
});

describe('an id in newline-delimited JSON', () => {
  it.each([
    ['{"a":1}', '{"$id":"1-2","a":1}\n'],
    ['{}', '{"$id":"1-2"}\n'],
    [' { "a": 1}', '{"$id":"1-2","a": 1}\n'],
    ['"Ping"', '"Ping"\n'],
    ['[1]', '[1]\n'],
  ])('of %s is written as %j', (data, line) => {
    expect(ndjsonText({ data, id: '1-2' })).toBe(line);
  });

  it.each([
    ['{"$id":"1-2","a":1}', { data: '{"a":1}', id: '1-2' }],
    ['{"$id":"1-2"}', { data: '{}', id: '1-2' }],
    ['{"$id":1,"a":1}', { data: '{"$id":1,"a":1}' }],
    ['{"$id":"\\n","a":1}', { data: '{"$id":"\\n","a":1}' }],
    ['{"a":1,"$id":"1-2"}', { data: '{"a":1,"$id":"1-2"}' }],
    ['{"$id":"1-', { data: '{"$id":"1-', unterminated: true }],
  ])('is found at the beginning alone: %s', async (line, frame) => {
    const text = 'unterminated' in frame ? line : `${line}\n`;
    expect(await firstValueFrom(of(text).pipe(ndjson()))).toEqual(frame);
  });

  it('never breaks out of its line', () => {
    expect(ndjsonText({ data: '{}', id: '1"\\\n\u2028é-2' })).toBe('{"$id":"1-2"}\n');
  });

  it('comes back as it was', () => {
    const ids = fc.stringMatching(/^[\w.:+/=~-]+$/);
    fc.assert(
      fc.property(ids, fc.dictionary(fc.string(), fc.jsonValue()), (id, value) => {
        let frame: unknown;
        of(ndjsonText({ data: JSON.stringify(value), id }))
          .pipe(ndjson())
          .subscribe((found) => (frame = found));
        expect(frame).toEqual({ data: JSON.stringify(value), id });
      }),
    );
  });
});
