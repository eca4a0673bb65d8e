import { from, NEVER, of } from 'rxjs';
import { anthropic, streamMessages } from '../../src/anthropic.js';
import { streamGemini } from '../../src/gemini.js';
import {
  decode,
  encode,
  events,
  historyOf,
  runTools,
  stopOn,
  streamEvents,
  streamTurn,
} from '../../src/index.js';
import { memoryLog, serveRun, startRun, toLog } from '../../src/log.js';
import { redisLog } from '../../src/log/redis.js';
import { streamOllama } from '../../src/ollama.js';
import { streamChat, streamResponses } from '../../src/openai.js';
import { traceStream } from '../../src/otel.js';
import { respond } from '../../src/server.js';
import { guardText, transformText } from '../../src/text.js';
import { outcomeOf } from '../sources/outcome.js';

/** An argument as JavaScript may have it: to TypeScript each of these is an error. */
const odd = (value: unknown): never => value as never;

describe('a call that takes an argument for another', () => {
  const run = (): string => 'sunny';

  it.each<[call: string, fails: () => unknown, says: string]>([
    ['guardText(/x/)', () => guardText(odd(/x/)), 'have to be a list, such as [/sk-\\w+/], not /x/'],
    ['guardText("x")', () => guardText(odd('x')), 'have to be a list, such as [/sk-\\w+/], not x'],
    ['guardText()', () => guardText(odd(undefined)), 'have to be a list, such as [/sk-\\w+/], not undefined'],
    [
      'runTools([tool])',
      () => runTools(odd([{ name: 'w', run: 'x' }])),
      'The handler of "0" is not a function',
    ],
    ['runTools of text', () => runTools(odd('x')), 'The handler of "0" is not a function'],
    [
      'runTools of a tool of another library',
      () => runTools(odd({ w: { execute: run } })),
      'The handler of "w" is not a function, nor { run } with one',
    ],
    ['runTools of a value', () => runTools(odd({ w: 'x' })), 'The handler of "w" is not a function'],
    [
      'streamEvents(undefined, …)',
      () => streamEvents(odd(undefined), { codec: anthropic }),
      'streamEvents() takes an address or a Request, not undefined',
    ],
    [
      'streamEvents(null, …)',
      () => streamEvents(odd(null), { codec: anthropic }),
      'streamEvents() takes an address or a Request, not null',
    ],
    ...Object.entries<(body: never) => unknown>({
      streamMessages,
      streamChat,
      streamResponses,
      streamGemini,
      streamOllama,
    }).map(([name, stream]): [string, () => unknown, string] => [
      `${name}(undefined)`,
      () => stream(odd(undefined)),
      `${name}() takes the body of the request, not undefined`,
    ]),
    [
      'streamEvents of an object',
      () => streamEvents('/api/chat', { codec: anthropic, body: odd({ prompt: 'Hi' }) }),
      'The body is an object: give JSON.stringify(body)',
    ],
    [
      'streamEvents({ url, codec })',
      () => streamEvents(odd({ url: '/api/chat', codec: anthropic }), odd(undefined)),
      'The address comes first: streamEvents(url, { codec })',
    ],
    ...[undefined, {}].map((options): [string, () => unknown, string] => [
      `traceStream(${JSON.stringify(options)})`,
      () => traceStream(odd(options)),
      'traceStream() takes { tracer, … } with a Tracer of OpenTelemetry, not undefined',
    ]),
    ...['', undefined, 7].flatMap((run): [string, () => unknown, string][] => [
      [
        `startRun(log, ${JSON.stringify(run)}, …)`,
        () => startRun(memoryLog(), odd(run), NEVER),
        `startRun() takes the id of a run, such as crypto.randomUUID(), not ${run === '' ? "''" : run}`,
      ],
      [
        `toLog(log, ${JSON.stringify(run)})`,
        () => toLog(memoryLog(), odd(run)),
        'toLog() takes the id of a run',
      ],
    ]),
    ...[{}, { client: Promise.resolve() }, { client: 'redis://' }, { client: { sendCommand: run } }].map(
      (options, nth): [string, () => unknown, string] => [
        `redisLog(${JSON.stringify(options)})`,
        () => redisLog(odd(options)),
        [
          'client of redisLog() takes a client of node-redis or of ioredis, not undefined',
          'not a promise of one: await its connect()',
          'not redis://',
          'The option subscriber of redisLog()',
        ][nth] ?? '',
      ],
    ),
    [
      'decode({ codec })',
      () => decode(odd({ codec: anthropic })),
      "decode() takes a codec, such as anthropic of 'rxjs-llm-stream/anthropic', not { codec }",
    ],
    ['decode()', () => decode(odd(undefined)), "/anthropic', not undefined"],
    ['decode("sse")', () => decode(odd('sse')), `/anthropic', not "sse"`],
    [
      'encode({ codec })',
      () => encode(odd({ codec: anthropic, limits: {} })),
      "encode() takes a codec, such as anthropic of 'rxjs-llm-stream/anthropic', not { codec, limits }",
    ],
    [
      'encode of a half that reads',
      () => encode(odd({ ...anthropic, encoder: undefined })),
      'encode() takes a codec, such as',
    ],
    [
      'historyOf(message)',
      () => historyOf(odd(events.messageStart().message)),
      'the state of a turn, or its',
    ],
    [
      'stopOn(signal)',
      () => stopOn(odd(new AbortController().signal)),
      "stopOn() takes fromEvent(signal, 'abort'), not the signal",
    ],
    ['stopOn()', () => stopOn(odd(undefined)), "You provided 'undefined' where a stream was expected"],
    ['historyOf(events$)', () => historyOf(odd(of(events.ping()))), 'the state of a turn, or its events'],
    ['historyOf()', () => historyOf(odd(undefined)), 'the state of a turn, or its events'],
  ])('%s is a TypeError at once, which says what it takes', (_, fails, says) => {
    expect(fails).toThrow(TypeError);
    expect(fails).toThrow(says);
  });

  it('runTools takes a function, an object with one, and nothing where a tool has no handler', () => {
    expect(() => runTools({ a: run, b: { run }, c: odd(undefined), d: odd(null) })).not.toThrow();
  });

  it('serveRun without a codec is rejected with a TypeError, which names it', async () => {
    const options = { log: memoryLog(), run: 'run', authorize: () => true };
    await expect(serveRun(new Request('http://127.0.0.1/'), odd(options))).rejects.toThrow(
      'The option codec is missing',
    );
  });

  it('respond without a codec is rejected with a TypeError, which names it', async () => {
    for (const options of [undefined, {}, anthropic])
      await expect(respond(of(events.ping()), odd(options))).rejects.toThrow('The option codec is missing');
  });

  it('streamTurn says what run is where it gets a function that makes it, as converse takes', async () => {
    const turn = streamTurn([], { ask: () => of(events.ping()), run: odd(() => runTools({ a: run })) });
    const { error } = await outcomeOf(turn);
    expect((error as Error).cause ?? error).toMatchObject({
      name: 'TypeError',
      message: 'run takes runTools(handlers), not a function that returns it',
    });
  });

  it('transformText says what a machine is where it gets what makes one text of another', async () => {
    const shouting = transformText(odd((text: string) => text.toUpperCase()));
    const { error } = await outcomeOf(from([events.textDelta(0, 'Hello')]).pipe(shouting));
    expect((error as Error).cause ?? error).toMatchObject({
      name: 'TypeError',
      message: 'transformText() takes a function that makes a machine, { next, end }, for each text',
    });
  });
});
