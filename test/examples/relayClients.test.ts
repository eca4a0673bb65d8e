import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { events, fromBytes, type Codec, type StreamEvent } from '../../src/index.js';
import { ANSWER, beginStream, closeLoopbacks, loopback, wire, type Exchange } from '../sources/loopback.js';
import { isThorough } from '../thorough.js';
import { closeRelays, dawdler, Reader, relaying, Timers } from './relaying.js';

const MEGABYTE = 1024 * 1024;

afterEach(async () => {
  await closeRelays();
  await closeLoopbacks();
});

function eventsIn(answer: string, codec: Codec = anthropic): Promise<readonly StreamEvent[]> {
  return lastValueFrom(fromBytes(answer, { codec }).pipe(toArray()));
}

describe('a client that leaves', () => {
  it.each([
    [
      'in the middle of the answer',
      (exchange: Exchange) => beginStream(exchange, ...ANSWER.slice(0, 3)),
      'Hel',
    ],
    ['before it begins', () => undefined, ''],
  ])('%s ends the request to the upstream', async (_, answer, seen) => {
    const upstream = await loopback(answer);
    const scheduler = new Timers();
    const relay = await relaying({ upstream: upstream.url, codec: anthropic, scheduler });
    const leaving = new AbortController();
    const asked = Reader.ask(`${relay}/anthropic`, { signal: leaving.signal });
    const { cutOff } = await upstream.asked();
    if (seen !== '') await (await asked).sees(seen);
    leaving.abort();
    await asked.catch((error: unknown) => expect(error).toBe(leaving.signal.reason));
    expect(await cutOff).toBe(true);
    scheduler.pass(60_000);
    expect(scheduler.actions).toEqual([]);
  });
});

/** An answer of many bytes, made when it is asked for. */
class Flood {
  sent = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  into({ response }: Exchange): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    Readable.from(this.#texts()).pipe(response);
  }

  *#texts(): Generator<string> {
    const delta = wire(events.textDelta(0, 'x'.repeat(32 * 1024)));
    yield wire(...ANSWER.slice(0, 2));
    for (; this.sent < this.#size; this.sent += delta.length) yield delta;
    yield wire(...ANSWER.slice(4));
  }
}

describe('a client that is slow', () => {
  it.runIf(isThorough)(
    'slows the upstream, and misses nothing',
    async () => {
      const floods: Flood[] = [];
      const upstream = await loopback((exchange) => {
        const flood = new Flood(24 * MEGABYTE);
        floods.push(flood);
        flood.into(exchange);
      });
      const relay = await relaying({ upstream: upstream.url, codec: anthropic });
      const incoming = await dawdler(`${relay}/anthropic`);
      // What another client gets in the meantime would have been enough for this one too.
      const other = await text(await dawdler(`${relay}/anthropic`));

      // No more than what the sockets hold.
      expect(floods[0]?.sent).toBeLessThan(24 * MEGABYTE);
      const answer = await text(incoming);
      expect(answer).toHaveLength(other.length);
      expect(answer === other).toBe(true);
      expect(floods.map(({ sent }) => sent >= 24 * MEGABYTE)).toEqual([true, true]);
      expect((await eventsIn(answer)).at(-1)).toEqual(events.messageStop());
    },
    30_000,
  );
});

// A program takes seconds to start.
if (isThorough) {
  it('npm run relay streams a recorded answer of its own, until it is interrupted', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/relay/main.ts'], {
      env: { ...process.env, PORT: '0', UPSTREAM_URL: undefined },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    const closed = once(child, 'close');
    // It is read on: a program whose output nobody takes is broken off.
    const said = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.includes('/synaps')) resolve(text);
      });
    });
    const [, url = ''] = /curl -N (\S+\/anthropic)/.exec(said) ?? [];
    const reader = await Reader.ask(`http://${url}`);
    await reader.sees('event: message_start\n', 'They');
    child.kill('SIGINT');
    await expect(reader.rest()).rejects.toThrow();
    expect(await closed).toEqual([0, null]);
  }, 30_000);
}
