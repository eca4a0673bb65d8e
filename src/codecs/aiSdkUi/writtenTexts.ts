import type { AnyContentBlockDelta, CitationsDelta } from '../../events/delta.js';
import type { Json } from '../kit/json.js';
import type { ReadBlock } from '../kit/messageReader.js';
import { citationIn, nameOfSource, sourceOf } from './citation.js';
import { provided, signed } from './provided.js';

type Citation = CitationsDelta['citation'];

/** A text or reasoning that is open. */
interface WrittenText {
  readonly kind: 'text' | 'reasoning';
  readonly id: string;
  /** What its end tells again. */
  readonly citations: Json[];
}

/** Writes the texts of a stream, its reasoning, and the sources of both. */
export class WrittenTexts {
  readonly #version: 6 | 7;
  readonly #put: (part: Json) => void;
  readonly #open = new Map<ReadBlock, WrittenText>();
  /** The sources that are written: each is once. */
  readonly #sources = new Map<string, string>();

  constructor(version: 6 | 7, put: (part: Json) => void) {
    this.#version = version;
    this.#put = put;
  }

  /** @returns whether the block is one of these */
  begin(block: ReadBlock, id: string): boolean {
    const { type, providerMetadata, signature, data, citations } = block.block as object as Json;
    const sign = typeof signature === 'string' && signature !== '' ? signature : undefined;
    if (type === 'text') this.#begin(block, id, 'text', signed(providerMetadata, sign, 'google'));
    else if (type === 'thinking')
      this.#begin(block, id, 'reasoning', signed(providerMetadata, sign, 'anthropic'));
    else if (type === 'redacted_thinking')
      this.#begin(block, id, 'reasoning', provided(providerMetadata, 'anthropic', { redactedData: data }));
    else return false;
    // A message that comes whole has them in the start of the block.
    const text = this.#open.get(block);
    if (text?.kind === 'text' && Array.isArray(citations))
      for (const citation of citations as Citation[]) this.#cite(text, citation);
    return true;
  }

  grow(block: ReadBlock, delta: string): void {
    const text = this.#open.get(block);
    if (text !== undefined) this.#put({ type: `${text.kind}-delta`, id: text.id, delta });
  }

  /** Takes a citation or a signature. */
  take(block: ReadBlock, delta: AnyContentBlockDelta): void {
    const text = this.#open.get(block);
    if (text === undefined) return;
    if (delta.type === 'citations_delta') this.#cite(text, delta.citation);
    if (delta.type !== 'signature_delta' || typeof delta.signature !== 'string') return;
    const { providerMetadata: given } = block.block as object as Json;
    const providerMetadata = signed(given, delta.signature, 'anthropic');
    this.#put({ type: `${text.kind}-delta`, id: text.id, delta: '', providerMetadata });
  }

  /** @returns whether the block is one of these */
  end(block: ReadBlock): boolean {
    const text = this.#open.get(block);
    if (text === undefined) return false;
    this.#open.delete(block);
    const { kind, id, citations } = text;
    const isCited = this.#version === 7 && citations.length > 0;
    this.#put({ type: `${kind}-end`, id, ...(isCited && { citations }) });
    return true;
  }

  /** What is open is not spoken of any more. */
  endStep(): void {
    this.#open.clear();
  }

  /** The client has dropped what was written. */
  forget(): void {
    this.#open.clear();
    this.#sources.clear();
  }

  #begin(block: ReadBlock, id: string, kind: WrittenText['kind'], providerMetadata: Json | undefined): void {
    this.#open.set(block, { kind, id, citations: [] });
    this.#put({ type: `${kind}-start`, id, providerMetadata });
  }

  #cite({ citations }: WrittenText, citation: Citation): void {
    const source = sourceOf(citation, `source-${this.#sources.size}`);
    if (source === undefined) return;
    const name = nameOfSource(source);
    const known = this.#sources.get(name);
    const sourceId = known ?? String(source['sourceId']);
    citations.push(citationIn({ ...source, sourceId }, citation));
    if (known !== undefined) return;
    this.#sources.set(name, sourceId);
    this.#put(source);
  }
}
