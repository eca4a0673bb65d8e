import { concatMap, defer, type OperatorFunction } from 'rxjs';
import { textOf, type StreamEvent } from '../../src/index.js';

/** The number of words so far, each time that it changes. */
export function wordCount(): OperatorFunction<StreamEvent, number> {
  return (events) =>
    defer(() => {
      let [words, earlier, last] = [0, 0, ''];
      return events.pipe(
        concatMap((event) => {
          if (event.lane !== undefined) return [];
          if (event.type === 'message_start') earlier = words;
          if (event.type === 'content_block_start') last = '';
          const before = words;
          if (event.type === 'reset') words = earlier;
          const text = textOf(event) ?? '';
          words += beginnings(last + text) - beginnings(last);
          last = text.at(-1) ?? last;
          return words === before ? [] : [words];
        }),
      );
    });
}

/** How many words begin in a text. */
function beginnings(text: string): number {
  return text.match(/(?<!\S)\S/g)?.length ?? 0;
}
