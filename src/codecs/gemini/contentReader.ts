import type { MessageWriter } from '../kit/messageWriter.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import type { Passing } from '../skip.js';
import { CallReader } from './callReader.js';
import { citationsDelta, type GroundingCitation } from './citation.js';
import { blockOfPart, isBlock, unknownKindIn } from './part.js';
import type { GeminiPart } from './wire.js';

/** Reads the parts of one answer, and what it cites. */
export class ContentReader {
  readonly #writer: MessageWriter;
  readonly #pass: Passing;
  readonly #calls: CallReader;
  /** The block that a text, or thinking, goes on with. */
  #flowing: { readonly key: string; readonly kind: 'text' | 'thinking' } | undefined;
  #blocks = 0;
  /** What is cited and has no text yet. */
  #citations: readonly GroundingCitation[] = [];
  readonly #cited = new Set<string>();

  constructor(writer: MessageWriter, pass: Passing) {
    this.#writer = writer;
    this.#pass = pass;
    this.#calls = new CallReader(writer);
  }

  /** Whether it holds whole calls: the API has no finish reason for that. */
  get hasCalls(): boolean {
    return this.#calls.hasWhole;
  }

  /** @returns what the part holds, where nobody knows that */
  read(part: GeminiPart): string | undefined {
    const { text, thought, thoughtSignature: signature, functionCall } = part;
    if (functionCall) {
      // Proxies put in a text, which the API has in a part of its own.
      if (text) this.#readText(text, thought, undefined);
      this.#stopFlow();
      this.#calls.read(functionCall, signature, this.#pass);
    } else if (typeof text === 'string' && !isBlock(part)) this.#readText(text, thought, signature);
    else {
      if (text) this.#readText(text, thought, undefined);
      return this.#readOther(part);
    }
    return undefined;
  }

  /** Takes what the answer cites, in place of what is still without a text, and cites it as soon as there is one. */
  cite(citations = this.#citations): void {
    this.#citations = citations;
    if (citations.length === 0 || this.#flowing?.kind !== 'text') return;
    for (const citation of citations) {
      // The API repeats them.
      if (this.#cited.has(citation.url)) continue;
      this.#cited.add(citation.url);
      this.#writer.grow(this.#flowing.key, citationsDelta(citation));
    }
    this.#citations = [];
  }

  /** The answer ends: what is cited by no text is cited by one of its own. */
  end(): void {
    this.#calls.end();
    if (this.#citations.every(({ url }) => this.#cited.has(url))) return;
    this.#flow('text', { type: 'text', text: '', citations: null });
    this.cite();
  }

  /** A frame could not be read. */
  lose(): void {
    this.#calls.lose();
  }

  #readOther(part: GeminiPart): string | undefined {
    const block = blockOfPart(part);
    if (block === undefined) {
      const kind = unknownKindIn(part);
      if (kind === undefined) this.#readText('', part.thought, part.thoughtSignature);
      return kind;
    }
    this.#stopFlow();
    const key = this.#nextKey();
    this.#writer.start(key, block);
    this.#writer.stop(key);
    return undefined;
  }

  /** Lets the text go on. One that is signed is a block of its own, even if it is empty; a thinking only ends with it. */
  #readText(text: string, thought: GeminiPart['thought'], signature: GeminiPart['thoughtSignature']): void {
    if (!signature && text === '') return;
    const kind = thought ? 'thinking' : 'text';
    const isSigned = signature && kind === 'text';
    let key = this.#flowing?.kind === kind && !isSigned ? this.#flowing.key : undefined;
    key ??= this.#flow(kind, isSigned ? { type: kind, text: '', citations: null, signature } : undefined);
    if (text !== '') this.#writer.grow(key, text);
    if (!signature) return;
    if (kind === 'thinking') this.#writer.grow(key, { type: 'signature_delta', signature });
    else this.cite();
    this.#stopFlow();
  }

  /** Begins a block that a text or thinking goes on with. */
  #flow(kind: 'text' | 'thinking', block?: LooseBlock): string {
    this.#stopFlow();
    const key = this.#nextKey();
    if (block === undefined) this.#writer.startUnasked(key, kind);
    else this.#writer.start(key, block);
    this.#flowing = { key, kind };
    return key;
  }

  #stopFlow(): void {
    if (this.#flowing !== undefined) this.#writer.stop(this.#flowing.key);
    this.#flowing = undefined;
  }

  #nextKey(): string {
    this.#blocks += 1;
    return `part:${this.#blocks}`;
  }
}
