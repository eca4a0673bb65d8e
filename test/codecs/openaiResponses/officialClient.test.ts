import { TextDecoder } from 'node:util';
import fc from 'fast-check';
import OpenAI from 'openai';
import type { Response as Answer } from 'openai/resources/responses/responses';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { openaiResponses } from '../../../src/openai.js';
import type { Frame } from '../../../src/wire/frame.js';
import { runs } from '../../seed.js';
import { answersIn } from '../conformance/answerIn.js';
import { answer } from '../conformance/answers.js';
import { expectSame } from '../conformance/expectSame.js';
import type { Feature } from '../conformance/carries.js';
import { EVERYTHING, type Scope } from '../conformance/scope.js';
import { bytesOf } from '../conformance/spelling.js';
import { write } from './frames.js';

/** What the official client refuses by itself, as a ping before the answer begins, and what ends in an error. */
const REFUSED: ReadonlySet<Feature> = new Set(['pings', 'errors', 'blockAborts', 'resets']);
const READABLE: Scope = { ...EVERYTHING, has: (feature) => !REFUSED.has(feature) };

/** The final response that the official client makes of these frames. */
async function finalOf(frames: readonly Frame[]): Promise<Answer> {
  const body = new TextDecoder().decode(bytesOf(openaiResponses, frames));
  const client = new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  });
  return client.responses.stream({ model: 'm-1', input: 'Hello' }).finalResponse();
}

/** What a final response says. */
function saidBy({ id, model, output, usage, status, incomplete_details, output_text }: Answer): object {
  return {
    id,
    model,
    text: output_text,
    thoughts: inAnyOrder(
      output.flatMap((item) =>
        item.type === 'reasoning'
          ? [[item.summary.map(({ text }) => text).join(''), item.encrypted_content ?? '']]
          : [],
      ),
    ),
    calls: output.flatMap((item) => {
      if (item.type === 'custom_tool_call') return [[item.call_id, item.name, item.input]];
      const input = item.type === 'function_call' ? inputIn(item.arguments) : undefined;
      return item.type === 'function_call' && input !== undefined ? [[item.call_id, item.name, input]] : [];
    }),
    stop: [status, incomplete_details?.reason],
    // Where nothing was counted there is no usage.
    tokens: [
      usage?.input_tokens ?? 0,
      usage?.input_tokens_details.cached_tokens ?? 0,
      usage?.output_tokens ?? 0,
    ],
  };
}

/** Thinking that is hidden stands where it ends, and may have begun before another. */
function inAnyOrder(thoughts: readonly (readonly string[])[]): readonly string[] {
  return thoughts.map((thought) => JSON.stringify(thought)).sort();
}

