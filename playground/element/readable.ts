import type { Piece, Said } from '../model/conversation.js';
import type { Finding } from '../model/findings.js';
import type { Came, Reading } from '../model/reading.js';
import type { Frame } from '../../src/wire/frame.js';
import { timeWords } from './axisCanvas.js';
import { button, h } from './dom.js';

/** So much of a text is put into the page, in UTF-16 units. */
const MOST = 50_000;

/** Nothing could be read. */
export function unread(problem: string | undefined): HTMLElement {
  return h(
    'p',
    { class: problem === undefined ? 'soft' : 'bad' },
    problem ?? 'There is nothing to read yet.',
  );
}

/** What is wrong, each with a way to where it is. */
export function findingsList(findings: readonly Finding[], show: (event: number) => void): HTMLElement {
  if (findings.length === 0)
    return h('p', { class: 'good' }, 'Nothing: it is a whole answer, and its events are in order.');
  const items = findings.slice(0, 100).map(({ weight, code, what, at, event }) =>
    h(
      'li',
      { class: `finding ${weight}` },
      h('code', {}, code),
      h('span', {}, what),
      h('span', { class: 'soft' }, timeWords(at)),
      event !== undefined &&
        button('Choose it', () => show(event), {
          class: 'quiet',
          'aria-label': `Choose the event at ${timeWords(at)} in the timeline`,
        }),
    ),
  );
  return h('ul', { class: 'plain' }, ...items);
}

/** The replies, one under the other. */
export function saidItems(said: readonly Said[], { beyond }: Reading): HTMLElement[] {
  if (said.length === 0) return [h('p', { class: 'soft' }, 'No message has begun.')];
  const replies = said.map(({ title, pieces, end }) =>
    h(
      'article',
      { 'aria-label': title },
      h('h3', {}, title),
      ...pieces.map(pieceItem),
      h('p', { class: 'soft' }, end),
    ),
  );
  const rest = h(
    'p',
    { class: 'soft' },
    `${beyond.events.toLocaleString('en')} more events are not shown here.`,
  );
  return beyond.events > 0 ? [...replies, rest] : replies;
}

function pieceItem({ kind, title, text, note, result }: Piece): HTMLElement {
  return h(
    'div',
    { class: `piece ${kind}` },
    kind !== 'text' && h('p', { class: 'title' }, title),
    text !== '' &&
      (kind === 'text' || kind === 'thinking'
        ? h('p', { class: 'words' }, short(text))
        : h('pre', { tabindex: '0', 'aria-label': title }, short(text))),
    result !== undefined && h('p', { class: 'title' }, 'Result'),
    result !== undefined && h('pre', { tabindex: '0', 'aria-label': 'Result' }, short(result)),
    note !== undefined && h('p', { class: 'bad' }, note),
  );
}

/** Frames as they came. */
export function frameItems(frames: readonly Came<Frame>[], from: number): HTMLElement[] {
  return frames.map(({ at, value }, nth) => {
    const head = [
      `${from + nth + 1}`,
      timeWords(at),
      value.event ?? '',
      value.id === undefined ? '' : `id ${value.id}`,
    ];
    return h(
      'li',
      { class: value.unterminated ? 'frame cut' : 'frame' },
      h('span', { class: 'soft' }, head.filter((word) => word !== '').join(' · ')),
      value.unterminated && h('span', { class: 'bad' }, 'The stream ended inside this frame.'),
      h('code', {}, value.data.length > 2_000 ? `${value.data.slice(0, 2_000)}…` : value.data),
    );
  });
}

function short(text: string): string {
  return text.length > MOST
    ? `${text.slice(0, MOST)}… ${text.length.toLocaleString('en')} characters in all`
    : text;
}
