import fc from 'fast-check';
import { Ollama, type ChatResponse, type GenerateResponse } from 'ollama/browser';
import type { Codec } from '../../../src/codecs/codec.js';
import { isObject } from '../../../src/codecs/kit/json.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { ollama, ollamaDialect } from '../../../src/ollama.js';
import { answersIn } from '../conformance/answerIn.js';
import { answer } from '../conformance/answers.js';
import { expectSame } from '../conformance/expectSame.js';
import { EVERYTHING } from '../conformance/scope.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';
import { runs } from '../../seed.js';

/** What the client makes of an answer, as a message or as a failure. */
interface Read {
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly { readonly name: string; readonly arguments: object }[];
  readonly reason: string | undefined;
  readonly tokens: readonly (number | undefined)[];
  readonly failure: string | undefined;
  /** How many parts have nothing of an answer. */
  readonly strange: number;
}

type Part = Partial<ChatResponse> & Partial<GenerateResponse>;

/** What the official client reads of what a codec writes. */
async function readBy(
  api: 'chat' | 'generate',
  codec: Codec,
  sequence: readonly StreamEvent[],
): Promise<Read> {
  const body = bytesOf(codec, framesOf(codec, sequence)) as Uint8Array<ArrayBuffer>;
  const client = new Ollama({ host: 'http://127.0.0.1:1', fetch: () => Promise.resolve(new Response(body)) });
  const parts: Part[] = [];
  let failure: string | undefined;
  try {
    const stream =
      api === 'chat'
        ? await client.chat({ model: 'm', stream: true })
        : await client.generate({ model: 'm', prompt: '', stream: true });
    for await (const part of stream) parts.push(part);
  } catch (error) {
    failure = (error as Error).message;
  }
  const last = failure === undefined ? parts.at(-1) : undefined;
  return {
    text: parts.map(({ message, response }) => message?.content ?? response ?? '').join(''),
    thinking: parts.map(({ message, thinking }) => message?.thinking ?? thinking ?? '').join(''),
    calls: parts.flatMap(({ message }) =>
      (message?.tool_calls ?? []).map(({ function: { name, arguments: input } }) => ({
        name,
        arguments: input,
      })),
    ),
    reason: last?.done_reason,
    tokens: [last?.prompt_eval_count, last?.eval_count],
    failure,
    strange: parts.filter(({ message, response }) => message === undefined && response === undefined).length,
  };
}

const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  tool_use: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
};

/** What the client should read of an answer. */
function saidIn(sequence: readonly StreamEvent[], hasCalls: boolean): Read {
  const [{ message, calls, failure } = { message: undefined, calls: [], failure: undefined }] =
    answersIn(sequence);
  const reason = message?.stop_reason ?? undefined;
  const isWell = failure === undefined;
  return {
    text: piecesIn(sequence, 'text'),
    thinking: piecesIn(sequence, 'thinking'),
    calls: calls.flatMap(({ name, input }) =>
      // JSON has neither `-0` nor infinity.
      hasCalls && isObject(input) ? [{ name, arguments: JSON.parse(JSON.stringify(input)) as object }] : [],
    ),
    reason: isWell && reason !== undefined ? (REASONS[reason] ?? reason) : undefined,
    tokens: isWell ? [inputIn(sequence), message?.usage.output_tokens] : [undefined, undefined],
    failure: sequence.flatMap((event) => (event.type === 'error' ? [event.error.message] : []))[0],
    strange: 0,
  };
}

/** The input tokens, where anybody said them: a zero at the start says that nobody knows them yet. */
function inputIn(sequence: readonly StreamEvent[]): number | undefined {
  const said = sequence.flatMap((event) => {
    if (event.type === 'message_start') return event.message.usage.input_tokens || [];
    return event.type === 'message_delta' ? (event.usage.input_tokens ?? []) : [];
  });
  return said.at(-1);
}

function piecesIn(sequence: readonly StreamEvent[], kind: 'text' | 'thinking'): string {
  const pieces = sequence.flatMap((event): unknown[] => {
    if (event.type === 'message_start') return event.message.content.map((block) => textIn(block, kind));
    if (event.type === 'content_block_start') return [textIn(event.content_block, kind)];
    return event.type === 'content_block_delta' && event.delta.type === `${kind}_delta`
      ? [new Map<string, unknown>(Object.entries(event.delta)).get(kind)]
      : [];
  });
  return pieces.join('');
}

function textIn(block: { readonly type: string }, kind: string): unknown {
  return block.type === kind ? (block as Record<string, unknown>)[kind] : '';
}

/** An answer in any form, of one attempt: what a failed one wrote stays. The inputs of its calls are objects. */
const ANSWERS = answer({
  ...EVERYTHING,
  has: (feature) => feature !== 'resets' && feature !== 'inputPieces' && feature !== 'interleaving',
});

describe.each([
  ['chat', ollama],
  ['generate', ollamaDialect('generate')],
] as const)('what the codec writes of a %s', (api, codec) => {
  it('is read by the official client as the same message, or the same failure', async () => {
    await fc.assert(
      fc.asyncProperty(ANSWERS, async (sequence) => {
        expectSame(await readBy(api, codec, sequence), saidIn(sequence, api === 'chat'));
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each([{ n: 1 }, { status: 'success' }, { error: null }, { done: 1 }])(
    'holds no unknown event, which the client would take for a part: %j',
    async (data) => {
      const sequence = [
        events.messageStart(),
        events.textStart(0),
        events.unknown('strange', data),
        events.textDelta(0, 'Hi'),
        events.blockStop(0),
        events.messageDelta('end_turn'),
        events.messageStop(),
      ];
      expect(await readBy(api, codec, sequence)).toMatchObject({
        text: 'Hi',
        failure: undefined,
        strange: 0,
      });
    },
  );
});

it('the client does not take what was cut off for whole either', async () => {
  const { failure } = await readBy('chat', ollama, [events.messageStart(), events.textStart(0)]);
  expect(failure).toBe('Did not receive done or success response in stream.');
});
