import { lastValueFrom, of, toArray } from 'rxjs';
import { decode, events, sse, type StreamEvent } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { alphabet, mockResponse, recordingText, script } from '../../src/testing.js';
import { opened, type Opened } from '../../playground/model/opened.js';
import { PROTOCOLS } from '../../playground/model/protocols.js';
import { readingOf } from '../../playground/model/reading.js';
import { captureOf, SAMPLES } from '../../playground/model/samples.js';
import { AT_ONCE } from '../../playground/model/slices.js';
import { recordingOf } from '../../playground/model/session.js';
import { CODECS } from '../../scripts/codecs.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function eventsOf({ feed }: Opened): Promise<readonly StreamEvent[]> {
  const { events: came, failure } = await readingOf(feed, AT_ONCE);
  if (failure) throw failure.value;
  return came.map(({ value }) => value);
}

const textIn = (answer: readonly StreamEvent[]): string =>
  answer
    .map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    )
    .join('');

describe('what is given', () => {
  it.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
    'is recognised as a capture of %s, and read whole',
    async (name, codec) => {
      const said = script()
        .text('Grüße 🎵 from Kyoto')
        .toolUse('get_weather', { city: 'Kyoto' })
        .deltas({ words: 1 });
      const found = await opened(captureOf(codec, said.events()), AT_ONCE);
      expect(found.feed.codec.name).toBe(name);
      expect(textIn(await eventsOf(found))).toBe('Grüße 🎵 from Kyoto');
    },
  );

  it('may be of every protocol that the library exports a codec of', () => {
    const named = PROTOCOLS.map(({ codec }) => codec.name);
    expect([...CODECS.keys()].filter((name) => !named.includes(name) && name !== 'titan')).toEqual([]);
  });

  it('is each of the samples', async () => {
    for (const sample of SAMPLES) {
      const answer = await eventsOf(await opened(sample.text(), AT_ONCE));
      expect([sample.id, answer.length > 5]).toEqual([sample.id, true]);
    }
  });

  it('is a row of marbles, with the times of its letters', async () => {
    const { feed, kind } = await opened('m-o-t 20ms (cs)z|', AT_ONCE);
    expect(kind).toBe('a row of marbles');
    const { entries, end } = recordingOf(feed, await readingOf(feed, AT_ONCE));
    expect(entries.map(({ at }) => at)).toEqual([0, 2, 4, 25, 25, 29]);
    expect(entries.map(({ event }) => event)).toEqual([...'motcsz'].map((letter) => alphabet[letter as 'm']));
    expect(end).toEqual({ at: 30, end: 'complete' });
  });

  it('is a row with every letter of the alphabet', async () => {
    for (const [letter, event] of Object.entries(alphabet)) {
      const { feed } = await opened(`${letter}-`, AT_ONCE);
      const reading = await readingOf(feed, AT_ONCE);
      // The cause of a reset is told by what JSON can hold of it.
      const plain = JSON.parse(JSON.stringify(event)) as StreamEvent;
      expect([letter, reading.events.map(({ value }) => value)]).toEqual([letter, [plain]]);
    }
  });

  it('is a row that fails, or stays open', async () => {
    const lost = await opened('m-o-#', AT_ONCE);
    expect(lost.feed.end).toMatchObject({ at: 4, how: 'lost', error: { code: 'network' } });
    expect((await opened('m-o--', AT_ONCE)).feed.end).toEqual({ at: 5, how: 'open' });
  });

  it('is refused where a letter stands for nothing', async () => {
    await expect(opened('m-K-|', AT_ONCE)).rejects.toThrow("No value for the letter 'K'");
  });

  it('is a script, which is read and not run', async () => {
    const found = await opened(
      "script().text('It’s \\u00e9t\\'e').toolUse('f', { a: [1, -2.5], 'b c': null }).timed(5)",
      AT_ONCE,
    );
    const answer = await eventsOf(found);
    expect(textIn(answer)).toBe("It’s ét'e");
    expect(found.feed.end).toEqual({ at: 5 * answer.length, how: 'complete' });
    await expect(opened("script().text('a').constructor('b')", AT_ONCE)).rejects.toThrow(
      'no method constructor',
    );
    await expect(opened('script().text(alert(1))', AT_ONCE)).rejects.toThrow(
      'Line 1 of the script has "alert(1))"',
    );
  });

  it('is a recording, with its times and its end', async () => {
    const entries = Array.from({ length: 700 }, (_, nth) => ({ at: nth * 3, event: events.ping() }));
    const text = recordingText({
      entries,
      end: { at: 2100, end: 'error', error: { name: 'Error', message: 'no' } },
    });
    const { feed } = await opened(text, AT_ONCE);
    const recording = recordingOf(feed, await readingOf(feed, AT_ONCE));
    expect(recording.entries).toEqual(entries);
    expect(recording.end).toMatchObject({ at: 2100, end: 'error', error: { message: 'no' } });
  });

  it('is one of the streams of an HTTP archive', async () => {
    const bodyOf = (text: string): string => captureOf(anthropic, script().text(text).events());
    const entry = (url: string, mimeType: string, text: string, encoding?: string): object => ({
      request: { method: 'POST', url },
      response: { content: { mimeType, text, encoding } },
    });
    const har = JSON.stringify({
      log: {
        version: '1.2',
        entries: [
          entry('https://a.example/page', 'text/html', '<html>'),
          entry('https://a.example/one?key=1', 'text/event-stream; charset=utf-8', bodyOf('first')),
          entry('https://a.example/two', 'text/event-stream', btoa(bodyOf('second')), 'base64'),
        ],
      },
    });
    const first = await opened(har, AT_ONCE);
    expect(first.bodies).toEqual(['POST https://a.example/one', 'POST https://a.example/two']);
    expect(textIn(await eventsOf(first))).toBe('first');
    expect(textIn(await eventsOf(await opened(har, AT_ONCE, { body: 1 })))).toBe('second');
    await expect(opened('{"log":{"entries":[]}}', AT_ONCE)).rejects.toThrow('has no body');
    await expect(opened('{"log":{"entries":[', AT_ONCE)).rejects.toThrow('The archive is broken');
  });

  it.each([
    [
      'Python',
      (data: string) =>
        `INFO:httpx:HTTP Request: POST\n${data
          .split('\n\n')
          .map((event) => `DEBUG:app:got b'${event.replaceAll('\n', '\\n')}\\n\\n'`)
          .join('\n')}`,
    ],
    [
      'Java',
      (data: string) =>
        data
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `2026-11-29 10:11:12.123 DEBUG [main] c.a.Client - ${line}`)
          .join('\r\n'),
    ],
  ])('is taken out of a log of %s, which is told', async (_, logged) => {
    const data = captureOf(anthropic, script().text('Hello').events()).trim();
    const found = await opened(logged(data), AT_ONCE);
    expect(found.notes[0]).toContain('It stands in a log');
    expect(textIn(await eventsOf(found))).toBe('Hello');
  });

  it.each([
    ['', 'There is nothing in it'],
    ['Dear all, the meeting is at ten.', 'No protocol that the library knows begins like this: "Dear all'],
    ['{"a":1}', 'No protocol'],
  ])('is refused with a reason: %j', async (text, reason) => {
    await expect(opened(text, AT_ONCE)).rejects.toThrow(reason);
  });

  it('is refused where it is binary, by its first bytes', async () => {
    await expect(opened([Uint8Array.of(0x1f, 0x8b, 8, 0, 0)], AT_ONCE)).rejects.toThrow('compressed by gzip');
    await expect(opened([Uint8Array.of(0, 1, 2, 3, 4)], AT_ONCE)).rejects.toThrow(
      'begins with the bytes 00010203',
    );
  });

  it('is read as the protocol that somebody chose', async () => {
    const text = 'data: {"type":"ping"}\n\n';
    expect((await opened(text, AT_ONCE, { codec: 'anthropic' })).feed.codec).toBe(anthropic);
    await expect(opened(text, AT_ONCE, { codec: 'nobody' })).rejects.toThrow('no protocol nobody');
  });

  it('is the same, in whatever pieces a file comes', async () => {
    const text = captureOf(anthropic, script().text('Grüße 🎵').deltas({ characters: 1 }).events());
    const bytes = encode(text.replaceAll('\n', '\r\n'));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, nth) =>
      bytes.subarray(nth * 7, nth * 7 + 7),
    );
    const { feed } = await opened(pieces, AT_ONCE);
    const whole = await opened(text, AT_ONCE);
    expect(feed.parts.length).toBe(whole.feed.parts.length);
    expect(await eventsOf({ ...whole, feed })).toEqual(await eventsOf(whole));
  });

  it('is read as the operators of the library read it', async () => {
    const body = mockResponse(script().text('Grüße 🎵').deltas({ characters: 1 }), { codec: anthropic });
    const bytes = new Uint8Array(await body.arrayBuffer());
    const expected = await lastValueFrom(of(bytes).pipe(sse(), decode(anthropic), toArray()));
    expect(await eventsOf(await opened([bytes], AT_ONCE))).toEqual(expected);
  });
});
