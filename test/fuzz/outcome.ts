import { concat, from, NEVER, tap, type Observable } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { JsonValue } from '../../src/json/value.js';
import type { Message } from '../../src/events/message.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { fromBytes } from '../../src/sources/fromBytes.js';

/** How a stream went. */
export interface Outcome {
  /** The messages that were finished, and what had arrived of the one that was not. */
  readonly messages: readonly Pick<Message, 'content'>[];
  /** Each ending that was told: one, or something is wrong. */
  readonly endings: readonly ('complete' | StreamError | { readonly foreign: unknown })[];
  /** Whether the protocol itself took back what it had sent, which a `reset` tells. */
  readonly wasReset: boolean;
}

/** Reads bytes to their messages, at once. */
export function outcomeOf(chunks: readonly Uint8Array[], codec: Codec): Outcome {
  return judged(fromBytes(chunks, { codec }).pipe(untilTerminal()));
}

/** The events that these bytes hold, if more may follow them. */
export function eventsIn(bytes: Uint8Array, codec: Codec): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  fromBytes(concat([bytes], NEVER), { codec })
    .subscribe({ next: (event) => events.push(event), error: () => undefined })
    .unsubscribe();
  return events;
}

/** What had arrived with these events, if they are all that ever came. */
export function arrivedWith(events: readonly StreamEvent[]): Outcome {
  return judged(from(events).pipe(untilTerminal()));
}

function judged(events: Observable<StreamEvent>): Outcome {
  const messages: Pick<Message, 'content'>[] = [];
  const endings: Outcome['endings'][number][] = [];
  let wasReset = false;
  events
    .pipe(
      tap(({ type }) => (wasReset ||= type === 'reset')),
      toMessage(),
    )
    .subscribe({
      next: (message) => messages.push(message),
      complete: () => endings.push('complete'),
      error: (error: unknown) => {
        endings.push(error instanceof StreamError ? error : { foreign: error });
        const partial = error instanceof StreamError ? error.partial : undefined;
        // Blocks that came without a message are told as an array.
        if (Array.isArray(partial)) messages.push({ content: partial as Message['content'] });
        else if (partial !== undefined) messages.push(partial as Message);
      },
    });
  return { messages, endings, wasReset };
}

/**
 * Whether nothing that had arrived is lost: every block is there, and every text and input grew or stayed.
 *
 * @param earlier - what had arrived at some time
 * @param later - what has arrived since, or what a whole run gives
 */
export function grewFrom(earlier: Outcome, later: Outcome): boolean {
  return earlier.messages.every(({ content }, at) => {
    const grown = later.messages[at]?.content;
    return content.every((block, index) => holds(asJson(block), asJson(grown?.[index])));
  });
}

function holds(earlier: JsonValue | undefined, later: JsonValue | undefined): boolean {
  if (earlier === null || earlier === undefined) return true;
  if (typeof earlier === 'string') return typeof later === 'string' && later.startsWith(earlier);
  if (typeof earlier !== 'object') return earlier === later;
  // Every input begins as `{}`, whatever it turns out to be; one that is no JSON stands as its text in the end.
  if (Object.keys(earlier).length === 0 && !Array.isArray(earlier)) return true;
  if (typeof later !== 'object' || later === null) return false;
  if (Object.hasOwn(later, 'INVALID_JSON')) return true;
  return Object.entries(earlier).every(([key, value]) => holds(value, Reflect.get(later, key) as JsonValue));
}

function asJson(block: unknown): JsonValue | undefined {
  return JSON.parse(JSON.stringify(block ?? null)) as JsonValue;
}
