import { lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { Message } from '../../src/events/message.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { isThorough } from '../thorough.js';
import { bytesOf, goldenOf, randomPieces, recordings } from './recordings.js';

/** From how many bytes on only CI has the time to read a recording byte by byte. */
const LONG = 20_000;

const known = recordings('anthropic');

function messagesOf(chunks: Uint8Array[]): Promise<Message[]> {
  return lastValueFrom(fromBytes(chunks, { codec: anthropic }).pipe(toMessage(), toArray()));
}

if (known.length === 0) {
  it('there are no recordings here to be read', () => {
    expect(known).toEqual([]);
  });
} else {
  describe('a recorded stream of the Messages API', () => {
    const files = known.map((recording) => [recording.file, recording] as const);

    it.each(files)('%s gives the message that the official SDK gives', async (_, recording) => {
      const messages = await messagesOf([bytesOf(recording)]);
      const golden = goldenOf(recording);
      // The SDK refuses a stream of several messages one after another; here each is given.
      if (golden === undefined) expect(messages.length).toBeGreaterThan(1);
      else expect(messages).toEqual([golden]);
    });

    it.each(files)('%s gives the same in any pieces', async (_, recording) => {
      const bytes = bytesOf(recording);
      const messages = await messagesOf([bytes]);
      for (const seed of isThorough ? [1, 2, 3] : [1])
        expect(await messagesOf(randomPieces(bytes, seed))).toEqual(messages);
      if (!isThorough && bytes.length > LONG) return;
      expect(await messagesOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(messages);
    });
  });
}
