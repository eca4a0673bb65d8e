import { filter, lastValueFrom, map, of, toArray } from 'rxjs';
import { streamTurn } from '../../../src/turns/streamTurn.js';
import { ToolError } from '../../../src/errors/toolError.js';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import { runTools, textOf } from '../../../src/index.js';
import { responseInputOf, streamResponses } from '../../../src/openai.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import {
  call,
  callAdded,
  COMPLETED,
  CREATED,
  done,
  framesOf,
  input,
  message,
  messageDone,
  text,
  type Wire,
} from './frames.js';

afterEach(closeLoopbacks);

interface Asked {
  readonly input: readonly { readonly type: string; readonly output?: unknown }[];
}

const REASONING = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAA' };

/** A server that asks for two tools, then for one with a free text, and then answers with what they gave. */
function scripted(asked: Asked): readonly Wire[] {
  const results = asked.input.flatMap((item) => (item.type.endsWith('_output') ? [item.output] : []));
  switch (results.length) {
    case 0:
      return [
        CREATED,
        done(0, REASONING),
        callAdded(1, 'call_1'),
        input(1, '{"in":'),
        input(1, '"Oslo"}'),
        done(1, call('call_1', '{"in":"Oslo"}')),
        done(2, call('call_2', '{"in":"Bergen"}')),
        COMPLETED,
      ];
    case 2:
      return [
        CREATED,
        done(0, { id: 'ctc_1', type: 'custom_tool_call', call_id: 'call_3', name: 'sh', input: 'date' }),
        COMPLETED,
      ];
    default: {
      const words = `Given ${JSON.stringify(results)}`;
      return [CREATED, ...message(0, 'msg_a'), text(0, words), ...messageDone(0, 'msg_a', words), COMPLETED];
    }
  }
}

it('a loop of tools ends with the answer to what they gave', async () => {
  const server = await loopback(({ body, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of framesOf(...scripted(JSON.parse(body) as Asked)))
      response.write(`event: ${String(event)}\ndata: ${data}\n\n`);
    response.end();
  });
  const degrees: Readonly<Record<string, number>> = { Oslo: 4, Bergen: 7 };
  const run = runTools({
    get_weather: (where) => of(degrees[(where as { in: string }).in]),
    sh: () => {
      throw new ToolError('No clock');
    },
  });
  const ask = (messages: readonly object[]) =>
    streamResponses(
      { model: 'gpt-5.5', input: responseInputOf(messages as readonly TurnMessage[]), store: false },
      { baseURL: server.url },
    );
  const texts = streamTurn([{ role: 'user', content: 'How warm is it?' }], { ask, run }).pipe(
    map((event) => textOf(event) ?? ''),
    filter((piece) => piece !== ''),
    toArray(),
  );
  expect(await lastValueFrom(texts)).toEqual(['Given ["4","7","No clock"]']);
  expect((JSON.parse(server.last.body) as Asked).input.slice(1)).toEqual([
    REASONING,
    {
      type: 'function_call',
      id: 'fc_call_1',
      call_id: 'call_1',
      name: 'get_weather',
      arguments: '{"in":"Oslo"}',
    },
    {
      type: 'function_call',
      id: 'fc_call_2',
      call_id: 'call_2',
      name: 'get_weather',
      arguments: '{"in":"Bergen"}',
    },
    { type: 'function_call_output', call_id: 'call_1', output: '4' },
    { type: 'function_call_output', call_id: 'call_2', output: '7' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_3', name: 'sh', input: 'date' },
    { type: 'custom_tool_call_output', call_id: 'call_3', output: 'No clock' },
  ]);
});
