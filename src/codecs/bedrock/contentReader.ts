import type { ToolResultEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { callFlaw } from '../kit/callFlaw.js';
import type { Json } from '../kit/json.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { Passing } from '../skip.js';
import { joinedBase64 } from './base64.js';
import { citationIn } from './citation.js';
import type { ConverseBlockDelta, ConverseBlockStart } from './wire.js';

/** What grows in its place as it comes. */
type Streamed = 'text' | 'thinking' | 'call';

/** A block that is open. */
type Open =
  /** `unsaid`: it began, and its first delta says as what. `other`: of a kind that nobody knows. */
  | { readonly kind: Streamed | 'unsaid' | 'other' }
  /** These are written where they end, once they are whole. */
  | { readonly kind: 'redacted'; data: string }
  | { readonly kind: 'image'; readonly format: string; source: Json | undefined; flaw: string | undefined }
  | { readonly kind: 'result'; readonly id: string; readonly isError: boolean; readonly parts: Json[] };

const TEXT: Open = { kind: 'text' };
const THINKING: Open = { kind: 'thinking' };

/** Reads the blocks of one message. Their numbers are their keys. */
export class ContentReader {
  readonly #writer: MessageWriter;
  readonly #pass: Passing;
  readonly #open = new Map<number, Open>();
  /** Whether a call of the caller's came that can be run. */
  hasCalls = false;

  constructor(writer: MessageWriter, pass: Passing) {
    this.#writer = writer;
    this.#pass = pass;
  }

  /** @returns whether the block is of a kind that is known */
  start({ contentBlockIndex: index, start }: ConverseBlockStart): boolean {
    const { toolUse, toolResult, image } = start ?? {};
    const isUnsaid = !toolUse && !toolResult && !image;
    if (this.#open.has(index)) {
      if (!isUnsaid) throw this.#writer.contradiction(`Block ${index} began twice`);
      this.#pass('stray');
      return true;
    }
    if (toolUse) this.#call(index, toolUse.toolUseId, toolUse.name, toolUse.type === 'server_tool_use');
    else if (toolResult) {
      const { toolUseId: id, status } = toolResult;
      this.#open.set(index, { kind: 'result', id, isError: status === 'error', parts: [] });
    } else if (image)
      this.#open.set(index, {
        kind: 'image',
        format: image.format || 'png',
        source: undefined,
        flaw: undefined,
      });
    else {
      const isKnown = !start || Object.values(start).every((member) => member === null);
      this.#open.set(index, { kind: isKnown ? 'unsaid' : 'other' });
      return isKnown;
    }
    return true;
  }

  #call(index: number, id: string, name: string, isOfServer: boolean): void {
    const key = String(index);
    this.#open.set(index, { kind: 'call' });
    if (isOfServer) {
      const block = { ...events.serverToolUseStart(0, id, 'web_search').content_block, name };
      return this.#writer.start(key, block, callFlaw(id, name));
    }
    this.#writer.startCall(key, id, name);
    this.hasCalls ||= callFlaw(id, name) === undefined;
  }

  /** @returns whether it says something that is known, or nothing */
  grow({ contentBlockIndex: index, delta }: ConverseBlockDelta): boolean {
    if (!delta) {
      this.#pass('stray');
      return true;
    }
    const { text, toolUse, reasoningContent, toolResult, citation, image } = delta;
    if (typeof text === 'string') this.#say(index, TEXT, text);
    else if (toolUse) this.#input(index, toolUse.input ?? '');
    else if (reasoningContent) return this.#think(index, reasoningContent);
    else if (toolResult) {
      const held = this.#held(index, 'result');
      for (const part of toolResult) held?.parts.push(part);
    } else if (citation) this.#say(index, TEXT, { type: 'citations_delta', citation: citationIn(citation) });
    else if (image) this.#draw(index, image);
    else return Object.values(delta).every((member) => member === null);
    return true;
  }

  #say(index: number, as: typeof TEXT, piece: string | AnyContentBlockDelta): void {
    const key = String(index);
    if (this.#open.get(index)?.kind !== as.kind) {
      this.#turn(index, as.kind);
      this.#open.set(index, as);
      this.#writer.startUnasked(key, as.kind as 'text' | 'thinking');
    }
    this.#writer.grow(key, piece);
  }

  /** Ends what is open at an index, where a text or a thinking may follow another without an end between them. */
  #turn(index: number, kind: string): void {
    const open = this.#open.get(index);
    if (open === undefined || open.kind === 'unsaid') return;
    if (open.kind === 'text' || open.kind === 'thinking' || open.kind === 'redacted') return this.stop(index);
    throw this.#writer.contradiction(`Block ${index} is a ${open.kind}, and no ${kind}`);
  }

  #think(
    index: number,
    {
      text,
      signature,
      redactedContent,
    }: NonNullable<NonNullable<ConverseBlockDelta['delta']>['reasoningContent']>,
  ): boolean {
    if (redactedContent) return this.#redact(index, redactedContent);
    if (typeof text === 'string') this.#say(index, THINKING, text);
    if (typeof signature === 'string') this.#say(index, THINKING, { type: 'signature_delta', signature });
    return true;
  }

  #redact(index: number, data: string): true {
    let open = this.#open.get(index);
    if (open?.kind !== 'redacted') {
      this.#turn(index, 'redacted');
      open = { kind: 'redacted', data: '' };
      this.#open.set(index, open);
    }
    open.data = joinedBase64(open.data, data);
    this.#writer.held += data.length;
    return true;
  }

  #draw(
    index: number,
    { source, error }: NonNullable<NonNullable<ConverseBlockDelta['delta']>['image']>,
  ): void {
    const open = this.#held(index, 'image');
    if (open === undefined) return;
    const { bytes, s3Location } = source ?? {};
    if (error) open.flaw = error.message || 'The image could not be made';
    if (bytes) {
      const data = joinedBase64((open.source?.['data'] ?? '') as string, bytes);
      open.source = { type: 'base64', media_type: `image/${open.format}`, data };
      this.#writer.held += bytes.length;
    } else if (s3Location) open.source = { type: 'url', url: s3Location.uri ?? '' };
  }

  #input(index: number, piece: string): void {
    const open = this.#open.get(index);
    if (open?.kind === 'call') return this.#writer.grow(String(index), piece);
    this.#miss(index, 'call');
  }

  #held<K extends 'result' | 'image'>(index: number, kind: K): Extract<Open, { kind: K }> | undefined {
    const open = this.#open.get(index);
    if (open?.kind === kind) return open as Extract<Open, { kind: K }>;
    this.#miss(index, kind);
    return undefined;
  }

  /** A block must have begun that is not known by its deltas alone, unless its start was lost. */
  #miss(index: number, kind: string): void {
    if (!this.#writer.hasLoss) throw this.#writer.contradiction(`Block ${index} is no ${kind} that is open`);
    this.#pass('malformed');
  }

  stop(index: number): void {
    const open = this.#open.get(index);
    if (open === undefined) return this.#pass('stray');
    this.#open.delete(index);
    const key = String(index);
    switch (open.kind) {
      case 'unsaid':
        this.#writer.startUnasked(key, 'text');
        return this.#writer.stop(key);
      case 'text':
      case 'thinking':
      case 'call':
        return this.#writer.stop(key);
      case 'redacted':
        return this.#whole(key, { type: 'redacted_thinking', data: open.data }, open.data.length);
      case 'image': {
        const { source, flaw } = open;
        const { data = '' } = source ?? {};
        return this.#whole(key, { type: 'image', source }, (data as string).length, flaw);
      }
      case 'result':
        return this.#result(open);
      case 'other':
    }
  }

  /** Ends whatever is open. */
  end(): void {
    for (const index of this.#open.keys()) this.stop(index);
  }

  #whole(
    key: string,
    block: { readonly type: string; readonly [member: string]: unknown },
    held: number,
    flaw?: string,
  ): void {
    this.#writer.held -= Math.min(held, this.#writer.held);
    this.#writer.startUnasked(key, block as never, flaw);
    this.#writer.stop(key);
  }

  #result({ id, isError, parts }: Extract<Open, { kind: 'result' }>): void {
    // A piece of it may be lost.
    if (this.#writer.hasLoss) return this.#pass('malformed');
    this.#writer.result(id, contentOf(parts), isError || undefined);
  }
}

/** What a tool gave: a text, or a JSON value; the parts as they came where they are several things. */
function contentOf(parts: readonly Json[]): ToolResultEvent['content'] {
  if (parts.every(({ text }) => typeof text === 'string')) return parts.map(({ text }) => text).join('');
  const [first] = parts;
  return parts.length === 1 && first?.['json'] !== undefined ? first['json'] : parts;
}
