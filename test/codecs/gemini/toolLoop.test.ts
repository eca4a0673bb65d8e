import { filter, lastValueFrom, map, of, toArray } from 'rxjs';
import { streamTurn } from '../../../src/turns/streamTurn.js';
import { ToolError } from '../../../src/errors/toolError.js';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import { contentsOf, streamGemini } from '../../../src/gemini.js';
import { runTools, textOf } from '../../../src/index.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { chunk, STOP } from './chunks.js';

afterEach(closeLoopbacks);

interface Asked {
  readonly contents: readonly { readonly role: string; readonly parts: readonly object[] }[];
}

/** A server that asks for two tools, then for one more, and then answers with what they gave. */
function scripted({ contents }: Asked): readonly object[] {
  const results = contents.flatMap(({ parts }) =>
    parts.flatMap((part) => ('functionResponse' in part ? [part.functionResponse as object] : [])),
  );
  switch (results.length) {
    case 0:
      return [
        chunk({ text: 'I look.', thought: true }),
        chunk({ functionCall: { name: 'warmth', args: { in: 'Oslo' } }, thoughtSignature: 'c2ln' }),
        chunk({ functionCall: { id: 'b', name: 'warmth', willContinue: true } }),
        chunk({
          functionCall: {
            partialArgs: [{ jsonPath: '$.in', stringValue: 'Ber', willContinue: true }],
            willContinue: true,
          },
        }),
        chunk({ functionCall: { partialArgs: [{ jsonPath: '$.in', stringValue: 'gen' }] } }),
        STOP,
      ];
    case 2:
      return [chunk({ functionCall: { name: 'now' } }), STOP].map((value) => ({
        ...value,
        responseId: 'r2',
      }));
    default:
      return [chunk({ text: `Given ${JSON.stringify(results)}` }), STOP];
  }
}

it('a loop of tools ends with the answer to what they gave', async () => {
  const server = await loopback(({ body, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const value of scripted(JSON.parse(body) as Asked))
      response.write(`data: ${JSON.stringify(value)}\r\n\r\n`);
    response.end();
  });
  const degrees: Readonly<Record<string, number>> = { Oslo: 4, Bergen: 7 };
  const run = runTools({
    warmth: (input) => of(degrees[(input as { in: string }).in]),
    now: () => {
      throw new ToolError('No clock');
    },
  });
  const ask = (messages: readonly object[]) =>
    streamGemini(
      { model: 'gemini-3-pro', contents: contentsOf(messages as readonly TurnMessage[]) },
      { baseURL: server.url },
    );
  const texts = streamTurn([{ role: 'user', content: 'How warm is it?' }], { ask, run }).pipe(
    map((event) => textOf(event) ?? ''),
    filter((text) => text !== ''),
    toArray(),
  );
  const [answer = ''] = await lastValueFrom(texts);
  expect(JSON.parse(answer.replace('Given ', ''))).toEqual([
    { id: 'call_r1_1', name: 'warmth', response: { output: '4' } },
    { id: 'b', name: 'warmth', response: { output: '7' } },
    { id: 'call_r2_1', name: 'now', response: { error: 'No clock' } },
  ]);
  const { contents } = JSON.parse(server.last.body) as Asked;
  expect(contents[1]?.parts).toEqual([
    { text: 'I look.', thought: true },
    { functionCall: { id: 'call_r1_1', name: 'warmth', args: { in: 'Oslo' } }, thoughtSignature: 'c2ln' },
    { functionCall: { id: 'b', name: 'warmth', args: { in: 'Bergen' } } },
  ]);
});
