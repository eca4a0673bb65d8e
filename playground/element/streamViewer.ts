import { conversationOf } from '../model/conversation.js';
import { findingsOf } from '../model/findings.js';
import { Identities } from '../model/identity.js';
import { UNMEASURED } from '../model/measures.js';
import { SAMPLES } from '../model/samples.js';
import { AT_ONCE, turnsOf } from '../model/slices.js';
import { DARK, LIGHT } from './colours.js';
import { Controller, type State } from './controller.js';
import { DetailView } from './detailView.js';
import { button, fill, h } from './dom.js';
import { factsOf } from './legend.js';
import { findingsList, frameItems, saidItems, unread } from './readable.js';
import { rowModels } from './rowModels.js';
import { RowsView } from './rowsView.js';
import { styles } from './sheet.js';
import { SourceView } from './sourceView.js';
import { tabsOf } from './tabs.js';
import { watchTheme } from './theme.js';

/** So many frames are listed, and then so many more. */
const FRAMES = 200;

/** `<stream-viewer>`: a capture as a conversation, on an axis of time, and raw, with what is wrong with it. */
export class StreamViewer extends HTMLElement {
  readonly #controller = new Controller(SAMPLES.find(({ id }) => id === 'recording')?.text() ?? '', (state) =>
    this.#update(state),
  );
  readonly #source: SourceView;
  readonly #rows: RowsView;
  readonly #detail = new DetailView(new Identities());
  readonly #findings = h('div', { class: 'findings', role: 'status' });
  readonly #said = h('div', { class: 'said' });
  readonly #legend = h('div', { class: 'legend' });
  readonly #frames = h('ol', { class: 'frames plain' });
  readonly #more: HTMLButtonElement;
  #state: State | undefined;
  #unwatch: (() => void) | undefined;
  #newest = 0;

  constructor() {
    super();
    const controller = this.#controller;
    this.#source = new SourceView(
      'Capture',
      {
        opened: (given) => void controller.open(given),
        readAs: (codec) => void controller.ask({ codec }),
        body: (body) => void controller.ask({ body }),
      },
      true,
    );
    this.#rows = new RowsView({
      selected: (row, nth) => this.#detail.update({ row, nth }, this.#palette),
      acted: () => undefined,
      moved: () => undefined,
    });
    this.#more = button('More frames', () => this.#listFrames(this.#frames.children.length + FRAMES));
    const timeline = h('div', {}, this.#rows.element, this.#legend, this.#detail.element);
    const raw = h('div', {}, this.#frames, this.#more);
    const tabs = tabsOf(
      'How it is read',
      [
        { title: 'Conversation', panel: this.#said },
        { title: 'Timeline', panel: timeline },
        { title: 'Raw frames', panel: raw },
      ],
      (nth) => {
        if (nth === 1) this.#rows.begin();
      },
    );
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [styles()];
    shadow.append(
      h(
        'div',
        { class: 'all' },
        this.#source.element,
        h(
          'section',
          { 'aria-label': 'What is wrong with it' },
          h('div', { class: 'head' }, h('h2', {}, 'What is wrong with it')),
          this.#findings,
        ),
        h('section', { 'aria-label': 'What it says' }, tabs),
      ),
    );
  }

  connectedCallback(): void {
    this.#unwatch = watchTheme(this, () => this.#themed());
    this.#themed();
    const { given } = this.#controller.state.asked;
    this.#source.show(given, undefined, 'recording');
    void this.#controller.ask({ chains: [[]] });
  }

  disconnectedCallback(): void {
    this.#unwatch?.();
  }

  /** Resolves once the capture is shown: for tests. */
  get settled(): Promise<void> {
    return this.#controller.ask({}).then(() => this.#read());
  }

  get #palette(): typeof LIGHT {
    return this.hasAttribute('data-dark') ? DARK : LIGHT;
  }

  #themed(): void {
    this.#rows.isDark = this.hasAttribute('data-dark');
  }

  #update(state: State): void {
    this.#source.update(state);
    if (state.isBusy) return;
    this.#state = state;
    const { shown } = state;
    this.#rows.update(shown ? rowModels(shown, new Identities()) : [], shown?.measures ?? UNMEASURED);
    this.#rows.begin();
    this.#detail.update(undefined, this.#palette);
    fill(this.#legend, ...factsOf(shown));
    this.#frames.replaceChildren();
    this.#listFrames(FRAMES);
    void this.#read();
  }

  /** The conversation and the findings take a run each: in slices, after the rest is there. */
  async #read(): Promise<void> {
    const mine = ++this.#newest;
    const { shown, problem } = this.#state ?? {};
    if (!shown) {
      fill(this.#findings, unread(problem));
      fill(this.#said, h('p', { class: 'soft' }, 'There is nothing to read yet.'));
      return;
    }
    const turns = this.isConnected ? turnsOf(() => mine === this.#newest) : AT_ONCE;
    try {
      const findings = await findingsOf(shown.reading, shown.recording, turns);
      fill(
        this.#findings,
        findingsList(findings, (event) => this.#choose(event)),
      );
      fill(this.#said, ...saidItems(await conversationOf(shown.recording, turns), shown.reading));
    } catch (error) {
      // Something newer is read.
      if (mine === this.#newest) throw error;
    }
  }

  /** Shows where on the axis of time an event is. */
  #choose(event: number): void {
    this.shadowRoot?.querySelectorAll<HTMLElement>('[role=tab]')[1]?.click();
    this.#rows.select('events', event);
    const { chosen } = this.#rows;
    this.#detail.update(chosen, this.#palette);
  }

  #listFrames(until: number): void {
    const frames = this.#state?.shown?.reading.frames ?? [];
    const from = this.#frames.children.length;
    this.#frames.append(...frameItems(frames.slice(from, until), from));
    this.#more.hidden = frames.length <= until;
  }
}
