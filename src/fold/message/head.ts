import { StreamError } from '../../errors/streamError.js';
import type { MessageDeltaEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';

/**
 * The message with the ending that a `message_delta` brings. Numbers and fields are cumulative: one that is present
 * replaces what was known, one that is absent or `null` leaves it.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export function withEnding(head: Message, event: MessageDeltaEvent): Message {
  const { delta, usage, ...additions } = event;
  return checked({
    ...head,
    ...replacing(head, { ...additions, ...delta, type: head.type }),
    usage: { ...head.usage, ...replacing(head.usage, usage) },
  });
}

/**
 * @returns the message
 * @throws StreamError as {@link bounded}
 */
export function checked(message: Message): Message {
  // Events that no codec has checked may have no usage.
  bounded(Object(message.usage) as object);
  return bounded(message);
}

/** The most members of an object that is copied whenever one of them changes. Real ones have some twenty. */
const MOST_MEMBERS = 128;

/**
 * @returns the value
 * @throws StreamError `limit` for one of so many members that to copy it with each change would cost too much
 */
export function bounded<T extends object>(value: T): T {
  if (Object.keys(value).length > MOST_MEMBERS)
    throw new StreamError('limit', `A block or message has over ${MOST_MEMBERS} members`);
  return value;
}

/** The fields of `changes` that say something, and those that `known` does not have at all. */
export function replacing<T extends object>(
  known: T | undefined,
  changes: object | null | undefined,
): Partial<T> {
  const entries = Object.entries(changes ?? {}).filter(
    ([field, value]) => (value ?? null) !== null || !Object.hasOwn(Object(known) as object, field),
  );
  return Object.fromEntries(entries) as Partial<T>;
}
