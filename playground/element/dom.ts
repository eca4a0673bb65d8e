type Child = Node | string | undefined | false;

type Attribute = string | number | boolean;

interface Props {
  readonly class?: string | undefined;
  readonly on?: Readonly<Record<string, (event: never) => void>> | undefined;
  readonly [attribute: string]: Attribute | Readonly<Record<string, (event: never) => void>> | undefined;
}

/** Makes an element: attributes by name, listeners under `on`, children behind them. Text is only ever text. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  set(element, props);
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

function set(element: HTMLElement, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(props.on ?? {})) {
        element.addEventListener(event, listener as EventListener);
      }
    } else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string' || typeof value === 'number')
      element.setAttribute(name, String(value));
  }
}

/** A button that does something. */
export function button(label: string, does: () => void, props: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', ...props, on: { click: does } }, label);
}

/** A field with its label before it. */
export function labelled(label: string, field: HTMLElement, props: Props = {}): HTMLLabelElement {
  return h('label', props, h('span', {}, label), field);
}

/** Sets the text of an element, where it is another: the page is laid out anew only for what changed. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, where it is another. */
export function mark(element: HTMLElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Replaces what is in an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
}

/** A list to choose from, in groups. */
export function choice(
  groups: readonly {
    readonly title: string;
    readonly options: readonly (readonly [value: string, label: string])[];
  }[],
  props: Props,
): HTMLSelectElement {
  const options = groups.flatMap(({ title, options: own }): HTMLElement[] => {
    const made = own.map(([value, label]) => h('option', { value }, label));
    return title === '' ? made : [h('optgroup', { label: title }, ...made)];
  });
  return h('select', props, ...options);
}

let made = 0;

/** An id that no other element has. */
export function newId(what: string): string {
  made += 1;
  return `${what}-${made}`;
}
