import type { Face } from './drawing.js';
import { SIZE } from './measure.js';
import { styleOf, themeClass, toneClass, type Theme } from './palette.js';
import { visible } from './visibleText.js';

/** What a picture is beside its shapes; `words` say what it shows, for those who cannot see it. */
type Head = Readonly<
  Record<'width' | 'height', number> & Record<'title' | 'words', string> & { theme: Theme }
>;

/** A whole SVG document around shapes: for `<img>` or within a page, where nothing of it reaches the rest. */
export function documentSvg({ width, height, title, words, theme }: Head, shapes: readonly string[]): string {
  // Several pictures may stand in one page, and ids are the page's: the same one only for the same words.
  const id = fingerprint(`${title}\n${words}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${themeClass(theme)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t${id} d${id}">`,
    `<title id="t${id}">${escape(title)}</title>`,
    `<desc id="d${id}">${escape(words)}</desc>`,
    `<style>${styleOf(theme)}</style>`,
    `<rect class="card" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...shapes,
    '</svg>\n',
  ].join('\n');
}

/** The hash FNV-1a of a text, in 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Where a pill stands: its upper left corner and its width. */
type PillPlace = Readonly<Record<'x' | 'y' | 'width' | 'radius', number>>;

/** A pill with its label, and a tip for who points at it. */
export function pillSvg(
  { label, tone, look }: Pick<Face, 'label' | 'tone' | 'look'>,
  { x, y, width, radius }: PillPlace,
  tip?: string,
): string {
  const rect = (name = ''): string =>
    `<rect${name} x="${x}" y="${y}" width="${width}" height="${SIZE.pill}" rx="${radius}"/>`;
  const wash = look === 'tint' ? rect(' class="wash"') : '';
  const title = tip === undefined ? '' : `<title>${escape(tip)}</title>`;
  const words = `<text x="${x + width / 2}" y="${y + 16}">${escape(label)}</text>`;
  return `<g class="${toneClass(tone)} ${look}">${title}${rect()}${wash}${words}</g>`;
}

/** The box of an operator across the picture. */
export function operatorSvg(words: string, y: number, width: number, height: number): string {
  const box = `<rect class="op" x="${SIZE.margin}" y="${y + 8}" width="${width - 2 * SIZE.margin}" height="${height - 16}" rx="6"/>`;
  return `${box}<text x="${Math.round(width / 2)}" y="${y + height / 2 + 4}">${escape(words)}</text>`;
}

/** When a source was subscribed: a dashed line, with a bar at its end if it has one. */
export function subscriptionSvg(from: number, until: number, y: number, isEnded: boolean): string {
  const bar = (x: number): string => `<path class="tick" d="M${x} ${y - 4}v8"/>`;
  return [`<path class="sub" d="M${from} ${y}H${until}"/>`, bar(from), isEnded ? bar(until) : ''].join('');
}

/** A small text at its beginning, its middle or its end. */
export function small(align: '' | 'l' | 'r', x: number, y: number, text: string): string {
  return `<text class="s${align && ` ${align}`}" x="${x}" y="${y}">${escape(text)}</text>`;
}

/** The mark of a wait that is not to scale. */
export function breakSvg(x: number, y: number): string {
  const gap = `<rect class="gap" x="${x - 4}" y="${y - 3}" width="8" height="6"/>`;
  return `${gap}<path class="line" d="M${x - 6} ${y + 5}l4 -10M${x + 2} ${y + 5}l4 -10"/>`;
}

/** The cross of an error. */
export function crossSvg(x: number, y: number): string {
  return `<path class="cross" d="M${x - 6} ${y - 6}l12 12m0 -12l-12 12"/>`;
}

/** A text as the content of an element or an attribute: no markup, and no character that XML forbids. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
