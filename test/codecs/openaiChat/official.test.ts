import fc from 'fast-check';
import OpenAI from 'openai';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { openaiChat } from '../../../src/openai.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { runs } from '../../seed.js';
import { answer } from '../conformance/answers.js';
import { answersIn } from '../conformance/answerIn.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';
import type { Feature } from '../conformance/carries.js';
import { expectSame } from '../conformance/expectSame.js';
import { EVERYTHING } from '../conformance/scope.js';

afterEach(closeLoopbacks);

/**
 * Of a failure the official client makes an error, and it knows nothing of attempts. Calls that grow side by side are in
 * the order in which their inputs began.
 */
const WITHOUT: readonly Feature[] = ['errors', 'resets', 'interleaving'];

const SCOPE = { ...EVERYTHING, has: (feature: Feature) => !WITHOUT.includes(feature) };

const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

interface Come {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly object[];
  readonly reason: string | null | undefined;
  readonly usage: readonly (number | undefined)[];
}

function bodyOf(sequence: readonly StreamEvent[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytesOf(openaiChat, framesOf(openaiChat, sequence)));
}

/** What the official client makes of a body, and, of what it does not know, of the chunks that it hands out. */
async function readBy(client: OpenAI): Promise<Come> {
  const stream = client.chat.completions.stream({
    model: 'm',
    messages: [{ role: 'user', content: '?' }],
    stream_options: { include_usage: true },
  });
  let thinking = '';
  stream.on('chunk', ({ choices }) => {
    const delta = choices[0]?.delta as { readonly reasoning_content?: string } | undefined;
    thinking += delta?.reasoning_content ?? '';
  });
  const { id, model, choices, usage } = await stream.finalChatCompletion();
  const [choice] = choices;
  return {
    id,
    model,
    text: choice?.message.content ?? '',
    thinking,
    calls: (choice?.message.tool_calls ?? []).flatMap((called) => {
      const input = inputIn(called.function.arguments);
      return input === undefined ? [] : [{ id: called.id, name: called.function.name, ...input }];
    }),
    reason: choice?.finish_reason,
    usage: [usage?.prompt_tokens, usage?.completion_tokens],
  };
}

/** What can be run: an input that is JSON. */
function inputIn(json: string): { readonly input: unknown } | undefined {
  try {
    return { input: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}

/** What the events came to. */
function sentIn(sequence: readonly StreamEvent[]): Come {
  const [sent] = answersIn(sequence);
  const { message, text = '', calls = [] } = sent ?? {};
  const { usage, stop_reason: reason } = message ?? {};
  const cached = (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0);
  const isCounted = countsInput(sequence);
  return {
    id: message?.id ?? '',
    model: message?.model ?? '',
    text,
    thinking: (message?.content ?? [])
      .map((block) => (block.type === 'thinking' ? block.thinking : ''))
      .join(''),
    calls,
    reason: REASONS[reason ?? ''] ?? reason,
    usage: [isCounted ? (usage?.input_tokens ?? 0) + cached : undefined, usage?.output_tokens],
  };
}

/** Whether anything says how many tokens went in. An input of 0 at the start says that nobody knows yet. */
function countsInput(sequence: readonly StreamEvent[]): boolean {
  return sequence.some(
    (event) =>
      (event.type === 'message_start' && event.message.usage.input_tokens > 0) ||
      (event.type === 'message_delta' && typeof event.usage.input_tokens === 'number'),
  );
}

function clientOf(fetch: () => Promise<Response>): OpenAI {
  return new OpenAI({ apiKey: 'sk-test', maxRetries: 0, fetch });
}

describe('the official client', () => {
  it('reads what is written as the same message', async () => {
    await fc.assert(
      fc.asyncProperty(answer(SCOPE), async (sequence) => {
        const headers = { 'content-type': 'text/event-stream' };
        const client = clientOf(() => Promise.resolve(new Response(bodyOf(sequence), { headers })));
        expectSame(await readBy(client), sentIn(sequence));
      }),
      { numRuns: runs(1000) },
    );
  }, 60_000);

  const ANSWER = [
    events.messageStart({ id: 'm1', model: 'm-1' }),
    events.textStart(0),
    events.textDelta(0, 'Hi'),
    events.blockStop(0),
  ];

  it('reads it from a server', async () => {
    const whole = [
      ...ANSWER,
      events.messageDelta('end_turn', { input_tokens: 3, output_tokens: 1 }),
      events.messageStop(),
    ];
    const server = await loopback(({ response }) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(bodyOf(whole)),
    );
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: server.url, maxRetries: 0 });
    expect(await readBy(client)).toEqual(sentIn(whole));
  });

  it('reads a failure as one', async () => {
    const body = bodyOf([...ANSWER, events.error('server_error', 'Broken')]);
    const headers = { 'content-type': 'text/event-stream' };
    const client = clientOf(() => Promise.resolve(new Response(body, { headers })));
    await expect(readBy(client)).rejects.toThrow('Broken');
  });

  it('takes a message that was cut off for no answer', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const client = clientOf(() => Promise.resolve(new Response(bodyOf(ANSWER), { headers })));
    await expect(readBy(client)).rejects.toThrow('finish_reason');
  });

  it('hands out what only some providers say: signatures, citations, and the stop sequence', async () => {
    const cited = { type: 'url_citation', url: 'https://a.example/', title: 'A' };
    const call = { ...events.toolUseStart(2, 'call_a', 'f').content_block, signature: 'c2ln' };
    const body = bodyOf([
      events.messageStart({ id: 'm1', model: 'm-1' }),
      events.thinkingStart(0),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.textStart(1),
      events.citationsDelta(1, cited as never),
      events.blockStop(1),
      events.blockStart(2, call),
      events.blockStop(2),
      events.messageDelta('stop_sequence', { stop_sequence: '###' }),
      events.messageStop(),
    ]);
    const headers = { 'content-type': 'text/event-stream' };
    const client = clientOf(() => Promise.resolve(new Response(body, { headers })));
    const chunks = await client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: '?' }],
      stream: true,
    });
    const choices: unknown[] = [];
    for await (const chunk of chunks) choices.push(...chunk.choices);
    const { type, ...url_citation } = cited;
    expect(choices.slice(1)).toMatchObject([
      { delta: { reasoning_details: [{ type: 'reasoning.text', signature: 'c2ln' }] } },
      { delta: { annotations: [{ type, url_citation }] } },
      { delta: { tool_calls: [{ extra_content: { google: { thought_signature: 'c2ln' } } }] } },
      { delta: { tool_calls: [{ function: { arguments: '{}' } }] } },
      { finish_reason: 'stop', stop_reason: '###' },
    ]);
  });

  it('reads a call of a custom tool', async () => {
    const body = bodyOf([
      ...ANSWER,
      events.toolUseStart(1, 'call_a', 'python'),
      events.inputJsonDelta(1, '"print(1)"'),
      events.blockStop(1),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ]);
    const headers = { 'content-type': 'text/event-stream' };
    const client = clientOf(() => Promise.resolve(new Response(body, { headers })));
    const chunks = await client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: '?' }],
      stream: true,
    });
    const calls: unknown[] = [];
    for await (const { choices } of chunks) calls.push(...(choices[0]?.delta.tool_calls ?? []));
    expect(calls).toEqual([
      { index: 0, id: 'call_a', type: 'custom', custom: { name: 'python', input: '' } },
      { index: 0, custom: { input: 'print(1)' } },
    ]);
  });
});
