import type { AnyContentBlock } from '../../events/block.js';
import type {
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  MessageStartEvent,
  StreamEvent,
} from '../../events/event.js';
import { contentOf, deltaOf, growingBy, growthOf, holding } from './kind.js';
import { ShapedText } from './shapedText.js';
import type { TextKind, TextMachine } from './textMachine.js';

/** How texts are shaped. */
export interface Shaping {
  /** Makes the machine of one text. */
  readonly start: (kind: TextKind) => TextMachine;
  readonly kinds: ReadonlySet<TextKind>;
  /** Whether nothing more may come out. */
  readonly isOver?: () => boolean;
}

type Emit = (event: StreamEvent) => void;

/** The open texts of one agent. */
interface Lane {
  /** Of its message. */
  id: string;
  readonly texts: Map<number, ShapedText>;
}

/**
 * Shapes the text of each block by a machine of its own, and lets everything else pass. What a machine holds back comes
 * before its block ends, before an `error` and before the end. It belongs to one subscription.
 */
export class TextBlocks {
  readonly #shaping: Shaping;
  /** The empty name is that of the main agent. */
  readonly #lanes = new Map<string, Lane>();

  constructor(shaping: Shaping) {
    this.#shaping = shaping;
  }

  /** Takes the next event, in order or not, and emits what becomes of it. */
  add(event: StreamEvent, emit: Emit): void {
    switch (event.type) {
      case 'content_block_delta':
        this.#grow(event, emit);
        return;
      case 'content_block_start':
        this.#flush(event.lane, event.index, emit);
        this.#pass(this.#begun(event), emit);
        return;
      case 'content_block_stop':
      case 'block_abort':
        this.#flush(event.lane, event.index, emit);
        break;
      case 'message_start':
        this.#beginMessage(event, emit);
        this.#pass(this.#holding(event), emit);
        return;
      case 'message_stop':
        this.#flushLane(event.lane, emit);
        break;
      case 'error':
        if (event.lane) this.#flushLane(event.lane, emit);
        else this.end(emit);
        break;
      case 'reset':
        // What sub-agents said belongs to the attempt of their main agent.
        if (event.lane) this.#lanes.delete(event.lane);
        else this.#lanes.clear();
        break;
      default:
        break;
    }
    this.#pass(event, emit);
  }

  /** Emits all that still waits, of all blocks in the order in which they began. */
  end(emit: Emit): void {
    for (const lane of this.#lanes.keys()) this.#flushLane(lane === '' ? undefined : lane, emit);
  }

  #pass(event: StreamEvent, emit: Emit): void {
    if (!this.#isOver()) emit(event);
  }

  #isOver(): boolean {
    return this.#shaping.isOver?.() ?? false;
  }

  #lane(name = ''): Lane {
    const lane = this.#lanes.get(name) ?? { id: '', texts: new Map<number, ShapedText>() };
    this.#lanes.set(name, lane);
    return lane;
  }

  #beginMessage({ lane: name, message }: MessageStartEvent, emit: Emit): void {
    const lane = this.#lane(name);
    // The same message once more changes nothing.
    if (message.id !== '' && message.id === lane.id) return;
    for (const index of [...lane.texts.keys()]) this.#flush(name, index, emit);
    lane.id = message.id;
  }

  #grow(event: ContentBlockDeltaEvent, emit: Emit): void {
    const growth = growthOf(event);
    if (growth === undefined || growth.text === '' || !this.#shaping.kinds.has(growth.kind)) {
      this.#pass(event, emit);
      return;
    }
    const text = this.#textOf(event, growth.kind, emit).next(growth.text);
    if (text === growth.text) emit(event);
    else if (text !== '') emit(growingBy(event, growth.kind, text));
  }

  /** The text that a delta belongs to; of a block that nobody saw begin, one that begins now. */
  #textOf({ lane: name, index }: ContentBlockDeltaEvent, kind: TextKind, emit: Emit): ShapedText {
    const open = this.#lane(name).texts.get(index);
    if (open?.kind === kind) return open;
    this.#flush(name, index, emit);
    return this.#open(name, index, kind);
  }

  #open(name: string | undefined, index: number, kind: TextKind): ShapedText {
    const text = new ShapedText(kind, this.#shaping.start(kind));
    this.#lane(name).texts.set(index, text);
    return text;
  }

  /** A block that begins, with what may be shown of what it holds. */
  #begun(event: ContentBlockStartEvent): StreamEvent {
    const { content_block: block, lane, index } = event;
    const content = contentOf(block);
    if (content === undefined || !this.#shaping.kinds.has(content.kind)) return event;
    if (content.kind === 'input') {
      const whole = this.#shaped(block);
      return whole === block ? event : { ...event, content_block: whole };
    }
    const text = this.#open(lane, index, content.kind).next(content.text);
    if (text === content.text) return event;
    return { ...event, content_block: holding(block, { kind: content.kind, text }) };
  }

  /** A message that begins, with the whole blocks that it holds. */
  #holding(event: MessageStartEvent): StreamEvent {
    const { content } = event.message;
    const shaped = content.map((block) => this.#shaped(block));
    if (shaped.every((block, nth) => block === content[nth])) return event;
    return { ...event, message: { ...event.message, content: shaped } };
  }

  /** A block that is whole, as its content is shaped. */
  #shaped(block: AnyContentBlock): AnyContentBlock {
    const content = contentOf(block);
    if (content === undefined || content.text === '' || !this.#shaping.kinds.has(content.kind)) return block;
    const shaped = new ShapedText(content.kind, this.#shaping.start(content.kind));
    const text = shaped.next(content.text) + shaped.end();
    // What is over is cut anywhere, and nobody sees it.
    if (text === content.text || this.#isOver()) return block;
    return holding(block, { kind: content.kind, text });
  }

  #flush(name: string | undefined, index: number, emit: Emit): void {
    const { texts } = this.#lane(name);
    const open = texts.get(index);
    if (open === undefined) return;
    texts.delete(index);
    if (this.#isOver()) return;
    const text = open.end();
    if (text !== '') emit(deltaOf(index, name, { kind: open.kind, text }));
  }

  #flushLane(name: string | undefined, emit: Emit): void {
    for (const index of [...this.#lane(name).texts.keys()]) this.#flush(name, index, emit);
    this.#lanes.delete(name ?? '');
  }
}
