/**
 * The search of VitePress calls itself a button, with fields and links in it, which a screen reader does not look into. This makes it
 * the dialog with a combobox that it is. Its code stays as it is.
 */

/** Mends the search whenever it is opened. */
export function mendSearch(): void {
  const boxes = new WeakSet<Element>();
  new MutationObserver(() => {
    const box = document.querySelector('body > .VPLocalSearchBox');
    if (!box || boxes.has(box)) return;
    boxes.add(box);
    mend(box);
    // Each answer has new entries, and the keys choose another one.
    new MutationObserver(() => mend(box)).observe(box, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['id', 'role', 'aria-selected', 'aria-owns', 'aria-label'],
    });
  }).observe(document.body, { childList: true });
}

function mend(box: Element): void {
  put(box, { role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Search' });
  drop(box, 'aria-owns', 'aria-expanded', 'aria-haspopup', 'aria-labelledby');
  // A key that is drawn is a picture with a name.
  for (const key of box.querySelectorAll('kbd[aria-label]')) put(key, { role: 'img' });
  const list = box.querySelector('ul.results');
  const hasResults = list?.getAttribute('role') === 'listbox';
  const field = box.querySelector('input');
  if (field) {
    put(field, { role: 'combobox', 'aria-expanded': String(hasResults), 'aria-label': 'Search' });
    drop(field, 'aria-labelledby');
  }
  if (!list || !hasResults) return;
  put(list, { 'aria-label': 'Results' });
  drop(list, 'aria-labelledby');
  for (const item of list.children) mendResult(item);
}

/** What can be chosen is the link: what it is called by and whether it is chosen stand there. */
function mendResult(item: Element): void {
  const link = item.querySelector('a.result');
  if (!link) return;
  put(link, { role: 'option' });
  for (const name of ['id', 'aria-selected']) {
    const value = item.getAttribute(name);
    if (value !== null) put(link, { [name]: value });
  }
  // Its text says it, and more.
  drop(link, 'aria-label');
  drop(item, 'id', 'aria-selected');
  put(item, { role: 'none' });
}

function put(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function drop(element: Element, ...names: readonly string[]): void {
  for (const name of names) if (element.hasAttribute(name)) element.removeAttribute(name);
}
