import { from, type Observable } from 'rxjs';
import {
  decode,
  sse,
  toBlocks,
  toMessage,
  untilTerminal,
  type Block,
  type StreamEvent,
} from 'rxjs-llm-stream';
import { anthropic, streamMessages } from 'rxjs-llm-stream/anthropic';

const question = { model: 'claude', max_tokens: 16, messages: [{ role: 'user', content: 'Hello' }] };

export const blocks: Observable<Block> = streamMessages(question).pipe(untilTerminal(), toBlocks());

export function read(chunks: Iterable<Uint8Array>): void {
  const events: Observable<StreamEvent> = from(chunks).pipe(sse(), decode(anthropic));
  events.subscribe((event) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return;
    event.delta.text satisfies string;
    // @ts-expect-error an event is not changed
    event.index = 1;
  });
  events
    .pipe(toMessage())
    .subscribe(({ content, stop_reason }) => [content.length, stop_reason] satisfies unknown[]);
}
