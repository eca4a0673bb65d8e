import Anthropic from '@anthropic-ai/sdk';
import type { Fetch } from '../../../src/sources/answer.js';
import { importPeer } from '../../../bench/peers.js';

/** What a reader made of an answer when it was over. */
export interface Answer {
  readonly text: string;
  /** The inputs of the calls in it, as JSON. */
  readonly calls: readonly string[];
  /** Why the model stopped, as the reader says it; nothing where it does not say so. */
  readonly stop: string | null | undefined;
}

/** Somebody else who reads the answers of the Messages API. */
export interface Reader {
  readonly name: string;
  /**
   * @param url - the server; a reader that asks for a path of its own asks below it
   * @param fetch - what the reader fetches with
   * @param signal - when nobody waits any longer
   * @throws what the reader throws
   */
  read(url: string, fetch: Fetch, signal: AbortSignal): Promise<Answer>;
}

const REQUEST = {
  model: 'claude',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
} satisfies Anthropic.MessageCreateParamsNonStreaming;

function client(baseURL: string, fetch: Fetch): Anthropic {
  return new Anthropic({
    apiKey: 'none',
    baseURL,
    fetch,
    maxRetries: 0,
    logLevel: 'off',
  });
}

/** The loop that many applications have: lines, `JSON.parse`, and the text is added up. */
const byHand: Reader = {
  name: 'a loop over lines',
  async read(url, fetch, signal) {
    const response = await fetch(url, { method: 'POST', signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const decoder = new TextDecoder();
    const answer = new Gathered();
    let held = '';
    for await (const bytes of response.body ?? []) {
      const lines = (held + decoder.decode(bytes, { stream: true })).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) answer.add(JSON.parse(line.slice(6)) as Event);
    }
    return answer;
  },
};

const iterator: Reader = {
  name: 'the SDK, its events',
  async read(url, fetch, signal) {
    const answer = new Gathered();
    const events = await client(url, fetch).messages.create({ ...REQUEST, stream: true }, { signal });
    for await (const event of events) answer.add(event);
    return answer;
  },
};

const messageStream: Reader = {
  name: 'the SDK, its message',
  async read(url, fetch, signal) {
    const message = await client(url, fetch).messages.stream(REQUEST, { signal }).finalMessage();
    const texts = message.content.map((block) => (block.type === 'text' ? block.text : ''));
    const calls = message.content.flatMap((block) =>
      block.type === 'tool_use' ? [JSON.stringify(block.input)] : [],
    );
    return { text: texts.join(''), calls, stop: message.stop_reason };
  },
};

/** What every developer of this repository has. */
export const READERS: readonly Reader[] = [byHand, iterator, messageStream];

/** What of the AI SDK is called here, and what of it is read. */
interface AiSdk {
  streamText(options: object): { readonly fullStream: AsyncIterable<AiPart> };
}

interface AiSdkProvider {
  createAnthropic(options: object): (model: string) => unknown;
}

interface AiPart {
  readonly type: string;
  readonly text?: string;
  readonly input?: unknown;
  readonly finishReason?: string;
  readonly error?: unknown;
}

/** @param folder - `bench/peers`, where it is installed */
export async function aiSdk(folder: string): Promise<Reader> {
  const { streamText } = (await importPeer(folder, 'ai')) as AiSdk;
  const { createAnthropic } = (await importPeer(folder, '@ai-sdk/anthropic')) as AiSdkProvider;
  return {
    name: 'the AI SDK, its stream',
    async read(baseURL, fetch, abortSignal) {
      const model = createAnthropic({ apiKey: 'none', baseURL, fetch })('claude');
      // It says in a part of the stream what went wrong.
      const onError = (): void => undefined;
      const { fullStream } = streamText({ model, prompt: 'Hi', maxRetries: 0, abortSignal, onError });
      let text = '';
      let stop: string | undefined;
      const calls: string[] = [];
      for await (const part of fullStream) {
        if (part.type === 'text-delta') text += part.text ?? '';
        if (part.type === 'tool-call') calls.push(JSON.stringify(part.input));
        if (part.type === 'finish') stop = part.finishReason;
        if (part.type === 'error') throw part.error;
      }
      return { text, calls, stop };
    },
  };
}

/** As much of an event as a loop looks at. */
interface Event {
  readonly type: string;
  readonly index?: number;
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
  };
}

/** What a loop gathers. */
class Gathered implements Answer {
  text = '';
  stop: string | null | undefined;
  readonly #inputs = new Map<number | undefined, string>();

  get calls(): readonly string[] {
    return [...this.#inputs.values()];
  }

  add({ type, index, delta }: Event): void {
    if (type === 'content_block_delta') {
      if (delta?.type === 'text_delta') this.text += delta.text ?? '';
      const before = this.#inputs.get(index) ?? '';
      if (delta?.type === 'input_json_delta') this.#inputs.set(index, before + (delta.partial_json ?? ''));
    } else if (type === 'message_delta') this.stop = delta?.stop_reason;
  }
}
