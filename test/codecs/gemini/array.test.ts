import { lastValueFrom, toArray } from 'rxjs';
import type { StreamEvent } from '../../../src/events/event.js';
import { gemini } from '../../../src/gemini.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { fromResponse } from '../../../src/sources/fromResponse.js';
import { failureOf, outcomeOf } from '../../sources/outcome.js';
import { chunk, read, STOP } from './chunks.js';

const VALUES = [
  chunk({ text: 'Hm "\\ [{,}]', thought: true }),
  chunk([{ text: 'Good\nday' }, { functionCall: { name: 'f', args: { a: [1, '}'], b: '\ud83d\ude00' } } }]),
  STOP,
];

/** The body as the API sends it: an element, a line, a comma, a line. */
function arrayOf(values: readonly object[], space = 2): string {
  return `[${values.map((value) => JSON.stringify(value, null, space)).join('\n,\r\n')}\n]\n`;
}

function eventsIn(chunks: readonly (Uint8Array | string)[]): Promise<StreamEvent[]> {
  return lastValueFrom(fromBytes(chunks, { codec: gemini }).pipe(toArray()));
}

describe('a body that is one array', () => {
  it.each([0, 2])('holds the same chunks, wherever it is cut: indented by %i', async (space) => {
    const body = arrayOf(VALUES, space);
    const bytes = new TextEncoder().encode(body);
    const expected = read(VALUES);
    expect(await eventsIn([body])).toEqual(expected);
    expect(await eventsIn([' \n', bytes])).toEqual(expected);
    expect(await eventsIn(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('is read element by element', () => {
    const arrived: string[] = [];
    const [first = '', rest = ''] = arrayOf(VALUES).split(/(?<=\n),/);
    fromBytes([first], { codec: gemini }).subscribe(({ type }) => arrived.push(type));
    expect(arrived).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
    expect(rest).not.toBe('');
  });

  it('is read from a response that calls itself JSON', async () => {
    const response = new Response(arrayOf(VALUES), {
      headers: { 'content-type': 'application/json; charset=UTF-8' },
    });
    expect(await outcomeOf(fromResponse(response, { codec: gemini }))).toEqual({ values: read(VALUES) });
  });

  it('may hold a failure', async () => {
    const failure = { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } };
    expect(await eventsIn([arrayOf([failure])])).toEqual([
      { type: 'error', error: { type: 'UNAVAILABLE', message: 'Overloaded', status: 503 } },
    ]);
  });

  it.each([
    ['is truncated inside an element', arrayOf(VALUES).slice(0, -100), 'truncated'],
    ['holds what is no chunk', '[7, "text"]', 'malformed'],
    ['is empty', '[]', 'not-a-stream'],
  ])('is an error where it %s', async (_, body, code) => {
    const response = new Response(body, { headers: { 'content-type': 'application/json' } });
    expect(await failureOf(fromResponse(response, { codec: gemini }))).toMatchObject({ code });
  });
});
