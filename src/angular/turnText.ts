import { BETWEEN } from '../fold/message/between.js';
import type { StreamState } from '../fold/turn/streamState.js';

/** The text of a turn, as `toText()` gives it of its events. */
export function turnText({ messages }: Pick<StreamState, 'messages'>): string {
  let text = '';
  for (const { content } of messages) {
    let isApart = true;
    for (const block of content) {
      if (block.type !== 'text') isApart = true;
      else if (block.text) {
        text += text !== '' && isApart ? BETWEEN + block.text : block.text;
        isApart = false;
      }
    }
  }
  return text;
}
