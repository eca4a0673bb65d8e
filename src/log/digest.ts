import type { StreamEvent } from '../events/event.js';
import { growing, growthOf, keysOf } from '../fold/pace/growth.js';

/** All text that came of one kind for one block. */
interface Text {
  readonly event: StreamEvent;
  text: string;
}

type Item = { readonly event: StreamEvent; readonly text?: undefined } | Text;

/** How far a reader of a digest has come. */
export interface Mark {
  /** So many items it has. */
  items: number;
  /** How much it has of the text of those that may still grow. */
  readonly lengths: Map<Text, number>;
}

/** Of a reader that has nothing. */
export function newMark(): Mark {
  return { items: 0, lengths: new Map() };
}

/**
 * A run as few events: all text of a block is one delta, pings are none, and an attempt that was reset is gone. It needs as
 * much room as the messages, and not as the events.
 */
export class Digest {
  readonly #items: Item[] = [];
  /** What still grows, by lane, block and kind. */
  readonly #growing = new Map<string, Text>();
  /** Where the reply begins that is not over, which a reset takes back. */
  #reply: number | undefined;
  #id = '';
  readonly #marks = new Set<Mark>();

  /** Takes the next event. */
  add(event: StreamEvent): void {
    switch (event.type) {
      case 'ping':
        return;
      case 'content_block_delta': {
        const growth = growthOf(event);
        if (growth === undefined) break;
        const known = this.#growing.get(growth.key);
        if (known) known.text += growth.text;
        else {
          const text = { event, text: growth.text };
          this.#growing.set(growth.key, text);
          this.#items.push(text);
        }
        return;
      }
      case 'content_block_start':
      case 'content_block_stop':
      case 'block_abort':
        for (const key of keysOf(event.index, event.lane)) this.#growing.delete(key);
        break;
      case 'message_start':
        if (event.lane) break;
        // A repetition says nothing.
        if (this.#reply !== undefined && event.message.id !== '' && event.message.id === this.#id) return;
        this.#growing.clear();
        this.#id = event.message.id;
        this.#reply = this.#items.length;
        break;
      case 'message_stop':
        if (!event.lane) this.#reply = undefined;
        break;
      case 'reset':
        this.#growing.clear();
        this.#takeBack();
        break;
      default:
        break;
    }
    this.#items.push({ event });
  }

  /** Follows a reader, so that a reset reaches it. */
  follow(mark: Mark): () => void {
    this.#marks.add(mark);
    return () => this.#marks.delete(mark);
  }

  /**
   * What a reader has not.
   *
   * @param mark - how far it has come; it is moved to the end
   * @returns events that bring it to where this stands
   */
  since(mark: Mark = newMark()): readonly StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const [{ event, text }, length] of mark.lengths) {
      if (length < text.length) events.push(growing(event, text.slice(length)));
    }
    for (const { event, text } of this.#items.slice(mark.items))
      events.push(text === undefined ? event : growing(event, text));
    mark.items = this.#items.length;
    mark.lengths.clear();
    for (const text of this.#growing.values()) mark.lengths.set(text, text.text.length);
    return events;
  }

  #takeBack(): void {
    const at = this.#reply ?? this.#items.length;
    this.#reply = undefined;
    this.#items.length = Math.min(this.#items.length, at);
    for (const mark of this.#marks) {
      mark.items = Math.min(mark.items, at);
      mark.lengths.clear();
    }
  }
}
