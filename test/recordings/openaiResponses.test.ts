import { TextDecoder } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import type { Message } from '../../src/events/message.js';
import { openaiResponses, type ResponsesItem, type ResponsesResponse } from '../../src/openai.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { isThorough } from '../thorough.js';
import { bytesOf, goldenOf, randomPieces, recordings, type Recording } from './recordings.js';

/** From how many bytes on only CI has the time to read a recording byte by byte. */
const LONG = 12_000;

const known = recordings('responses');

function messagesOf(chunks: Uint8Array[]): Promise<Message[]> {
  return lastValueFrom(fromBytes(chunks, { codec: openaiResponses }).pipe(toMessage(), toArray()));
}

/** What an answer says, however it is spelled. */
interface Said {
  readonly id: unknown;
  readonly model: unknown;
  readonly texts: readonly unknown[];
  readonly cited: readonly unknown[];
  readonly thoughts: readonly unknown[];
  /** How many: the server encrypts them anew for each event, so that the final ones are others. */
  readonly secrets: number;
  readonly calls: readonly unknown[];
  readonly others: readonly unknown[];
  readonly stop: unknown;
  readonly tokens: unknown;
}

/** What our message says. */
function saidBy(message: Message): Said {
  const texts: unknown[] = [];
  const cited: unknown[] = [];
  const thoughts: unknown[] = [];
  let secrets = 0;
  const calls: unknown[] = [];
  const others: unknown[] = [];
  for (const block of message.content) {
    switch (block.type) {
      case 'text':
        texts.push(block.text);
        cited.push(...(block.citations ?? []));
        break;
      case 'thinking':
        if (block.thinking) thoughts.push(block.thinking);
        if (block.signature) secrets += 1;
        break;
      case 'redacted_thinking':
        secrets += 1;
        break;
      case 'tool_use':
        calls.push([block.id, block.name, block.input]);
        break;
      case 'mcp_tool_result':
        break;
      default:
        others.push(block.type);
    }
  }
  const { id, model, stop_reason: stop, usage } = message;
  const cache = [usage.cache_read_input_tokens ?? 0, usage.cache_creation_input_tokens ?? 0];
  const tokens = [
    usage.input_tokens,
    ...cache,
    usage.output_tokens,
    usage.output_tokens_details?.thinking_tokens ?? 0,
  ];
  return { id, model, texts, cited, thoughts, secrets, calls, others, stop, tokens };
}

/** All tokens of a message. */
function totalOf({ usage }: Message): number {
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return usage.input_tokens + cached + usage.output_tokens;
}

/** Items as blocks here. */
const OTHERS: Readonly<Record<string, string>> = {
  web_search_call: 'server_tool_use',
  code_interpreter_call: 'server_tool_use',
  mcp_call: 'mcp_tool_use',
  mcp_list_tools: 'mcp_tool_listing',
};

/** What the answer says by its final output. */
function saidIn({ id, model, output, usage, incomplete_details }: ResponsesResponse): Said {
  const items = output ?? [];
  const ofType = (type: string): readonly ResponsesItem[] => items.filter((item) => item.type === type);
  const parts = ofType('message').flatMap(({ content }) => content ?? []);
  const reasoning = ofType('reasoning');
  const { cached_tokens, cache_write_tokens } = usage?.input_tokens_details ?? {};
  const [read, written] = [cached_tokens ?? 0, cache_write_tokens ?? 0];
  const open = items.filter(
    (item) =>
      /^(?:function|custom_tool|apply_patch|tool_search|shell)_call$/.test(item.type) &&
      item['execution'] !== 'server' &&
      !items.some(({ type, call_id }) => type.endsWith('_output') && call_id === item.call_id),
  );
  const isRefused = parts.some(({ type }) => type === 'refusal');
  const complete = isRefused ? 'refusal' : open.length > 0 ? 'tool_use' : 'end_turn';
  return {
    id,
    model,
    texts: parts.map(({ text, refusal }) => text ?? refusal),
    cited: parts.flatMap(({ annotations }) => annotations ?? []),
    thoughts: reasoning.flatMap(({ summary, content }) =>
      [...(summary ?? []), ...(content ?? [])].map(({ text }) => text),
    ),
    secrets: reasoning.filter(({ encrypted_content }) => encrypted_content).length,
    calls: items.flatMap(({ type, call_id, name, arguments: json, input }) => {
      if (type === 'custom_tool_call') return [[call_id, name, input]];
      return type === 'function_call' ? [[call_id, name, JSON.parse(json as string)]] : [];
    }),
    others: items
      .map(({ type }) => OTHERS[type] ?? type)
      .filter((type) => !/^(?:message|reasoning|function_call|custom_tool_call)$/.test(type)),
    stop: incomplete_details ? 'max_tokens' : complete,
    tokens: [
      (usage?.input_tokens ?? 0) - read - written,
      read,
      written,
      usage?.output_tokens ?? 0,
      usage?.output_tokens_details?.reasoning_tokens ?? 0,
    ],
  };
}

/** The final response of the SDK; of a stream that the SDK refuses, the one that the server ended it with. */
function finalOf(recording: Recording): ResponsesResponse {
  const golden = goldenOf(recording);
  if (golden !== undefined) return golden;
  const lines = new TextDecoder().decode(bytesOf(recording)).split('\n');
  const last = lines.filter((line) => line.startsWith('data: {')).at(-1) ?? 'data: {}';
  return (JSON.parse(last.slice('data: '.length)) as { response: ResponsesResponse }).response;
}

if (known.length === 0) {
  it('there are no recordings here to be read', () => {
    expect(known).toEqual([]);
  });
} else {
  const failing = known.filter(({ terminal }) => terminal === 'response.failed');
  const files = known
    .filter((recording) => !failing.includes(recording))
    .map((recording) => [recording.file, recording] as const);

  describe('a recorded stream of the Responses API', () => {
    it.each(files)('%s says what its final response says', async (_, recording) => {
      const messages = await messagesOf([bytesOf(recording)]);
      const final = finalOf(recording);
      expect(messages.map(saidBy)).toEqual([saidIn(final)]);
      expect(messages.map(totalOf)).toEqual([final.usage?.total_tokens]);
    });

    it.each(files)('%s gives the same in any pieces', async (_, recording) => {
      const bytes = bytesOf(recording);
      const messages = await messagesOf([bytes]);
      for (const seed of isThorough ? [1, 2, 3] : [1])
        expect(await messagesOf(randomPieces(bytes, seed))).toEqual(messages);
      if (!isThorough && bytes.length > LONG) return;
      expect(await messagesOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(messages);
    });

    it.each(failing.map((recording) => [recording.file, recording] as const))(
      '%s fails with the words of the server',
      async (_, recording) => {
        const { error } = finalOf(recording);
        await expect(messagesOf([bytesOf(recording)])).rejects.toMatchObject({
          code: 'api',
          errorType: error?.['code'],
          message: `${String(error?.['code'])}: ${String(error?.['message'])}`,
        });
      },
    );
  });
}
