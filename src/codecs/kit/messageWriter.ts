import { quoted } from '../../errors/quoted.js';
import { StreamError } from '../../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { Rope } from '../../json/rope.js';
import type { Frame } from '../../wire/frame.js';
import { BlockWriter, NOTHING } from './blockWriter.js';
import { MessageFacts, type Facts } from './facts.js';
import { isSameJson } from './sameJson.js';
import { inputIn, isCall, type Entry, type Written } from './writtenBlock.js';

/**
 * Writes well-formed messages for a protocol that leaves parts of them unsaid. A decoding step begins with
 * {@link MessageWriter.at} and ends with {@link MessageWriter.take}.
 *
 * A final value that contradicts what was streamed is a `reset`, and the message anew. To keep the cost linear, a
 * message is written anew only once as many bytes have come since the last time as before it. Until then, and at the
 * latest until the message ends, the block in question stays open, so that nobody takes what is wrong in it for complete.
 */
export class MessageWriter extends BlockWriter {
  #facts = new MessageFacts();
  #start: StreamEvent | undefined;
  #end: 'well' | 'badly' | undefined;
  #attempt = 1;
  #contradiction: string | undefined;
  /** How many UTF-16 units came of the message before it was last written anew, and since. */
  #before = 0;
  #since = 0;

  at(frame: Frame): void {
    this.frame = frame;
    this.#since += frame.data.length;
  }

  /** Lets the block that grew last by a piece of text grow by another one, of a frame of such a length. */
  growAgain(piece: string, length: number): void {
    this.#since += length;
    this.growBlock(this.grown as Written, piece);
  }

  take(): readonly StreamEvent[] {
    if (this.#since >= this.#before) this.#restate();
    const taken = this.out;
    this.out = NOTHING;
    return taken;
  }

  get hasBegun(): boolean {
    return this.#start !== undefined;
  }

  /** How the last message ended; `undefined` before the first end, and once another has begun. */
  get ended(): 'well' | 'badly' | undefined {
    return this.#end;
  }

  get id(): string | undefined {
    return this.#facts.id;
  }

  get reason(): string | null {
    return this.#facts.reason;
  }

  /**
   * Takes what a frame says of the message as a whole. What is known when the message begins stands in its start, the
   * rest comes before its end. The last word counts, except for the id: the first one stays.
   */
  learn(facts: Facts): void {
    this.#facts.learn(facts);
  }

  begin(facts: Facts = {}): void {
    if (this.#start !== undefined) return;
    this.learn(facts);
    this.#start = this.#facts.start();
    this.#end = undefined;
    this.put(this.#start);
  }

  /** Takes the whole text, thinking or JSON of a block, and stops it. Spaces in the JSON make no difference. */
  settle(key: string, final: string): void {
    const block = this.byKey.get(key);
    if (block === undefined) throw this.contradiction(`There is no block ${quoted(key)}`);
    this.#trust([block]);
    const said = block.said.text || inputIn(block.block);
    const isSame = isCall(block.block) ? isSameJson(said, final) : said === final;
    const isOpen = block.state === 'open';
    if (!isSame && !(isOpen && final.startsWith(said))) {
      block.said = new Rope(final);
      this.settleBlock(block, 'stopped');
      const what = isCall(block.block) ? 'input' : block.block.type;
      return this.#contradict(`The whole ${what} of ${quoted(key)} is not what was streamed`);
    }
    if (!isSame) this.growBlock(block, final.slice(said.length));
    if (isOpen) this.endBlock(block, 'stopped');
  }

  /** Nothing is missing in these: their whole values are known. */
  #trust(blocks: readonly Written[]): void {
    for (const block of blocks) block.lost = undefined;
    this.isSound = true;
  }

  /** Takes members of a block's start that came after it: they are in its start where the message is written anew. */
  amend(key: string, members: object): void {
    const written = this.byKey.get(key);
    if (written === undefined) throw this.contradiction(`There is no block ${quoted(key)}`);
    written.block = { ...written.block, ...members };
    this.#contradict(`More of the start of ${quoted(key)} came after it`);
  }

  /** Takes the whole text of the message, which its text blocks were the pieces of. */
  settleText(text: string): void {
    const isText = (entry: Entry): entry is Written => 'block' in entry && entry.block.type === 'text';
    const [first, ...others] = this.entries.filter(isText);
    this.#trust(first ? [first, ...others] : []);
    const streamed = [first, ...others].map((block) => block?.said.text ?? '').join('');
    if (streamed === text) return;
    if (text.startsWith(streamed)) return this.flow('text', text.slice(streamed.length));
    if (first !== undefined) first.said = new Rope(text);
    this.entries = this.entries.filter((entry) => entry === first || !isText(entry));
    for (const block of others) {
      this.byKey.delete(block.key);
      this.settleBlock(block, 'stopped');
    }
    this.#contradict('The whole text is not what was streamed');
  }

  /** Emits a `message_delta` with what was learned and not yet said; the message goes on. */
  report(): void {
    this.begin();
    this.put(this.#facts.delta());
  }

  /** Ends the message well: what is open stops, then come the stop reason and the usage, then the end. */
  conclude(): void {
    this.begin();
    this.#restate();
    for (const block of this.unended) this.endBlock(block, 'stopped');
    if (this.#facts.hasNews) this.report();
    this.#finish('well', events.messageStop());
  }

  /** Ends the message badly: what is open is given up, and usage that was not said yet comes before the error. */
  fail(error: ErrorEvent): void {
    this.abortAll(error.error.message);
    if (this.hasBegun && this.#facts.hasNewUsage) this.report();
    this.#finish('badly', error);
  }

  /**
   * Drops what the message came to after a place: it is a `reset`, and the message anew.
   *
   * @param place - what {@link place} was then
   */
  rewind(place: number, cause: string): void {
    if (!this.hasBegun) return;
    for (const entry of this.entries.slice(place)) {
      if (!('block' in entry)) continue;
      if (this.byKey.get(entry.key) === entry) this.byKey.delete(entry.key);
      // Until the message is written anew they are as open as they were, and none of them is complete.
      this.settleBlock(entry, { aborted: cause });
    }
    this.entries = this.entries.slice(0, place);
    this.#contradict(cause);
  }

  /** Begins the answer again before it has ended: all that came of it is to be dropped. */
  repeat(cause: string): void {
    this.#reset(cause);
    this.#forget();
  }

  #finish(end: 'well' | 'badly', terminal: StreamEvent): void {
    this.put(terminal);
    this.#forget();
    this.#end = end;
  }

  #forget(): void {
    this.forgetBlocks();
    this.#facts = new MessageFacts();
    this.#start = undefined;
    this.#contradiction = undefined;
    this.#before = 0;
    this.#since = 0;
  }

  /** Notes that what was written is wrong; it is put right at once where that is due. */
  #contradict(message: string): void {
    this.#contradiction = message;
    if (this.#since >= this.#before) this.#restate();
  }

  /** Writes the current message anew if what was written of it is wrong. */
  #restate(): void {
    if (this.#start === undefined || this.#contradiction === undefined) return;
    this.#reset(this.#contradiction);
    this.#contradiction = undefined;
    this.#before += this.#since;
    this.#since = 0;
    this.#facts.restart();
    this.put(this.#start);
    this.rewrite();
  }

  #reset(cause: string): void {
    this.#attempt += 1;
    this.put(events.reset(this.#attempt, new StreamError('protocol', cause)));
  }
}
