import type { Tone } from './drawing.js';

/** A colour on white and on black, and the nearest to it of the 256 of ANSI terminals. */
interface Ink {
  readonly light: string;
  readonly dark: string;
  readonly ansi: number;
}

/**
 * The colours of blocks, by index: those of Okabe and Ito, which the colour-blind can distinguish, darkened on white
 * until white letters can be read on them.
 */
const BLOCKS: readonly Ink[] = [
  { light: '#0072b2', dark: '#56b4e9', ansi: 39 },
  { light: '#9a5b00', dark: '#e69f00', ansi: 214 },
  { light: '#00795a', dark: '#2fc4a0', ansi: 43 },
  { light: '#a2457a', dark: '#d68fb5', ansi: 175 },
  { light: '#6b6400', dark: '#f0e442', ansi: 227 },
];

const OTHERS: Readonly<Record<Exclude<Tone, number>, Ink>> = {
  message: { light: '#424a53', dark: '#b4bdc8', ansi: 250 },
  ping: { light: '#818b98', dark: '#7d8590', ansi: 244 },
  error: { light: '#b54708', dark: '#ff8a4c', ansi: 208 },
  unknown: { light: '#6e7781', dark: '#8b949e', ansi: 244 },
  value: { light: '#0072b2', dark: '#56b4e9', ansi: 39 },
};

/** Block colours repeat after the fifth. */
function blockNumber(index: number): number {
  return Math.abs(Math.trunc(index)) % BLOCKS.length;
}

/** The name of a tone in style sheets. */
export function toneClass(tone: Tone): string {
  return typeof tone === 'number' ? `b${blockNumber(tone)}` : tone;
}

const INKS = [...BLOCKS.map((ink, index) => [toneClass(index), ink] as const), ...Object.entries(OTHERS)];

type Rule = readonly [selectors: string, declarations: string];

const SHAPES: readonly Rule[] = [
  [
    'text',
    "font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;text-anchor:middle;white-space:pre",
  ],
  ['.s', 'font-size:11px'],
  ['.l', 'text-anchor:start'],
  ['.r', 'text-anchor:end'],
  ['.line,.end,.sub,.tick,.cross,.rug,.scale', 'fill:none'],
  ['.line', 'stroke-width:2'],
  ['.end', 'stroke-width:3'],
  ['.sub,.tick', 'stroke-width:1.5'],
  ['.sub', 'stroke-dasharray:2 4'],
  ['.silence', 'stroke-dasharray:1 3'],
  ['.solid rect', 'fill:currentColor'],
  ['.tint rect,.outline rect,.dashed rect', 'stroke:currentColor;stroke-width:1.25'],
  ['.dashed rect', 'stroke-dasharray:4 3'],
  ['.cross', 'stroke:currentColor;stroke-width:2.5'],
  ['.rug', 'stroke:currentColor'],
  ['.word', 'fill:currentColor;font-size:11px'],
];

/** What is drawn in neither ink: on white, and on black. */
const PAPER = {
  light: {
    paper: '#fff',
    ink: '#1f2328',
    soft: '#59636e',
    edge: '#d1d9e0',
    box: '#f6f8fa',
    line: '#9aa4af',
    end: '#424a53',
    wash: 0.15,
  },
  dark: {
    paper: '#0d1117',
    ink: '#e6edf3',
    soft: '#9198a1',
    edge: '#3d444d',
    box: '#161b22',
    line: '#656c76',
    end: '#b4bdc8',
    wash: 0.22,
  },
} as const;

function colours(theme: 'light' | 'dark'): Rule[] {
  const { paper, ink, soft, edge, box, line, end, wash } = PAPER[theme];
  return [
    ['text', `fill:${ink}`],
    ['.s', `fill:${soft}`],
    ['.card,.gap,.frame,.tint rect,.outline rect,.dashed rect,.solid text', `fill:${paper}`],
    ['.card,.op,.scale', `stroke:${edge}`],
    ['.op', `fill:${box}`],
    ['.line', `stroke:${line}`],
    ['.tip', `fill:${line}`],
    ['.end', `stroke:${end}`],
    ['.sub,.tick,.frame', 'stroke:#818b98'],
    ['.tint .wash', `fill:currentColor;fill-opacity:${wash}`],
    ...INKS.map(([name, inks]): Rule => [`.${name}`, `color:${inks[theme]}`]),
  ];
}

/** For which background a picture is drawn; `auto` asks the reader's system. */
export type Theme = 'auto' | 'light' | 'dark';

/** The class of a picture's root: its style sheet reaches no further where the picture stands within a page. */
export function themeClass(theme: Theme): string {
  return theme === 'auto' ? 'marbles' : `marbles-${theme}`;
}

/** The style sheet of a picture. Only what every renderer knows. */
export function styleOf(theme: Theme): string {
  const own = (selectors: string): string => selectors.replace(/(^|,)/g, `$1.${themeClass(theme)} `);
  const write = (rules: readonly Rule[]): string =>
    rules.map(([selectors, declarations]) => `${own(selectors)}{${declarations}}`).join('\n');
  if (theme !== 'auto') return `\n${write([...SHAPES, ...colours(theme)])}\n`;
  const dark = `@media(prefers-color-scheme:dark){\n${write(colours('dark'))}}`;
  return `\n${write([...SHAPES, ...colours('light')])}\n${dark}\n`;
}

/** A text between the ANSI escapes of its colour. */
export function painted(text: string, tone: Tone): string {
  const ink = typeof tone === 'number' ? BLOCKS[blockNumber(tone)] : OTHERS[tone];
  return `\u001b[38;5;${(ink ?? OTHERS.unknown).ansi}m${text}\u001b[0m`;
}
