import type { Tone } from '../../src/pictures/drawing.js';

/** What rows are drawn in, on white or on black. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly focus: string;
  readonly wash: number;
  ink4(tone: Tone): string;
  /** The colour of an object. */
  own(number: number): string;
}

/** Those of the pictures: of Okabe and Ito, which the colour-blind can tell apart. */
const BLOCKS = {
  light: ['#0072b2', '#9a5b00', '#00795a', '#a2457a', '#6b6400'],
  dark: ['#56b4e9', '#e69f00', '#2fc4a0', '#d68fb5', '#f0e442'],
} as const;

const OTHERS = {
  light: { message: '#424a53', ping: '#818b98', error: '#b54708', unknown: '#6e7781', value: '#0072b2' },
  dark: { message: '#b4bdc8', ping: '#7d8590', error: '#ff8a4c', unknown: '#8b949e', value: '#56b4e9' },
} as const;

/** The hues of objects stand far apart, also of those that come one after the other. */
const GOLDEN = 137.508;

function palette(theme: 'light' | 'dark', rest: Omit<Palette, 'ink4' | 'own'>): Palette {
  const blocks = BLOCKS[theme];
  const lightness = theme === 'light' ? '42%' : '66%';
  return {
    ...rest,
    ink4: (tone) =>
      typeof tone === 'number'
        ? (blocks[Math.abs(Math.trunc(tone)) % blocks.length] ?? rest.ink)
        : OTHERS[theme][tone],
    own: (number) => `hsl(${((number * GOLDEN + 205) % 360).toFixed(0)} 55% ${lightness})`,
  };
}

export const LIGHT = palette('light', {
  paper: '#ffffff',
  ink: '#1f2328',
  soft: '#59636e',
  line: '#c4ccd4',
  focus: '#0969da',
  wash: 0.14,
});

export const DARK = palette('dark', {
  paper: '#15191f',
  ink: '#e6edf3',
  soft: '#9198a1',
  line: '#4a525b',
  focus: '#58a6ff',
  wash: 0.22,
});
