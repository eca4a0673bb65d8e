import { Identities } from '../model/identity.js';
import { UNMEASURED } from '../model/measures.js';
import { SAMPLES } from '../model/samples.js';
import { ChainView } from './chainView.js';
import { DARK, LIGHT } from './colours.js';
import { Controller, type State } from './controller.js';
import { DetailView } from './detailView.js';
import { button, fill, h } from './dom.js';
import { EditBar, type Place } from './editBar.js';
import { factsOf, keysHint } from './legend.js';
import { OutputView } from './outputView.js';
import { rowModels, type RowModel } from './rowModels.js';
import { RowsView } from './rowsView.js';
import { styles } from './sheet.js';
import { SourceView } from './sourceView.js';
import { watchTheme } from './theme.js';
import type { TrackAct } from './trackKeys.js';

/** How long after a change the facts in words and the address of the page follow, in ms. */
const PAUSE = 200;

/** `<stream-playground>`: a source, a chain of operators, and rows of what flows. */
export class StreamPlayground extends HTMLElement {
  readonly #identities = new Identities();
  readonly #controller = new Controller(SAMPLES[0]?.text() ?? '', (state) => this.#update(state));
  readonly #source: SourceView;
  readonly #chains: readonly [ChainView, ChainView];
  readonly #pair: HTMLElement;
  readonly #compare: HTMLButtonElement;
  readonly #rows: RowsView;
  readonly #legend = h('div', { class: 'legend' });
  readonly #edits: EditBar;
  readonly #detail = new DetailView(this.#identities, 'to move it, or to put something before it');
  readonly #output: OutputView;
  readonly #linkProblem = h('p', { class: 'bad', role: 'alert', hidden: true });
  #unwatch: (() => void) | undefined;
  #timer = 0;
  #fragment = '';
  #opened: State['opened'];

