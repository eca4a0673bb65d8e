import { quoted } from '../../errors/quoted.js';
import type { Json } from '../kit/json.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import type { Passing } from '../skip.js';
import { citationOf, nameOfSource, sourcesIn } from './citation.js';
import { blockOfFile } from './media.js';
import { othersIn, redactedIn, signatureIn } from './provided.js';
import type { Fields } from './wire.js';

/** What a part with an id is a piece of. */
export type Kind = 'text' | 'reasoning';

/** Reads the texts, the reasoning, the sources and the files of one message. */
export class UiContent {
  readonly #writer: MessageWriter;
  readonly #pass: Passing;
  /** The texts and the reasoning that are open, and what signs each. */
  readonly #open = new Map<string, string | undefined>();
  /** The text that began last. */
  #latest = '';
  readonly #sources = new Set<string>();
  #files = 0;

  constructor(writer: MessageWriter, pass: Passing) {
    this.#writer = writer;
    this.#pass = pass;
  }

  begin(kind: Kind, fields: Fields): void {
    const key = keyOf(kind, fields);
    // A start that is repeated before anything came of it says nothing new.
    if (this.#writer.isOpen(key) && this.#writer.saidBy(key) === '') return this.#pass('stray');
    this.#writer.start(key, blockOf(kind, fields));
    this.#noteStart(kind, key);
    // That of a text is in its block.
    if (kind === 'reasoning') this.#sign(key, fields);
  }

  grow(kind: Kind, fields: Fields): void {
    const key = keyOf(kind, fields);
    const { delta = '' } = fields;
    if (!this.#writer.isOpen(key)) {
      if (this.#writer.saidBy(key) !== undefined || this.#writer.ended !== undefined)
        throw this.#writer.contradiction(`The ${kind} ${quoted(fields.id)} grew after its end`);
      this.#writer.startUnasked(key, kind === 'text' ? 'text' : 'thinking');
      this.#noteStart(kind, key);
    }
    // A part without text is there to sign.
    const isSignature =
      kind === 'reasoning' && delta === '' && signatureIn(fields.providerMetadata) !== undefined;
    if (!isSignature) this.#writer.grow(key, delta);
    if (kind === 'reasoning') this.#sign(key, fields);
  }

  end(kind: Kind, fields: Fields): void {
    const key = keyOf(kind, fields);
    if (!this.#writer.isOpen(key)) return this.#pass('stray');
    if (kind === 'reasoning') this.#sign(key, fields);
    // In version 7 the end of a text tells its sources again.
    for (const source of sourcesIn(fields.citations)) {
      if (!this.#sources.has(nameOfSource(source))) this.#cite(key, source);
    }
    this.#writer.stop(key);
    this.#open.delete(key);
  }

  /** Takes a source: of the text that is open, or of one that has no more to say. */
  cite(part: Json): void {
    this.#cite(this.#writer.isOpen(this.#latest) ? this.#latest : undefined, part);
  }

  file(fields: Fields): void {
    const key = `file:${this.#files++}`;
    this.#writer.start(key, blockOfFile(fields));
    this.#writer.stop(key);
  }

  /** Ends the texts and the reasoning that are open: in the next step their ids are those of others. */
  endStep(): void {
    for (const key of this.#open.keys()) this.#writer.stop(key);
    this.#open.clear();
    this.#writer.stopFlow();
  }

  /** What is open never was. */
  forgetStep(): void {
    this.#open.clear();
    this.#sources.clear();
  }

  #noteStart(kind: Kind, key: string): void {
    this.#open.set(key, undefined);
    if (kind === 'text') this.#latest = key;
  }

  #cite(key: string | undefined, source: Json): void {
    this.#sources.add(nameOfSource(source));
    if (key === undefined) this.#writer.flow('text', citationOf(source));
    else this.#writer.grow(key, citationOf(source));
  }

  /** Some providers repeat it with every part. */
  #sign(key: string, { providerMetadata }: Fields): void {
    const signature = signatureIn(providerMetadata);
    if (signature === undefined || signature === this.#open.get(key)) return;
    this.#open.set(key, signature);
    this.#writer.grow(key, { type: 'signature_delta', signature });
  }
}

function blockOf(kind: Kind, { providerMetadata }: Fields): LooseBlock {
  const given = othersIn(providerMetadata);
  const others = given && { providerMetadata: given };
  const signature = signatureIn(providerMetadata);
  if (kind === 'text')
    return {
      type: 'text',
      text: '',
      citations: null,
      ...(signature !== undefined && { signature }),
      ...others,
    };
  const data = redactedIn(providerMetadata);
  if (data !== undefined) return { type: 'redacted_thinking', data, ...others };
  return { type: 'thinking', thinking: '', signature: '', ...others };
}

function keyOf(kind: Kind, { id = '' }: Fields): string {
  return `${kind}:${id}`;
}
