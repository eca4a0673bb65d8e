import type { Part } from '../model/feed.js';
import { partsOf, type Identities } from '../model/identity.js';
import { timeWords } from './axisCanvas.js';
import type { Palette } from './colours.js';
import { fill, h, say } from './dom.js';
import type { RowModel } from './rowModels.js';

/** So much of a value is shown, in UTF-16 units. */
const MOST = 20_000;

/** What the chosen marble is. */
export class DetailView {
  readonly element = h('div', { class: 'detail', 'aria-label': 'The chosen marble', role: 'region' });
  readonly #identities: Identities;
  readonly #hint: string;
  readonly #at = h('span', { class: 'at' });
  readonly #place = h('span', { class: 'soft' });
  /** What is shown. */
  #shown: { readonly value: unknown; readonly name: string; readonly palette: Palette } | undefined;

  /** @param more - what else can be done with a marble that is chosen */
  constructor(identities: Identities, more?: string) {
    this.#identities = identities;
    this.#hint = `Choose a marble to see what it is${more === undefined ? '' : `, ${more}`}.`;
  }

  update(chosen: { readonly row: RowModel; readonly nth: number } | undefined, palette: Palette): void {
    if (!chosen) {
      this.#shown = undefined;
      fill(this.element, h('p', { class: 'soft' }, this.#hint));
      return;
    }
    const { row, nth } = chosen;
    const value = row.valueOf(nth);
    say(this.#at, timeWords(row.drawn.times[nth] ?? 0));
    say(this.#place, ` · ${nth + 1} of ${row.drawn.times.length.toLocaleString('en')} in `);
    const { name } = row;
    const before = this.#shown;
    if (before?.value === value && before?.name === name && before.palette === palette) return;
    this.#shown = { value, name, palette };
    const text = isPart(value) ? partText(value) : jsonOf(value);
    const shown =
      text.length > MOST
        ? `${text.slice(0, MOST)}\n… ${text.length.toLocaleString('en')} characters in all`
        : text;
    fill(
      this.element,
      h('p', {}, this.#at, this.#place, h('code', {}, name)),
      row.partOf ? undefined : this.#parts(value, palette),
      h('pre', { tabindex: '0', 'aria-label': 'Value' }, shown),
    );
  }

  /** The objects that it is made of, in their colours. */
  #parts(value: unknown, palette: Palette): HTMLElement | undefined {
    const parts = partsOf(value);
    if (parts.length === 0) return undefined;
    const items = parts.map((part) => {
      const swatch = h('span', { class: 'swatch' });
      const number = this.#identities.numberOf(part) ?? 0;
      swatch.style.background = palette.own(number);
      const { type, status } = part as { type?: unknown; status?: unknown };
      const words = [type, status].filter((word) => typeof word === 'string').join(', ') || 'object';
      return h('li', {}, swatch, `${words} #${number}`);
    });
    return h(
      'div',
      {},
      h('p', { class: 'soft' }, 'The same colour is the same object (===) in every snapshot:'),
      h('ul', { class: 'parts plain' }, ...items),
    );
  }
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;
}

function partText({ bytes, event }: Part): string {
  if (event) return `Put in behind the decoder, since this protocol has no words for it:\n${jsonOf(event)}`;
  const isBinary = bytes.subarray(0, 2_000).includes(0);
  return isBinary ? hexOf(bytes) : new TextDecoder().decode(bytes.subarray(0, MOST));
}

function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, 1_024); at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}

function jsonOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return (
    JSON.stringify(
      value,
      (_, member: unknown) => (member instanceof Error ? { ...errorMembers(member) } : member),
      2,
    ) ?? String(value)
  );
}

function errorMembers({ name, message, ...rest }: Error): object {
  return { name, message, ...rest };
}
