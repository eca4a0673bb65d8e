import type { AnyContentBlock } from '../../events/block.js';
import type { Message } from '../../events/message.js';

/** A snapshot whose texts can be shown little by little: of a message, or of a turn. */
export type TextSnapshot = MessageSnapshot | TurnSnapshot;

/** A message, as far as the showing of its texts goes. */
export type MessageSnapshot = Pick<Message, 'id' | 'content'>;

/** All messages of a turn, as far as the showing of their texts goes. */
export interface TurnSnapshot {
  readonly message: MessageSnapshot | undefined;
  readonly messages: readonly MessageSnapshot[];
}

/**
 * The texts of a snapshot, in the order in which they are read, as one.
 *
 * @param snapshot - of a message or of a turn
 */
export function textOfSnapshot(snapshot: TextSnapshot): string {
  let text = '';
  for (const { content } of messagesIn(snapshot))
    for (const block of content) if (isText(block)) text += block.text;
  return text;
}

/**
 * A snapshot with only so much of its texts, and without what stands behind the end of that. What is shown whole is the
 * same object.
 *
 * @param snapshot - of a message or of a turn
 * @param length - how much of the texts to show, in UTF-16 units
 */
export function withTextUpTo<S extends TextSnapshot>(snapshot: S, length: number): S {
  if ('content' in snapshot) return cutMessage(snapshot, length).message as S;
  const shown: MessageSnapshot[] = [];
  let rest = length;
  for (const whole of snapshot.messages) {
    const { message, left } = cutMessage(whole, rest);
    shown.push(message);
    if (message !== whole) return { ...snapshot, messages: shown, message };
    rest = left;
  }
  return snapshot;
}

/** A message with so much of its texts, and how much of that is left for the messages behind it. */
function cutMessage<M extends MessageSnapshot>(message: M, length: number): { message: M; left: number } {
  let left = length;
  for (const [at, block] of message.content.entries()) {
    if (!isText(block)) continue;
    if (block.text.length > left) {
      const begun = left > 0 ? [{ ...block, text: block.text.slice(0, left) }] : [];
      return { message: { ...message, content: [...message.content.slice(0, at), ...begun] }, left: 0 };
    }
    left -= block.text.length;
  }
  return { message, left };
}

function messagesIn(snapshot: TextSnapshot): readonly MessageSnapshot[] {
  return 'content' in snapshot ? [snapshot] : snapshot.messages;
}

/** Events that no codec has checked may have a text that is none. */
function isText(block: AnyContentBlock): block is AnyContentBlock & { readonly text: string } {
  return block.type === 'text' && typeof block.text === 'string';
}
