import { fromBytes, fromHttpEvents, fromResponse, streamEvents } from '../../src/index.js';
import { mockFetch, mockResponse, runMarbles, script } from '../../src/testing.js';
import { mockServer } from '../../src/testing/node.js';

const HELLO = script().text('Hello');

/** The calls as JavaScript may have them, for to TypeScript most of them are errors. */
const none = undefined as never;

describe('a call without a codec', () => {
  it.each<[call: string, fails: () => unknown, example: string]>([
    ['fromBytes', () => fromBytes([], none), 'fromBytes(chunks, { codec: anthropic })'],
    ['fromBytes with limits', () => fromBytes([], { limits: {} } as never), 'fromBytes(chunks, { codec'],
    [
      'fromResponse',
      () => fromResponse(new Response(), none),
      'fromResponse(response, { codec: anthropic })',
    ],
    ['fromHttpEvents', () => fromHttpEvents(none), 'fromHttpEvents({ codec: anthropic })'],
    ['streamEvents', () => streamEvents('/api/chat', none), 'streamEvents(url, { codec: anthropic })'],
    ['script().bytes', () => HELLO.bytes(none), '{ codec: anthropic }'],
    ['mockResponse', () => mockResponse(HELLO), 'mockResponse(script, { codec: anthropic })'],
    [
      'mockResponse in events',
      () => mockResponse('data: 1\n\n', { chunking: 'event' }),
      '{ codec: anthropic',
    ],
    ['mockFetch', () => mockFetch([HELLO]), '{ codec: anthropic }'],
    ['llm.bytes', () => runMarbles(({ llm }) => llm.bytes(HELLO, none)), '{ codec: anthropic }'],
  ])('of %s is a TypeError at once, with an example', (_, fails, example) => {
    expect(fails).toThrow(TypeError);
    expect(fails).toThrow('The option codec, the protocol of the stream, is missing. For example: ');
    expect(fails).toThrow(example);
    expect(fails).toThrow("import { anthropic } from 'rxjs-llm-stream/anthropic'");
  });

  it('of mockServer is one too', async () => {
    await expect(mockServer([HELLO])).rejects.toThrow(TypeError);
  });

  it('plays a body that stands as it is on the wire', async () => {
    const fetch = mockFetch([mockResponse('data: 1\n\n'), new Response('2'), 'data: 3\n\n']);
    const texts = [await fetch('/'), await fetch('/'), await fetch('/')].map(async (answer) => answer.text());
    expect(await Promise.all(texts)).toEqual(['data: 1\n\n', '2', 'data: 3\n\n']);
  });
});
