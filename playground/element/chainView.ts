import { CATALOGUE, operatorNamed } from '../model/catalogue.js';
import { linksOf, type Step } from '../model/chain.js';
import { chipOf } from './chipView.js';
import { button, fill, h, newId } from './dom.js';

/** Where a chain is built: its chips, and a field to add one by its name. */
export class ChainView {
  readonly element: HTMLElement;
  readonly #title = h('h3', {});
  readonly #chips = h('ol', { class: 'chips plain' });
  readonly #field: HTMLInputElement;
  readonly #problem = h('p', { class: 'bad', role: 'status', hidden: true });
  readonly #changed: (steps: readonly Step[]) => void;
  readonly #open = new Set<number>();
  #steps: readonly Step[] = [];

  constructor(changed: (steps: readonly Step[]) => void) {
    this.#changed = changed;
    const list = newId('operators');
    this.#field = h('input', {
      type: 'text',
      list,
      placeholder: 'add an operator',
      'aria-label': 'Add an operator by its name',
      autocomplete: 'off',
      spellcheck: 'false',
      on: {
        keydown: (event: KeyboardEvent) => {
          if (event.key === 'Enter') this.#add();
        },
      },
    });
    const names = CATALOGUE.flatMap(({ title, operators }) =>
      operators.map(({ name, what }) => h('option', { value: name, label: `${what} (${title})` })),
    );
    this.element = h(
      'div',
      { role: 'group' },
      this.#title,
      this.#chips,
      h(
        'div',
        { class: 'bar' },
        this.#field,
        button('Add', () => this.#add()),
        h('datalist', { id: list }, ...names),
      ),
      this.#problem,
    );
  }

  update(steps: readonly Step[], title: string): void {
    this.#title.textContent = title;
    this.#title.hidden = title === '';
    this.element.setAttribute('aria-label', title === '' ? 'Chain' : title);
    if (steps === this.#steps) return;
    this.#steps = steps;
    const focused = this.#focus();
    const links = linksOf(steps);
    fill(
      this.#chips,
      ...links.map((link, nth) =>
        chipOf(
          link,
          this.#open.has(nth),
          { nth, of: links.length },
          {
            changed: (step) => this.#set(steps.map((other, at) => (at === nth ? step : other))),
            moved: (by) => this.#move(nth, nth + by),
            removed: () => {
              this.#open.delete(nth);
              this.#set(steps.filter((_, at) => at !== nth));
            },
            toggled: () => this.#toggle(nth),
          },
        ),
      ),
    );
    this.#refocus(focused);
  }

  #add(): void {
    const name = this.#field.value.trim().replace(/\(.*\)?,?$/, '');
    if (name === '') return;
    const spec = operatorNamed(name);
    this.#problem.hidden = spec !== undefined;
    this.#problem.textContent = spec
      ? ''
      : `There is no operator ${name} for one stream: choose one from the list`;
    if (!spec) return;
    this.#field.value = '';
    if (spec.options.length > 0) this.#open.add(this.#steps.length);
    this.#set([...this.#steps, { name, options: {} }]);
  }

  #move(from: number, to: number): void {
    const steps = [...this.#steps];
    const [moved] = steps.splice(from, 1);
    if (moved) steps.splice(to, 0, moved);
    const [one, other] = [this.#open.has(from), this.#open.has(to)];
    for (const [nth, isOpen] of [
      [to, one],
      [from, other],
    ] as const) {
      if (isOpen) this.#open.add(nth);
      else this.#open.delete(nth);
    }
    this.#set(steps);
  }

  #toggle(nth: number): void {
    if (!this.#open.delete(nth)) this.#open.add(nth);
    const chip = this.#chips.children[nth];
    const isOpen = this.#open.has(nth);
    chip?.querySelector('.call')?.setAttribute('aria-expanded', String(isOpen));
    chip?.lastElementChild?.toggleAttribute('hidden', !isOpen);
  }

  #set(steps: readonly Step[]): void {
    this.#changed(steps);
  }

  /** Where the focus is, to be found again among new chips: the chip and the nth of what can be focused in it. */
  #focus(): readonly [chip: number, place: number] | undefined {
    const root = this.element.getRootNode();
    const active = root instanceof ShadowRoot ? root.activeElement : null;
    const chip = [...this.#chips.children].findIndex((each) => active !== null && each.contains(active));
    if (chip === -1 || !active) return undefined;
    return [chip, focusable(this.#chips.children[chip]).indexOf(active as HTMLElement)];
  }

  #refocus(focused: readonly [number, number] | undefined): void {
    if (!focused) return;
    const [nth, place] = focused;
    const chip = this.#chips.children[Math.min(nth, this.#chips.children.length - 1)];
    (focusable(chip)[place] ?? this.#field).focus();
  }
}

function focusable(chip: Element | undefined): HTMLElement[] {
  return chip ? [...chip.querySelectorAll<HTMLElement>('button, input, select')] : [];
}
