import { lastValueFrom, toArray } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { GeminiChunk, GeminiUsage } from '../../src/gemini.js';
import { gemini, geminiInteractions } from '../../src/gemini.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { answersIn } from '../codecs/conformance/answerIn.js';
import { flaws } from '../codecs/conformance/wellFormed.js';
import { isThorough } from '../thorough.js';
import { bytesOf, randomPieces, recordings, type Recording } from './recordings.js';

/** From how many bytes on only CI has the time to read a recording byte by byte. */
const LONG = 8_000;

const STREAMS = recordings(undefined).filter(({ provider }) => /google/.test(provider));

/** Those of `generateContent`: other APIs of the provider have no candidates. */
const known = STREAMS.filter((recording) => chunksIn(recording).some(({ candidates }) => candidates));

/** Those of the Interactions API. */
const interactions = STREAMS.filter((recording) =>
  chunksIn(recording).some((value) => 'event_type' in value),
);

/** An event of the Interactions API, as far as it is compared. */
interface Interacting {
  readonly step?: { readonly type: string };
  readonly delta?: { readonly text?: string; readonly annotations?: readonly object[] };
  readonly interaction?: { readonly status: string; readonly usage?: { readonly total_tokens: number } };
}

/** The chunks of a recording, as they came. */
function chunksIn(recording: Recording): readonly GeminiChunk[] {
  return new TextDecoder()
    .decode(bytesOf(recording))
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)) as GeminiChunk);
}

/** What the chunks hold, put together as nobody would for a stream. */
function summaryOf(chunks: readonly GeminiChunk[]): object {
  const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const textOf = (isThought: boolean): string =>
    parts.map(({ text, thought }) => (Boolean(thought) === isThought ? (text ?? '') : '')).join('');
  const names = parts.flatMap(({ functionCall }) => functionCall?.name ?? []);
  const reason = candidates.flatMap(({ finishReason }) => finishReason ?? []).at(-1);
  return {
    text: textOf(false),
    thinking: textOf(true),
    names,
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    stop: reason === 'STOP' ? (names.length > 0 ? 'tool_use' : 'end_turn') : (reason ?? null),
    total: lastUsageIn(chunks)?.totalTokenCount,
  };
}

function lastUsageIn(chunks: readonly GeminiChunk[]): GeminiUsage | undefined {
  return chunks.flatMap(({ usageMetadata }) => (usageMetadata?.totalTokenCount ? usageMetadata : [])).at(-1);
}

/** The same of the events. */
function readIn(events: readonly StreamEvent[]): object {
  expect(flaws(events)).toEqual([]);
  const [answer, ...others] = answersIn(events);
  expect(others).toEqual([]);
  const content = answer?.message?.content ?? [];
  const {
    input_tokens = 0,
    output_tokens = 0,
    cache_read_input_tokens: cached,
  } = answer?.message?.usage ?? {};
  return {
    text: answer?.text,
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    names: answer?.calls.map(({ name }) => name),
    signatures: content.flatMap((block) => (block as { readonly signature?: string }).signature || []),
    stop: answer?.message?.stop_reason,
    total: input_tokens + output_tokens + (cached ?? 0),
  };
}

function eventsOf(chunks: Uint8Array[], codec: Codec = gemini): Promise<StreamEvent[]> {
  return lastValueFrom(fromBytes(chunks, { codec }).pipe(toArray()));
}

if (STREAMS.length === 0) {
  it('there are no recordings here to be read', () => {
    expect(STREAMS).toEqual([]);
  });
} else {
  describe('a recorded stream of Gemini', () => {
    const files = known.map((recording) => [recording.file, recording] as const);

    it.each(files)('%s gives all that it holds', async (_, recording) => {
      expect(readIn(await eventsOf([bytesOf(recording)]))).toEqual(summaryOf(chunksIn(recording)));
    });

    it.each(files)('%s gives the whole input of each call, in the pieces that came', async (_, recording) => {
      const events = await eventsOf([bytesOf(recording)]);
      expect(events.filter(({ type }) => type === 'reset')).toEqual([]);
      const args = chunksIn(recording)
        .flatMap(({ candidates }) => candidates ?? [])
        .flatMap(({ content }) => content?.parts ?? [])
        .flatMap(({ functionCall }) => functionCall ?? []);
      const [answer] = answersIn(events);
      const whole = args.flatMap((call) => (call.args ? [call.args] : []));
      if (whole.length > 0) expect(answer?.calls.map(({ input }) => input)).toEqual(whole);
      const inputs = JSON.stringify(answer?.calls.map(({ input }) => input));
      for (const { stringValue = '' } of args.flatMap(({ partialArgs }) => partialArgs ?? [])) {
        expect(inputs).toContain(JSON.stringify(stringValue).slice(1, -1));
      }
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

  describe('a recorded stream of the Interactions API', () => {
    const files = interactions.map((recording) => [recording.file, recording] as const);

    it.each(files)('%s gives all that it holds, in any pieces', async (_, recording) => {
      const bytes = bytesOf(recording);
      const events = await eventsOf([bytes], geminiInteractions);
      const values = chunksIn(recording) as readonly Interacting[];
      const [answer, ...others] = answersIn(events);
      expect({ flaws: flaws(events), others }).toEqual({ flaws: [], others: [] });
      expect(answer?.text).toBe(values.map(({ delta }) => delta?.text ?? '').join(''));
      expect(answer?.message?.content).toHaveLength(values.filter(({ step }) => step).length);
      expect(
        answer?.message?.content.flatMap((block) => (block as { citations?: object[] }).citations ?? []),
      ).toEqual(values.flatMap(({ delta }) => delta?.annotations ?? []));
      const { input_tokens = 0, output_tokens = 0, cache_read_input_tokens } = answer?.message?.usage ?? {};
      const { usage, status } = values.at(-1)?.interaction ?? {};
      expect(input_tokens + output_tokens + (cache_read_input_tokens ?? 0)).toBe(usage?.total_tokens);
      expect(answer?.message?.stop_reason).toBe({ completed: 'end_turn' }[status ?? ''] ?? 'tool_use');
      for (const seed of isThorough ? [1, 2, 3] : [1])
        expect(await eventsOf(randomPieces(bytes, seed), geminiInteractions)).toEqual(events);
      if (!isThorough && bytes.length > LONG) return;
      expect(
        await eventsOf(
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
          geminiInteractions,
        ),
      ).toEqual(events);
    });
  });
}
