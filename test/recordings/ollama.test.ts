import { lastValueFrom, toArray } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import { ollama, type OllamaLine } from '../../src/ollama.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { answersIn } from '../codecs/conformance/answerIn.js';
import { flaws } from '../codecs/conformance/wellFormed.js';
import { isThorough } from '../thorough.js';
import { bytesOf, randomPieces, recordings } from './recordings.js';

const known = recordings(undefined).filter(({ provider }) => provider === 'ollama');

function eventsOf(chunks: Uint8Array[]): Promise<StreamEvent[]> {
  return lastValueFrom(fromBytes(chunks, { codec: ollama }).pipe(toArray()));
}

/** The lines as they stand there: no official client builds a message of them. */
function linesOf(bytes: Uint8Array): readonly OllamaLine[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as OllamaLine);
}

if (known.length === 0) {
  it('there are no recordings here to be read', () => {
    expect(known).toEqual([]);
  });
} else {
  describe('a recorded stream of Ollama', () => {
    const files = known.map((recording) => [recording.file, bytesOf(recording)] as const);

    it.each(files)('%s is one answer, with all its text and its tokens', async (_, bytes) => {
      const found = await eventsOf([bytes]);
      const lines = linesOf(bytes);
      const { model, prompt_eval_count, eval_count, done_reason, context, total_duration } =
        lines.at(-1) ?? {};
      expect(flaws(found)).toEqual([]);
      expect(answersIn(found)).toMatchObject([
        {
          text: lines.map(({ message, response }) => message?.content ?? response ?? '').join(''),
          message: {
            model,
            stop_reason: done_reason === 'stop' ? 'end_turn' : null,
            usage: { input_tokens: prompt_eval_count, output_tokens: eval_count },
            total_duration,
            ...(context && { context }),
          },
        },
      ]);
    });

    it.each(files)('%s gives the same in any pieces', async (_, bytes) => {
      const found = await eventsOf([bytes]);
      for (const seed of isThorough ? [1, 2, 3] : [1])
        expect(await eventsOf(randomPieces(bytes, seed))).toEqual(found);
      expect(await eventsOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(found);
    });
  });
}
