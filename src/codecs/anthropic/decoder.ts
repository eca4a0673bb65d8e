import { isBlockIndex, type AnyContentBlock } from '../../events/block.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { PIECE, SPACES, type Marking } from '../../wire/shortWay.js';
import type { Decoder } from '../codec.js';
import { callFlaw } from '../kit/callFlaw.js';
import type { Passing } from '../skip.js';
import { eventIn, typeIn } from './eventIn.js';
import { NO_CITATION } from './wire.js';

/** A block of the wire, and the index that it has here. */
interface Placed {
  readonly index: number;
  isOpen: boolean;
  /** Why it is given up where it ends. */
  flaw?: string | undefined;
}

const NONE: readonly StreamEvent[] = [];

/**
 * A delta of nothing but text, as the API spells it. It pads frames, so that their lengths do not betray what stands in them.
 */
const DELTA =
  /^(\{"type":"content_block_delta","index":\d+,"delta":\{"type":"(?:text_delta","text|thinking_delta","thinking|input_json_delta","partial_json)":")(?:[^"\\]|\\.)+("\}) *\}$/;

/** What may differ from one delta to the next. */
export const marking: Marking = {
  mark(data, { length }) {
    const [, before, after] = DELTA.exec(data) ?? [];
    return length === 1 && after && `${before}${PIECE}${after}${SPACES}}`;
  },
};

/**
 * Reads the frames of one stream. Its events are those of the wire, except that a block which begins at the index of one
 * that has ended gets the next free index, and that a block which cannot be whole is given up where it ends.
 */
export class AnthropicDecoder implements Decoder {
  readonly #pass: Passing;
  /** By the index on the wire. */
  readonly #blocks = new Map<number, Placed>();
  readonly #taken = new Set<number>();
  #nextIndex = 0;
  /** The index whose deltas pass as they are: that of the block that grew last, unless it has another one here. */
  #growing: number | undefined;
  /** The start of a block, as long as nothing has come of the block. */
  #fresh: string | undefined;
  /** The unfinished message. */
  #message: string | undefined;
  #hasLoss = false;
  /** Whether a block began since all of them were given up: many frames may be lost while many blocks are open. */
  #isSound = false;
  /** The last delta of a block. */
  #last: EventOf<'content_block_delta'> | undefined;

  constructor(pass: Passing = () => undefined) {
    this.#pass = pass;
  }

  next(frame: Frame): readonly StreamEvent[] {
    const events = this.#read(frame);
    const [first] = events;
    if (first?.type === 'content_block_delta') this.#last = first;
    return events;
  }

  again(piece: string): readonly StreamEvent[] {
    const { index, delta } = this.#last as EventOf<'content_block_delta'>;
    switch (delta.type) {
      case 'text_delta':
        return [events.textDelta(index, piece)];
      case 'thinking_delta':
        return [events.thinkingDelta(index, piece)];
      default:
        return [events.inputJsonDelta(index, piece)];
    }
  }

  #read(frame: Frame): readonly StreamEvent[] {
    const event = eventIn(frame);
    switch (event.type) {
      case 'content_block_delta':
        if (event.delta.type === 'citations_delta' && event.delta.citation === NO_CITATION)
          return this.#passOver('no-event');
        this.#fresh = undefined;
        return event.index === this.#growing ? [event] : this.#grow(event);
      case 'content_block_start':
        return this.#start(event, frame.data);
      case 'content_block_stop':
      case 'block_abort':
        return this.#end(event);
      case 'message_start':
        return this.#begin(event);
      case 'message_stop':
      case 'error':
      case 'reset':
        this.#forget();
        return [event];
      default:
        return [event];
    }
  }

  end(): readonly StreamEvent[] {
    return NONE;
  }

  /** A frame that says which block it is of costs that one; any other may have been a piece of all that are open. */
  lose({ data }: Frame, reason: string): void {
    const { type, index } = typeIn(data);
    // Of these no block is a part.
    if (type === 'ping' || type === 'message_delta') return;
    this.#hasLoss = true;
    this.#fresh = undefined;
    if (isBlockIndex(index)) {
      const block = this.#blocks.get(index);
      if (block) block.flaw ??= reason;
    } else if (this.#isSound) {
      for (const block of this.#blocks.values()) block.flaw ??= reason;
      this.#isSound = false;
    }
  }

  #grow(event: EventOf<'content_block_delta'>): readonly StreamEvent[] {
    const { index } = event;
    const block = this.#blocks.get(index);
    if (block === undefined) {
      // Its start was lost.
      if (this.#hasLoss) return this.#passOver('malformed');
      // A stream that was joined late; whoever gathers the blocks says whether that is wrong.
      this.#place(index, index);
      return [event];
    }
    if (block.index !== index) return [{ ...event, index: block.index }];
    this.#growing = index;
    return [event];
  }

  #start(event: EventOf<'content_block_start'>, data: string): readonly StreamEvent[] {
    const { index, content_block } = event;
    const known = this.#blocks.get(index);
    if (known?.isOpen) {
      if (data === this.#fresh) return this.#passOver('stray');
      // Two blocks of one index: whoever gathers them says that.
      if (known.flaw === undefined) return [event];
    }
    const free = known === undefined && !this.#taken.has(index) ? index : this.#nextIndex;
    this.#place(index, free).flaw = flawOf(content_block);
    this.#fresh = data;
    const start = free === index ? event : { ...event, index: free };
    // The end of the other one was lost.
    return known?.isOpen ? [abortOf(known), start] : [start];
  }

  #end(event: EventOf<'content_block_stop' | 'block_abort'>): readonly StreamEvent[] {
    const block = this.#blocks.get(event.index);
    const isStop = event.type === 'content_block_stop';
    // Of a stream that was joined late nobody knows what began before.
    if (block === undefined && this.#message === undefined) return [event];
    if (block === undefined || (isStop && !block.isOpen)) return this.#passOver('stray');
    block.isOpen = false;
    this.#growing = undefined;
    this.#fresh = undefined;
    if (isStop && block.flaw !== undefined) return [abortOf(block)];
    return block.index === event.index ? [event] : [{ ...event, index: block.index }];
  }

  #begin(event: EventOf<'message_start'>): readonly StreamEvent[] {
    const { id, content } = event.message;
    if (id !== '' && id === this.#message) return [event];
    this.#forget();
    this.#message = id;
    // These have ended, and a block that begins at the index of one of them gets the next free one.
    for (const index of content.keys()) this.#taken.add(index);
    this.#nextIndex = content.length;
    const first = content.findIndex(flawOf);
    if (first === -1) return [event];
    // What stands in the start is whole. From the first block on that is not, they come one by one.
    const others = content.slice(first).flatMap((block, at): StreamEvent[] => {
      const [index, flaw] = [first + at, flawOf(block)];
      const end = flaw === undefined ? events.blockStop(index) : events.blockAbort(index, flaw);
      return [events.blockStart(index, block), end];
    });
    return [{ ...event, message: { ...event.message, content: content.slice(0, first) } }, ...others];
  }

  #place(wire: number, index: number): Placed {
    const block: Placed = { index, isOpen: true };
    this.#blocks.set(wire, block);
    this.#isSound = true;
    this.#taken.add(index);
    this.#nextIndex = Math.max(this.#nextIndex, index + 1);
    this.#growing = wire === index ? wire : undefined;
    return block;
  }

  #passOver(kind: Parameters<Passing>[0]): readonly StreamEvent[] {
    this.#pass(kind);
    return NONE;
  }

  #forget(): void {
    this.#blocks.clear();
    this.#taken.clear();
    this.#nextIndex = 0;
    this.#growing = undefined;
    this.#fresh = undefined;
    this.#message = undefined;
    this.#hasLoss = false;
  }
}

/**
 * Why a block can never be whole: a call that nothing identifies cannot be answered, or run, and a result of nothing cannot
 * be shown, or sent back.
 */
export function flawOf(block: AnyContentBlock): string | undefined {
  if ('tool_use_id' in block && /_tool_result$/.test(block.type) && !block.tool_use_id)
    return 'The result is of no call';
  if (!('input' in block) || !/^(?:server_|mcp_)?tool_use$/.test(block.type)) return undefined;
  const { id, name } = block as { readonly id?: string; readonly name?: string };
  return callFlaw(id, name);
}

function abortOf({ index, flaw = '' }: Placed): StreamEvent {
  return events.blockAbort(index, flaw);
}
