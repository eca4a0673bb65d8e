import { soundOf } from '../model/chain.js';
import { codeOf, pictureOf, recordedText, testOf } from '../model/printed.js';
import type { Ran, Shown } from '../model/session.js';
import { button, fill, h } from './dom.js';
import { tabsOf } from './tabs.js';

interface Output {
  readonly title: string;
  readonly file: string;
  readonly type: string;
  /** How it is used, for those who never did. */
  readonly hint?: string;
  text(shown: Shown, ran: Ran): string;
}

const OUTPUTS: readonly Output[] = [
  {
    title: 'TypeScript',
    file: 'chain.ts',
    type: 'text/plain',
    text: ({ feed }, { links }) => codeOf(feed, links),
  },
  {
    title: 'Marble test',
    file: 'chain.test.ts',
    type: 'text/plain',
    hint: 'runs with npx vitest run --globals, and as it is with jest, jasmine and ng test',
    text: ({ recording }, { links }) =>
      testOf(
        recording,
        links,
        soundOf(links)
          .map(({ step }) => step.name)
          .join(', ') || 'what came',
      ),
  },
  {
    title: 'Recording',
    file: 'recording.jsonl',
    type: 'application/x-ndjson',
    text: ({ recording }) => recordedText(recording),
  },
  {
    title: 'SVG',
    file: 'chain.svg',
    type: 'image/svg+xml',
    text: ({ recording }, { links, rows }) => pictureOf(recording, links, rows),
  },
];

/** So much is put into the page at once, in UTF-16 units. All of it is copied. */
const MOST_SHOWN = 60_000;

/** What is printed: code, a test, the recording and the picture. Only what is looked at is made. */
export class OutputView {
  readonly element: HTMLElement;
  readonly #panels = OUTPUTS.map(() => h('div', {}));
  readonly #chains = h(
    'select',
    { 'aria-label': 'Of which chain' },
    h('option', { value: '0' }, 'chain A'),
    h('option', { value: '1' }, 'chain B'),
  );
  readonly #link = h('button', { type: 'button', class: 'main' }, 'Copy a link');
  readonly #said = h('span', { class: 'soft', role: 'status' });
  #shown: Shown | undefined;
  #nth = 0;
  #timer = 0;

  /** @param linkOf - makes the link, and says what it leaves out */
  constructor(linkOf: () => Promise<{ readonly address: string; readonly without: string | undefined }>) {
    this.#chains.addEventListener('change', () => this.#print());
    this.#link.addEventListener('click', () => {
      void linkOf().then(async ({ address, without }) => this.#say(await copied(address), without));
    });
    const tabs = OUTPUTS.map(({ title }, nth) => ({ title, panel: this.#panels[nth] ?? h('div', {}) }));
    this.element = h(
      'section',
      { 'aria-label': 'Take it with you' },
      h('div', { class: 'head' }, h('h2', {}, 'Take it with you'), this.#said, this.#chains, this.#link),
      tabsOf('What is printed', tabs, (nth) => {
        this.#nth = nth;
        this.#print();
      }),
    );
  }

  update(shown: Shown | undefined): void {
    this.#shown = shown;
    this.#chains.hidden = (shown?.chains.length ?? 0) < 2;
    // Not while somebody drags: what is printed can wait.
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#print(), 250);
  }

  #print(): void {
    clearTimeout(this.#timer);
    const shown = this.#shown;
    const ran = shown?.chains[Number(this.#chains.value)] ?? shown?.chains[0];
    const output = OUTPUTS[this.#nth];
    const panel = this.#panels[this.#nth];
    if (!panel || !output) return;
    if (!shown || !ran) {
      fill(panel, h('p', { class: 'soft' }, 'There is no stream yet.'));
      return;
    }
    let text: string;
    try {
      text = output.text(shown, ran);
    } catch (error) {
      fill(panel, h('p', { class: 'bad' }, error instanceof Error ? error.message : String(error)));
      return;
    }
    const short = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
    const copy = button('Copy', () => void copied(text).then((done) => this.#say(done)), {
      'aria-label': `Copy: ${output.title}`,
    });
    const save = button('Save', () => saved(text, output), { 'aria-label': `Save: ${output.title}` });
    const bar = h(
      'div',
      { class: 'bar' },
      copy,
      save,
      h('span', { class: 'soft' }, [output.file, output.hint].filter(Boolean).join(' · ')),
    );
    fill(
      panel,
      bar,
      h('p', { class: 'keys' }),
      output.title === 'SVG' && text.length <= MOST_SHOWN * 4 && pictureIn(text),
      h('pre', { tabindex: '0', 'aria-label': output.title }, h('code', {}, short)),
    );
  }

  #say(isCopied: boolean, without?: string): void {
    this.#said.textContent = [isCopied ? 'Copied.' : 'Copying is not allowed here.', without]
      .filter(Boolean)
      .join(' ');
  }
}

/** The picture in a shadow of its own, its styles as a sheet that a strict policy allows. */
function pictureIn(svg: string): HTMLElement {
  const host = h('div', { class: 'picture' });
  const sheet = new CSSStyleSheet();
  // Taken out of the text: a style that is parsed is held to the policy, too.
  const plain = svg.replace(/<style>([^<]*)<\/style>/g, (_, rules: string) => {
    sheet.replaceSync(rules);
    return '';
  });
  const drawn = new DOMParser().parseFromString(plain, 'image/svg+xml').documentElement;
  const shadow = host.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(document.importNode(drawn, true));
  return host;
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function saved(text: string, { file, type }: Output): void {
  const href = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
