import { PROTOCOLS } from '../model/protocols.js';
import { SAMPLES } from '../model/samples.js';
import type { Given } from '../model/opened.js';
import { sizeOf } from '../model/feed.js';
import { choice, fill, h, labelled } from './dom.js';
import type { State } from './controller.js';
import { counted, sizeWords } from './rowModels.js';

/** Longer texts are not put into a field, which would freeze the page. */
const LONGEST_SHOWN = 400_000;
/** A file is read so many bytes at a time. */
const AT_ONCE = 512 * 1024;
/** Between two strokes of a key, in ms. */
const PAUSE = 120;

const NONE: readonly string[] = [];

/** Who hears of another source. */
export interface SourceListener {
  opened(given: Given): void;
  readAs(codec: string | undefined): void;
  body(nth: number): void;
}

/** Where a source is chosen, pasted, dropped or typed, and what it was taken for. */
export class SourceView {
  readonly element: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #samples: HTMLSelectElement;
  readonly #protocols: HTMLSelectElement;
  readonly #bodies = h('select', {});
  readonly #bodiesLabel = labelled('stream', this.#bodies);
  readonly #file = h('input', { type: 'file', hidden: true, tabindex: '-1', 'aria-hidden': 'true' });
  readonly #status = h('div', { class: 'notes', role: 'status' });
  readonly #listener: SourceListener;
  #timer = 0;
  /** What was told last. */
  #told = '';
  #bodiesShown = NONE;

  constructor(title: string, listener: SourceListener, isBrief = false) {
    this.#listener = listener;
    this.#field = h('textarea', {
      'aria-label': 'Source: marbles, a script, server-sent events, JSON lines, a HAR or a recording',
      spellcheck: 'false',
      autocomplete: 'off',
      rows: isBrief ? '5' : '6',
      on: { input: () => this.#typed(), paste: (event: ClipboardEvent) => this.#pasted(event) },
    });
    this.#samples = choice(groups(), { on: { change: () => this.#sampled() } });
    this.#protocols = choice(
      [
        { title: '', options: [['', 'recognised']] },
        { title: 'Protocols', options: PROTOCOLS.map(({ codec, title: name }) => [codec.name, name]) },
      ],
      { on: { change: () => listener.readAs(this.#protocols.value || undefined) } },
    );
    this.#bodies.addEventListener('change', () => listener.body(Number(this.#bodies.value)));
    this.#file.addEventListener('change', () => void this.#read(this.#file.files?.[0]));
    this.element = h(
      'section',
      { 'aria-label': title },
      h(
        'div',
        { class: 'head' },
        h('h2', {}, title),
        labelled('begin with', this.#samples),
        labelled('read as', this.#protocols),
        this.#bodiesLabel,
        h('button', { type: 'button', on: { click: () => this.#file.click() } }, 'Open a file…'),
        this.#file,
      ),
      this.#field,
      this.#status,
    );
    this.#acceptDrops();
  }

  /** Shows a source that came from elsewhere: a link. */
  show(given: Given, codec: string | undefined, sample?: string): void {
    if (sample !== undefined) this.#samples.value = sample;
    const text = typeof given === 'string' ? given : '';
    if (text.length <= LONGEST_SHOWN && this.#field.value !== text) this.#field.value = text;
    this.#protocols.value = codec ?? '';
  }

  update({ opened, shown, problem, isBusy, asked }: State): void {
    const { bodies = NONE } = opened ?? {};
    this.#bodiesLabel.hidden = bodies.length < 2;
    if (bodies !== this.#bodiesShown) {
      fill(
        this.#bodies,
        ...bodies.map((title, nth) => h('option', { value: String(nth) }, `${nth + 1}. ${title}`)),
      );
    }
    this.#bodiesShown = bodies;
    this.#bodies.value = String(asked.body ?? 0);
    if (problem !== undefined) this.#tell([problem], () => [h('p', { class: 'bad' }, problem)]);
    else if (isBusy) this.#tell(['Reading…'], () => [soft('Reading…')]);
    else if (opened && shown) {
      const { kind, notes } = opened;
      const counts = countsOf(shown);
      this.#tell([kind, counts, ...notes], () => [kindLine(kind, counts), ...notes.map(soft)]);
    }
  }

  /** A screen reader says what is put here, so it is put here only where it is something else. */
  #tell(words: readonly string[], lines: () => readonly HTMLElement[]): void {
    const told = JSON.stringify(words);
    if (told !== this.#told) fill(this.#status, ...lines());
    this.#told = told;
  }

  get sample(): string {
    return this.#samples.value;
  }

  #sampled(): void {
    const text = SAMPLES.find(({ id }) => id === this.#samples.value)?.text() ?? '';
    this.#field.value = text;
    this.#protocols.value = '';
    this.#listener.opened(text);
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#listener.opened(this.#field.value), PAUSE);
  }

  #pasted(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.length <= LONGEST_SHOWN) return;
    event.preventDefault();
    this.#large(`${text.slice(0, 2_000)}\n`, text.length);
    this.#listener.opened(text);
  }

  #large(beginning: string, size: number): void {
    this.#field.value = `${beginning}… ${sizeWords(size)} in all: too much for this field, and read all the same`;
  }

  async #read(file: File | undefined): Promise<void> {
    if (!file) return;
    this.#file.value = '';
    this.#protocols.value = '';
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < file.size; at += AT_ONCE) {
      pieces.push(new Uint8Array(await file.slice(at, at + AT_ONCE).arrayBuffer()));
    }
    const [first = new Uint8Array()] = pieces;
    const isText = !first.subarray(0, 4_096).includes(0);
    if (file.size <= LONGEST_SHOWN && isText) {
      const text = await file.text();
      this.#field.value = text;
      this.#listener.opened(text);
      return;
    }
    this.#large(
      isText ? `${new TextDecoder().decode(first.subarray(0, 2_000))}\n` : `${file.name}\n`,
      file.size,
    );
    this.#listener.opened(pieces);
  }

  #acceptDrops(): void {
    const { element } = this;
    element.addEventListener('dragover', (event) => {
      event.preventDefault();
      element.classList.add('drop');
    });
    element.addEventListener('dragleave', () => element.classList.remove('drop'));
    element.addEventListener('drop', (event) => {
      event.preventDefault();
      element.classList.remove('drop');
      void this.#read(event.dataTransfer?.files[0]);
    });
  }
}

function countsOf({ reading, feed }: NonNullable<State['shown']>): string {
  const { frames, events, skips, beyond } = reading;
  const counts = [
    sizeWords(sizeOf(feed.parts)),
    counted(frames.length + beyond.frames, 'frame'),
    counted(events.length + beyond.events, 'event'),
    ...(skips.length > 0 ? [`${skips.length.toLocaleString('en')} passed over`] : []),
  ];
  return counts.join(' · ');
}

function kindLine(kind: string, counts: string): HTMLElement {
  return h(
    'p',
    {},
    'Read as ',
    h('span', { class: 'kind' }, kind),
    h('span', { class: 'soft' }, ` · ${counts}`),
  );
}

function soft(note: string): HTMLElement {
  return h('p', { class: 'soft' }, note);
}

function groups(): { title: string; options: (readonly [string, string])[] }[] {
  const titles = [...new Set(SAMPLES.map(({ group }) => group))];
  return titles.map((title) => ({
    title,
    options: SAMPLES.filter(({ group }) => group === title).map(({ id, title: name }) => [id, name] as const),
  }));
}