  constructor() {
    super();
    const controller = this.#controller;
    this.#source = new SourceView('Source', {
      opened: (given) => void controller.open(given),
      readAs: (codec) => void controller.ask({ codec, edits: [] }),
      body: (body) => void controller.ask({ body, edits: [] }),
    });
    this.#chains = [this.#chain(0), this.#chain(1)];
    this.#pair = h('div', { class: 'chains' }, ...this.#chains.map(({ element }) => element));
    this.#compare = button('Compare with a second chain', () => this.#toggleSecond());
    this.#rows = new RowsView({
      selected: (row, nth) => this.#chose(row, nth),
      acted: (row, nth, act) => this.#acted(row, nth, act),
      moved: (row, nth, time) => this.#moved(row, nth, time),
    });
    this.#edits = new EditBar({
      edit: (edit) => void controller.edit(edit),
      undo: () => void controller.undo(),
      reset: () => void controller.ask({ edits: [] }),
    });
    this.#output = new OutputView(() => this.#link());
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [styles()];
    shadow.append(this.#all());
  }

  connectedCallback(): void {
    this.#unwatch = watchTheme(this, () => this.#themed());
    this.#themed();
    window.addEventListener('hashchange', this.#onHash);
    void this.#load(true);
  }

  disconnectedCallback(): void {
    this.#unwatch?.();
    window.removeEventListener('hashchange', this.#onHash);
  }

  /** Resolves once what was asked for last is shown: for tests. */
  get settled(): Promise<void> {
    return this.#controller.ask({});
  }

  /** Resolves once the change that was asked for last is drawn: for tests. */
  get drawn(): Promise<void> {
    return this.#controller.idle;
  }

  readonly #onHash = (): void => void this.#load(false);

  #all(): HTMLElement {
    const zooms = h(
      'div',
      { class: 'bar', role: 'group', 'aria-label': 'How much is shown' },
      button('−', () => this.#rows.zoom(1 / 1.6), { 'aria-label': 'Show more time' }),
      button('+', () => this.#rows.zoom(1.6), { 'aria-label': 'Show less time' }),
      button('All', () => this.#rows.zoom(), { 'aria-label': 'Show all of it' }),
    );
    return h(
      'div',
      { class: 'all' },
      this.#linkProblem,
      this.#source.element,
      h(
        'section',
        { 'aria-label': 'Chain' },
        h('div', { class: 'head' }, h('h2', {}, 'Chain'), this.#compare),
        this.#pair,
      ),
      h(
        'section',
        { 'aria-label': 'What flows' },
        h('div', { class: 'head' }, h('h2', {}, 'What flows'), zooms),
        this.#rows.element,
        this.#legend,
        keysHint(),
        h('p', { class: 'keys' }),
        this.#edits.element,
        this.#detail.element,
      ),
      this.#output.element,
    );
  }

  #chain(nth: number): ChainView {
    return new ChainView((steps) => {
      const { chains } = this.#controller.state.asked;
      void this.#controller.ask({ chains: chains.map((chain, other) => (other === nth ? steps : chain)) });
    });
  }

  #toggleSecond(): void {
    const [first = [], second] = this.#controller.state.asked.chains;
    void this.#controller.ask({ chains: second ? [first] : [first, [...first]] });
  }

  async #load(isFirst: boolean): Promise<void> {
    const { hash } = window.location;
    if (!isFirst && hash === `#${this.#fragment}`) return;
    this.#linkProblem.hidden = true;
    try {
      if (await this.#controller.load(hash)) {
        this.#showSource();
        return;
      }
    } catch (error) {
      this.#linkProblem.textContent = error instanceof Error ? error.message : String(error);
      this.#linkProblem.hidden = false;
    }
    if (!isFirst) return;
    this.#showSource();
    await this.#controller.ask({});
  }

  #showSource(): void {
    const { given, codec } = this.#controller.state.asked;
    this.#source.show(given, codec);
  }

  #update(state: State): void {
    const { shown, asked } = state;
    this.#source.update(state);
    const isTwo = asked.chains.length > 1;
    for (const [nth, chain] of this.#chains.entries()) {
      chain.element.hidden = nth >= asked.chains.length;
      chain.update(asked.chains[nth] ?? [], isTwo ? `Chain ${'AB'.charAt(nth)}` : '');
    }
    this.#pair.classList.toggle('two', isTwo);
    this.#compare.textContent = isTwo ? 'Without the second chain' : 'Compare with a second chain';
    if (state.isBusy) return;
    this.#rows.update(shown ? rowModels(shown, this.#identities) : [], shown?.measures ?? UNMEASURED);
    if (state.opened !== this.#opened) this.#rows.begin();
    this.#opened = state.opened;
    this.#place(false);
    this.#output.update(shown);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      fill(this.#legend, ...factsOf(shown));
      void this.#address();
    }, PAUSE);
  }

  #chose(row: RowModel, nth: number): void {
    this.#place(true);
    this.#detail.update({ row, nth }, this.#palette);
  }

  /** Says to the edits, and to the detail, what is chosen. */
  #place(isMoved: boolean): void {
    const { shown, asked } = this.#controller.state;
    const { chosen } = this.#rows;
    let place: Place | undefined;
    if (chosen && shown) {
      const at = chosen.row.drawn.times[chosen.nth] ?? 0;
      const { parts } = shown.feed;
      const after = parts.findIndex((part) => part.at >= at);
      place = { at, part: chosen.row.partOf?.(chosen.nth) ?? (after === -1 ? parts.length : after) };
    }
    this.#edits.update(shown?.feed, asked.edits, place, isMoved);
    this.#detail.update(chosen, this.#palette);
  }

  #acted(row: RowModel, nth: number | undefined, act: TrackAct): void {
    if (act.act === 'move') {
      const part = nth === undefined ? undefined : row.partOf?.(nth);
      if (part !== undefined) void this.#controller.edit({ do: 'move', part, by: act.by });
    } else if (act.act === 'edit') {
      if (act.what === 'undo') void this.#controller.undo();
      else if (act.what === 'stall') this.#edits.stall();
      else if (act.what === 'cut') this.#edits.cut('complete');
      else this.#edits.insert(act.what);
    }
  }

  #moved(row: RowModel, nth: number, time: number): void {
    const part = row.partOf?.(nth);
    const at = row.drawn.times[nth] ?? 0;
    if (part !== undefined && time !== at) void this.#controller.edit({ do: 'move', part, by: time - at });
  }

  get #palette(): typeof LIGHT {
    return this.hasAttribute('data-dark') ? DARK : LIGHT;
  }

  #themed(): void {
    this.#rows.isDark = this.hasAttribute('data-dark');
    this.#place(false);
  }

  async #link(): Promise<{ address: string; without: string | undefined }> {
    const address = `${window.location.href.replace(/#.*/, '')}#${await this.#controller.link()}`;
    return {
      address,
      without: this.#controller.isLinkable
        ? undefined
        : 'The source is too long for a link: it has the chain only.',
    };
  }

  async #address(): Promise<void> {
    const before = this.#fragment;
    this.#fragment = await this.#controller.link();
    // What a page begins with needs no address.
    if (before !== '' && before !== this.#fragment && this.isConnected)
      history.replaceState(history.state, '', `#${this.#fragment}`);
  }
}