function inputIn(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

const COMPLETE: ReadonlySet<string | null> = new Set([null, 'end_turn', 'tool_use', 'stop_sequence']);
const REASONS: Readonly<Record<string, string>> = {
  max_tokens: 'max_output_tokens',
  refusal: 'content_filter',
};

/** What our own message says, in the words of the API. */
function saidIn(sequence: readonly StreamEvent[]): object {
  const [{ message, text, calls } = { message: undefined, text: '', calls: [] }] = answersIn(sequence);
  const { id, model, content = [], stop_reason: stop = null, usage } = message ?? {};
  const cached = (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0);
  const isComplete = COMPLETE.has(stop);
  const { input_tokens: input = 0, cache_read_input_tokens: read, output_tokens: output } = usage ?? {};
  return {
    id,
    model,
    text,
    thoughts: inAnyOrder(
      content.flatMap((block) => {
        if (block.type === 'redacted_thinking') return [['', block.data]];
        return block.type === 'thinking' ? [[block.thinking, block.signature]] : [];
      }),
    ),
    calls: calls.map((call) => [call.id, call.name, call.input]),
    stop: isComplete ? ['completed', undefined] : ['incomplete', REASONS[stop ?? ''] ?? stop],
    tokens: [isInputKnown(sequence) ? input + cached : 0, read ?? 0, output],
  };
}

function isInputKnown(sequence: readonly StreamEvent[]): boolean {
  return sequence.some((event) => {
    if (event.type === 'message_start') return event.message.usage.input_tokens > 0;
    return event.type === 'message_delta' && typeof event.usage.input_tokens === 'number';
  });
}

/**
 * Whether an input began as a JSON text and is none. It has been written as that of a custom tool by then, whose input is
 * free text.
 */
function hasBrokenText(sequence: readonly StreamEvent[]): boolean {
  const inputs = new Map<number, string>();
  const all: string[] = [];
  for (const event of sequence) {
    if (event.type === 'content_block_start') inputs.set(event.index, '');
    if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
      inputs.set(event.index, `${inputs.get(event.index) ?? ''}${event.delta.partial_json}`);
    if (event.type === 'content_block_stop') all.push(inputs.get(event.index) ?? '');
  }
  return all.some((input) => input.trimStart().startsWith('"') && inputIn(input) === undefined);
}

describe('the official client', () => {
  it('reads what is written here as the same answer', async () => {
    await fc.assert(
      fc.asyncProperty(answer(READABLE), async (sequence) => {
        fc.pre(!hasBrokenText(sequence));
        expectSame(saidBy(await finalOf(write(...sequence))), saidIn(sequence));
      }),
      { numRuns: runs(1000) },
    );
  }, 60_000);

  it('reads an answer that holds events of other protocols', async () => {
    const strange = events.unknown('heartbeat', { type: 'heartbeat' });
    const final = await finalOf(
      write(
        strange,
        events.messageStart({ id: 'resp_1', model: 'm-1' }),
        strange,
        events.textStart(0),
        events.textDelta(0, 'Hi'),
        events.blockStop(0),
        events.messageDelta('end_turn'),
        events.messageStop(),
      ),
    );
    expect(final.output_text).toBe('Hi');
  });

  it('reads tools of the provider, citations and pings', async () => {
    const cited = {
      type: 'url_citation',
      url: 'https://example.com/',
      title: 'Example',
      start_index: 0,
      end_index: 2,
    };
    const final = await finalOf(
      write(
        events.messageStart({ id: 'resp_1', model: 'm-1' }),
        events.ping(),
        events.serverToolUseStart(0, 'ws_1', 'web_search', { type: 'search', query: 'rxjs' }),
        events.blockStop(0),
        events.serverToolUseStart(1, 'ci_1', 'code_execution'),
        events.inputJsonDelta(1, '{"code":"1 + 1"}'),
        events.blockStop(1),
        events.blockStart(2, {
          type: 'mcp_tool_use',
          id: 'mcp_1',
          name: 'ask',
          server_name: 'wiki',
          input: {},
        }),
        events.inputJsonDelta(2, '{"q":1}'),
        events.blockStop(2),
        events.blockStart(3, {
          type: 'mcp_tool_result',
          tool_use_id: 'mcp_1',
          content: 'found',
          is_error: false,
        }),
        events.blockStop(3),
        events.textStart(4),
        events.textDelta(4, 'So'),
        events.citationsDelta(4, cited as never),
        events.blockStop(4),
        events.messageDelta('end_turn', { input_tokens: 1, output_tokens: 2 }),
        events.messageStop(),
      ),
    );
    expect(final.output).toMatchObject([
      { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'rxjs' } },
      { type: 'code_interpreter_call', id: 'ci_1', code: '1 + 1' },
      {
        type: 'mcp_call',
        id: 'mcp_1',
        name: 'ask',
        server_label: 'wiki',
        arguments: '{"q":1}',
        output: 'found',
      },
      { type: 'message', content: [{ type: 'output_text', text: 'So', annotations: [cited] }] },
    ]);
  });

  it('reads a call that was given up as one that is incomplete, with all that came of it', async () => {
    const final = await finalOf(
      write(
        events.messageStart({ id: 'resp_1', model: 'm-1' }),
        events.textStart(0),
        events.textDelta(0, 'Hi'),
        events.blockStop(0),
        events.toolUseStart(1, 'call_a', 'f'),
        events.inputJsonDelta(1, '{"a":'),
        events.blockAbort(1, 'Cut off'),
        events.messageDelta('max_tokens', { input_tokens: 1, output_tokens: 2 }),
        events.messageStop(),
      ),
    );
    expect(final).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [
        { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
        { type: 'function_call', call_id: 'call_a', status: 'incomplete', arguments: '{"a":' },
      ],
    });
  });

  it('throws the error that is written here', async () => {
    const failed = finalOf(
      write(events.messageStart({ id: 'resp_1' }), events.error('overloaded_error', 'Too busy')),
    );
    await expect(failed).rejects.toMatchObject({ message: 'Too busy', type: 'overloaded_error' });
  });
});
