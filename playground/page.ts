import { defineElements } from './element/define.js';

defineElements();

/** The one page of the file that works from disk: it shows the one element or the other. */
const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-shows]')];

function show(name: string | undefined): void {
  for (const each of buttons) each.setAttribute('aria-pressed', String(each.dataset['shows'] === name));
  for (const each of document.querySelectorAll<HTMLElement>('stream-playground, stream-viewer'))
    each.hidden = each.localName !== name;
}

for (const each of buttons) each.addEventListener('click', () => show(each.dataset['shows']));
show('stream-playground');
