import type { MessageDeltaEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';

/**
 * The message with the ending that a `message_delta` brings. Numbers and fields are cumulative: one that is present
 * replaces what was known, one that is absent or `null` leaves it.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export function withEnding(head: Message, event: MessageDeltaEvent): Message {
  const { type: _type, delta, usage, ...additions } = event;
  return {
    ...head,
    ...replacing(head, { ...additions, ...delta }),
    usage: { ...head.usage, ...replacing(head.usage, usage) },
  };
}

/** The fields of `changes` that say something, and those that `known` does not have at all. */
function replacing<T extends object>(known: T | undefined, changes: object | null | undefined): Partial<T> {
  const entries = Object.entries(changes ?? {}).filter(
    ([field, value]) =>
      (value !== null && value !== undefined) || known === undefined || !Object.hasOwn(known, field),
  );
  return Object.fromEntries(entries) as Partial<T>;
}
