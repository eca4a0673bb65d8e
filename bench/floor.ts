import type { createParser } from 'eventsource-parser';
import { do_not_optimize } from 'mitata';
import type { Pipeline } from './pipeline.js';

/**
 * The least that any reader of such a stream does, F1: decode the bytes, cut them into events, parse each event's
 * JSON.
 */
export interface Floor {
  next(chunk: Uint8Array): void;
  /** Events so far. */
  readonly count: number;
}

/**
 * Loads a copy of the parser that is the floor's own. A function shared with what is measured beside it would be
 * called back from two places, and the compiler would serve neither well.
 *
 * @param copy - names the copy
 */
export async function loadFloor(copy = 'floor'): Promise<() => Floor> {
  const url = `${import.meta.resolve('eventsource-parser')}?${copy}`;
  const own = (await import(url)) as { readonly createParser: typeof createParser };
  return () => {
    const decoder = new TextDecoder();
    let count = 0;
    const parser = own.createParser({
      onEvent({ data }) {
        // What some streams end with is not JSON.
        if (data !== '[DONE]') do_not_optimize(JSON.parse(data));
        count++;
      },
    });
    return {
      next: (chunk) => parser.feed(decoder.decode(chunk, { stream: true })),
      get count() {
        return count;
      },
    };
  };
}

/** The floor, pulled: what the stream itself costs. */
export const PULLED_FLOOR: Pipeline = {
  name: 'F1, pulled from a ReadableStream',
  async run({ chunks }) {
    const floor = (await loadFloor('pulled'))();
    const reader = streamOf(chunks).getReader();
    for (let result = await reader.read(); !result.done; result = await reader.read())
      floor.next(result.value);
    return floor.count;
  },
  outputs: ({ events }) => events,
};

/** A stream that gives these chunks one by one as they are asked for. */
export function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[at++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}
