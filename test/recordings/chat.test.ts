import { lastValueFrom, toArray } from 'rxjs';
import type { AnyContentBlock } from '../../src/events/block.js';
import type { StreamEvent } from '../../src/events/event.js';
import { openaiChat } from '../../src/openai.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { answersIn } from '../codecs/conformance/answerIn.js';
import { flaws } from '../codecs/conformance/wellFormed.js';
import { isThorough } from '../thorough.js';
import { bytesOf, goldenOf, randomPieces, recordings, type Recording } from './recordings.js';

/** From how many bytes on only CI has the time to read a recording byte by byte. */
const LONG = 8_000;

const known = recordings('chat');

/** Streams of another API of the same provider, whose events are of other kinds. */
const threads = recordings(undefined).filter(({ provider }) => provider === 'openai');

/** What is compared of an answer. */
interface Summary {
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly object[];
  readonly stop: string | null | undefined;
  readonly tokens: readonly number[] | undefined;
}

interface Choice {
  readonly text?: string;
  readonly delta?: { readonly reasoning?: string | null; readonly reasoning_content?: string | null };
}

interface Counted {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** What the official SDK makes of a stream. */
interface Completion {
  readonly choices: readonly [
    {
      readonly finish_reason: string;
      readonly message: {
        readonly content: string | null;
        readonly tool_calls?: readonly {
          readonly id: string;
          readonly function: { readonly name: string; readonly arguments: string };
        }[];
      };
    },
  ];
  readonly usage?: Counted | null;
}

const REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
};

function eventsOf(chunks: Uint8Array[]): Promise<StreamEvent[]> {
  return lastValueFrom(fromBytes(chunks, { codec: openaiChat }).pipe(toArray()));
}

function summaryOf(events: readonly StreamEvent[]): Summary {
  expect(flaws(events)).toEqual([]);
  const [answer, ...others] = answersIn(events);
  expect(others).toEqual([]);
  const { message, text = '', calls = [] } = answer ?? {};
  const content: readonly AnyContentBlock[] = message?.content ?? [];
  const thinking = content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('');
  const { usage, usage_details: details } = message ?? {};
  const cached = (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0);
  const tokens = usage && [usage.input_tokens + cached, usage.output_tokens];
  const isCounted = details !== undefined || tokens?.some((count) => count > 0);
  return { text, thinking, calls, stop: message?.stop_reason, tokens: isCounted ? tokens : undefined };
}

/** All that the choices of a stream hold, as it came. */
function choicesIn(recording: Recording): readonly Choice[] {
  const lines = new TextDecoder().decode(bytesOf(recording)).split('\n');
  return lines
    .filter((line) => line.startsWith('data: {'))
    .flatMap(
      (line) => (JSON.parse(line.slice('data: '.length)) as { choices?: readonly Choice[] }).choices ?? [],
    );
}

/** What an answer came to for the SDK. Of thinking, which it does not know, it keeps the last piece. */
function expectedOf(recording: Recording): Summary {
  const { choices, usage } = goldenOf(recording) as Completion;
  const [{ message, finish_reason }] = choices;
  return {
    text: message.content ?? '',
    thinking: choicesIn(recording)
      .map(({ delta }) => delta?.reasoning ?? delta?.reasoning_content ?? '')
      .join(''),
    calls: (message.tool_calls ?? []).map(({ id, function: of }) => ({
      id,
      name: of.name,
      input: JSON.parse(of.arguments) as unknown,
    })),
    stop: REASONS[finish_reason],
    tokens: usage ? [usage.prompt_tokens, usage.completion_tokens] : undefined,
  };
}

if (known.length === 0) {
  it('there are no recordings here to be read', () => {
    expect(known).toEqual([]);
  });
} else {
  const files = known.map((recording) => [recording.file, recording] as const);
  const ended = files.filter(([, { golden }]) => golden !== undefined);
  const completions = files.filter(([, { goldenError }]) => goldenError?.startsWith('missing role'));
  const failed = files.filter(
    ([, { golden, goldenError }]) => golden === undefined && !goldenError?.startsWith('missing role'),
  );

  describe('a recorded stream of chat completions', () => {
    it.each(ended)('%s comes to what it comes to for the official SDK', async (_, recording) => {
      expect(summaryOf(await eventsOf([bytesOf(recording)]))).toEqual(expectedOf(recording));
    });

    it.each(completions)('%s is a text completion', async (_, recording) => {
      const text = choicesIn(recording)
        .map((choice) => choice.text ?? '')
        .join('');
      const { tokens: _tokens, ...summary } = summaryOf(await eventsOf([bytesOf(recording)]));
      expect(summary).toEqual({ text, thinking: '', calls: [], stop: 'max_tokens' });
    });

    it.each(failed)('%s fails with what the server said', async (_, recording) => {
      const events = await eventsOf([bytesOf(recording)]);
      expect(flaws(events)).toEqual([]);
      const [answer] = answersIn(events);
      expect(answer?.failure?.message).toContain(recording.goldenError);
      expect(answer?.failure?.status).toBe(400);
    });

    it.each(files)('%s gives the same in any pieces', async (_, recording) => {
      const bytes = bytesOf(recording);
      const events = await eventsOf([bytes]);
      for (const seed of isThorough ? [1, 2, 3] : [1])
        expect(await eventsOf(randomPieces(bytes, seed))).toEqual(events);
      if (!isThorough && bytes.length > LONG) return;
      expect(await eventsOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(events);
    });
  });

  it.each(threads.map((recording) => [recording.file, recording] as const))(
    '%s is of another API, and its events pass',
    async (_, recording) => {
      const events = await eventsOf([bytesOf(recording)]);
      expect(events.length).toBeGreaterThan(20);
      const names = events.map((event) => (event.type === 'unknown' ? event.name : event.type));
      expect(names.filter((name) => !/^thread\./.test(name))).toEqual([]);
    },
  );
}
