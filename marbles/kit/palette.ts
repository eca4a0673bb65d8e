import type { Tone } from './drawing.js';

/** A colour on white and on black. */
interface Ink {
  readonly light: string;
  readonly dark: string;
}

/**
 * The colours of blocks, by index: those of Okabe and Ito, which the colour-blind tell apart, darkened on white
 * until white letters can be read on them.
 */
const BLOCKS: readonly Ink[] = [
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#9a5b00', dark: '#e69f00' },
  { light: '#00795a', dark: '#2fc4a0' },
  { light: '#a2457a', dark: '#d68fb5' },
  { light: '#6b6400', dark: '#f0e442' },
];

const OTHERS: Readonly<Record<Exclude<Tone, number>, Ink>> = {
  message: { light: '#424a53', dark: '#b4bdc8' },
  ping: { light: '#818b98', dark: '#7d8590' },
  error: { light: '#b54708', dark: '#ff8a4c' },
  unknown: { light: '#6e7781', dark: '#8b949e' },
  value: { light: '#0072b2', dark: '#56b4e9' },
};

/** The name of a tone in style sheets; block colours come round again after the fifth. */
export function toneClass(tone: Tone): string {
  return typeof tone === 'number' ? `b${Math.abs(Math.trunc(tone)) % BLOCKS.length}` : tone;
}

const INKS = [...BLOCKS.map((ink, index) => [toneClass(index), ink] as const), ...Object.entries(OTHERS)];

/** The style sheet of a picture: one for light, one laid over it for dark. Only what every renderer knows. */
export const STYLE = `
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;text-anchor:middle;fill:#1f2328;white-space:pre}
.s{font-size:11px;fill:#59636e}.l{text-anchor:start}.r{text-anchor:end}
.card{fill:#fff;stroke:#d1d9e0}.line,.end{stroke:#9aa4af;stroke-width:2;fill:none}.tip{fill:#9aa4af}.end{stroke:#424a53;stroke-width:3}
.op{fill:#f6f8fa;stroke:#d1d9e0}.sub,.tick{stroke:#818b98;stroke-width:1.5;fill:none}.sub{stroke-dasharray:2 4}.gap{fill:#fff}
.solid rect{fill:currentColor}.solid text{fill:#fff}
.tint rect,.outline rect,.dashed rect{fill:#fff;stroke:currentColor;stroke-width:1.25}
.tint .wash{fill:currentColor;fill-opacity:.15}.dashed rect{stroke-dasharray:4 3}
.frame{fill:#fff;stroke:#818b98}.cross{stroke:currentColor;stroke-width:2.5;fill:none}.word{fill:currentColor;font-size:11px}
${INKS.map(([name, { light }]) => `.${name}{color:${light}}`).join('')}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}
.card,.gap,.frame{fill:#0d1117}.card,.op{stroke:#3d444d}.op{fill:#161b22}.line{stroke:#656c76}.tip{fill:#656c76}.end{stroke:#b4bdc8}
.tint rect,.outline rect,.dashed rect{fill:#0d1117}.solid text{fill:#0d1117}
.tint .wash{fill:currentColor;fill-opacity:.22}
${INKS.map(([name, { dark }]) => `.${name}{color:${dark}}`).join('')}}
`;
