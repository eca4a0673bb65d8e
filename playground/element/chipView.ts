import type { Link, Step } from '../model/chain.js';
import type { OptionSpec, OptionValue } from '../model/options.js';
import { button, choice, h, newId } from './dom.js';

/** Who hears what is done with a chip. */
export interface ChipListener {
  changed(step: Step): void;
  moved(by: -1 | 1): void;
  removed(): void;
  toggled(): void;
}

/** One operator of a chain: its call, and behind it the form of its options. */
export function chipOf(
  link: Link,
  isOpen: boolean,
  place: { nth: number; of: number },
  listener: ChipListener,
): HTMLElement {
  const { step, spec, code, problem } = link;
  const form = newId('form');
  const title = problem === undefined ? code : step.name;
  const line = h(
    'div',
    { class: 'line' },
    button(title, () => listener.toggled(), {
      class: 'call quiet',
      'aria-expanded': String(isOpen),
      'aria-controls': form,
      title,
    }),
    button('↑', () => listener.moved(-1), {
      class: 'quiet',
      'aria-label': `Move ${step.name} up`,
      disabled: place.nth === 0,
    }),
    button('↓', () => listener.moved(1), {
      class: 'quiet',
      'aria-label': `Move ${step.name} down`,
      disabled: place.nth === place.of - 1,
    }),
    button('✕', () => listener.removed(), { class: 'quiet', 'aria-label': `Remove ${step.name}` }),
  );
  const fields = spec?.options.map((option) => fieldOf(option, step, listener)) ?? [];
  const body = h(
    'div',
    { id: form, hidden: !isOpen },
    spec && h('p', { class: 'what soft' }, spec.what),
    fields.length > 0 && h('div', { class: 'form' }, ...fields),
  );
  return h(
    'li',
    { class: problem === undefined ? 'chip' : 'chip wrong' },
    line,
    problem !== undefined &&
      h('p', { class: 'bad', role: 'status' }, `${problem}. The others go on without it.`),
    body,
  );
}

function fieldOf(option: OptionSpec, step: Step, listener: ChipListener): HTMLElement {
  const { name, kind, hint } = option;
  const value = (step.options[name] ?? option.needed ?? '') as OptionValue;
  const set = (next: unknown): void =>
    listener.changed({
      ...step,
      options: {
        ...without(step.options, name),
        ...(next === '' && option.needed === undefined ? {} : { [name]: next }),
      },
    });
  const words = typeof value === 'object' ? value.join(', ') : String(value);
  const field =
    kind === 'choice' || kind === 'flag'
      ? choice(
          [{ title: '', options: wordsOf(option).map((word) => [word, word === '' ? 'default' : word]) }],
          {
            on: { change: (event: Event) => set((event.target as HTMLSelectElement).value) },
          },
        )
      : h('input', {
          type: 'text',
          inputmode: kind === 'ms' || kind === 'count' ? 'numeric' : 'text',
          placeholder: option.needed === undefined ? 'default' : '',
          autocomplete: 'off',
          on: { change: (event: Event) => set((event.target as HTMLInputElement).value) },
        });
  field.value = words;
  field.dataset['option'] = name;
  return h('label', {}, h('span', {}, name), field, h('small', {}, hint));
}

function wordsOf({ kind, of = [], needed }: OptionSpec): readonly string[] {
  const words = kind === 'flag' ? ['true', 'false'] : of;
  return needed === undefined ? ['', ...words] : words;
}

function without(options: Step['options'], name: string): Step['options'] {
  return Object.fromEntries(Object.entries(options).filter(([other]) => other !== name));
}
