import { VirtualTimeScheduler } from 'rxjs';

/** A chunk as text (bytes beyond ASCII as they are, one by one), and when it came. */
export interface ReadChunk {
  readonly at: number;
  readonly text: string;
}

/**
 * Reads a body to its end, letting virtual time pass whenever it has to be waited for.
 *
 * @throws what the body fails with
 */
export async function readChunks(
  { body }: Response,
  clock: VirtualTimeScheduler = new VirtualTimeScheduler(),
): Promise<ReadChunk[]> {
  const chunks: ReadChunk[] = [];
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const read = reader.read();
    await settled();
    clock.flush();
    const { done, value } = await read;
    if (done) return chunks;
    chunks.push({ at: clock.now(), text: Buffer.from(value).toString('latin1') });
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
