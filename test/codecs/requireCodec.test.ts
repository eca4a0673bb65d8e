import { fromBytes, fromHttpEvents, fromResponse, streamEvents } from '../../src/index.js';
import { mockFetch, mockResponse, runMarbles, script } from '../../src/testing.js';
import { mockServer } from '../../src/testing/node.js';

const HELLO = script().text('Hello');

/** The calls as JavaScript may have them, for to TypeScript most of them are errors. */
const none = undefined as never;

describe('a call without a codec', () => {
  it.each<[call: string, fails: () => unknown]>([
    ['fromBytes', () => fromBytes([], none)],
    ['fromBytes with limits', () => fromBytes([], { limits: {} } as never)],
    ['fromResponse', () => fromResponse(new Response(), none)],
    ['fromHttpEvents', () => fromHttpEvents(none)],
    ['streamEvents', () => streamEvents('/api/chat', none)],
    ['script().bytes', () => HELLO.bytes(none)],
    ['mockResponse', () => mockResponse(HELLO)],
    ['mockResponse in events', () => mockResponse('data: 1\n\n', { chunking: 'event' })],
    ['mockFetch', () => mockFetch([HELLO])],
    ['llm.bytes', () => runMarbles(({ llm }) => llm.bytes(HELLO, none))],
  ])('of %s is a TypeError at once, with an example', (_, fails) => {
    expect(fails).toThrow(TypeError);
    expect(fails).toThrow('The option codec is missing, such as { codec: anthropic } of');
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
