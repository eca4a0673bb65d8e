import { createParser } from 'eventsource-parser';
import type { Workload } from './workloads.js';

/** The fragments of tool input in a stream, got as the floor F1 gets at its events. */
export function* fragmentsOf({ chunks }: Workload): Generator<string> {
  const decoder = new TextDecoder();
  let fragment: string | undefined;
  const parser = createParser({
    onEvent({ data }) {
      fragment = partialJsonOf(JSON.parse(data));
    },
  });
  for (const chunk of chunks) {
    fragment = undefined;
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (fragment !== undefined) yield fragment;
  }
}

function partialJsonOf(event: unknown): string | undefined {
  return (event as { readonly delta?: { readonly partial_json?: string } }).delta?.partial_json;
}
