import { offsetsOf, sizeOf, type Feed } from '../model/feed.js';
import type { Edit } from '../model/edits.js';
import { button, h, labelled } from './dom.js';

/** What is chosen, as the edits need it. */
export interface Place {
  readonly part: number;
  readonly at: number;
}

/** Who hears of an edit. */
export interface EditListener {
  edit(edit: Edit): void;
  undo(): void;
  reset(): void;
}

/** Puts something in, lets it wait, or cuts it: before the chosen marble. */
export class EditBar {
  readonly element: HTMLElement;
  readonly #bytes = h('input', {
    type: 'number',
    min: '0',
    step: '1',
    'aria-label': 'Cut after so many bytes',
  });
  readonly #wait = h('input', {
    type: 'number',
    min: '0',
    step: '100',
    value: '2000',
    'aria-label': 'Stall, in ms',
  });
  readonly #around = h('code', { class: 'soft' });
  readonly #undo: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #listener: EditListener;
  #place: Place = { part: 0, at: 0 };
  #feed: Feed | undefined;

  constructor(listener: EditListener) {
    this.#listener = listener;
    this.#undo = button('Undo', () => listener.undo());
    this.#reset = button('As it was', () => listener.reset());
    this.#bytes.addEventListener('input', () => this.#describe());
    const inserts = (['ping', 'error', 'reset'] as const).map((what) =>
      button(what === 'error' ? 'Error event' : what === 'ping' ? 'Ping' : 'Reset', () => this.insert(what)),
    );
    this.element = h(
      'div',
      { role: 'group', 'aria-label': 'Change the stream' },
      h(
        'div',
        { class: 'bar' },
        h('span', { class: 'soft' }, 'Put in before it'),
        ...inserts,
        labelled('', this.#wait),
        button('Stall (ms)', () => this.stall()),
        h('span', { class: 'bar apart' }, this.#undo, this.#reset),
      ),
      h('p', { class: 'keys' }),
      h(
        'div',
        { class: 'bar' },
        labelled('After byte', this.#bytes),
        button('Cut: it ends', () => this.cut('complete')),
        button('Cut: connection lost', () => this.cut('lost')),
        button('Split the chunk', () => this.#send({ do: 'split', bytes: this.#offset })),
        this.#around,
      ),
    );
  }

  /** @param isMoved - whether another marble was chosen, so that the cut goes there */
  update(feed: Feed | undefined, edits: readonly Edit[], place: Place | undefined, isMoved: boolean): void {
    this.#feed = feed;
    this.#undo.disabled = this.#reset.disabled = edits.length === 0;
    const offsets = offsetsOf(feed?.parts ?? []);
    const size = sizeOf(feed?.parts ?? []);
    this.#bytes.max = String(size);
    const last = { part: feed?.parts.length ?? 0, at: feed?.end.at ?? 0 };
    this.#place = place ?? last;
    if (isMoved || this.#bytes.value === '' || this.#offset > size)
      this.#bytes.value = String(offsets[this.#place.part] ?? size);
    this.#describe();
  }

  insert(what: 'ping' | 'error' | 'reset'): void {
    this.#send({ do: 'insert', at: Math.max(0, this.#place.at - 1), what });
  }

  stall(): void {
    this.#send({ do: 'stall', part: this.#place.part, by: Number(this.#wait.value) || 0 });
  }

  cut(how: 'complete' | 'lost'): void {
    this.#send({ do: 'cut', bytes: this.#offset, how });
  }

  get #offset(): number {
    return Math.max(0, Math.round(Number(this.#bytes.value) || 0));
  }

  #send(edit: Edit): void {
    this.#listener.edit(edit);
  }

  /** The text around the cut, with the bytes of a character that it would cut in two. */
  #describe(): void {
    const { parts = [] } = this.#feed ?? {};
    const offsets = offsetsOf(parts);
    const nth = offsets.findIndex(
      (start, at) => start <= this.#offset && this.#offset < (offsets[at + 1] ?? 0),
    );
    const bytes = parts[nth]?.bytes;
    if (!bytes) {
      this.#around.textContent = this.#offset > 0 ? 'the end' : '';
      return;
    }
    const at = this.#offset - (offsets[nth] ?? 0);
    const isInside = ((bytes[at] ?? 0) & 0xc0) === 0x80;
    const words = (piece: Uint8Array): string => JSON.stringify(new TextDecoder().decode(piece)).slice(1, -1);
    const before = words(bytes.subarray(Math.max(0, at - 14), at));
    const after = words(bytes.subarray(at, at + 10));
    this.#around.textContent = `…${before} ✂ ${after}…${isInside ? ' (inside a character)' : ''}`;
  }
}
