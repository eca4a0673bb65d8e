import { exponentOf, INPUT_TITLES, sizeName, type Scaling } from './comparison.js';
import { PANEL, placeLabels, x, y, type Label } from './plotLayout.js';
import { INPUT_NAMES, type InputName, type Point } from './scaling.js';
import { FLOOR, OUR_SUBJECTS } from './subjects.js';

const WIDTH = 1040;
const HEIGHT = 470;
const PANEL_WIDTH = WIDTH / INPUT_NAMES.length;

/** Colours that stay apart for every kind of sight; each line wears its name besides. */
export const STYLE = `
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1f2328}
.h{font-size:14px;font-weight:600}.s{fill:#59636e;font-size:11px}.x{font-size:9px}.m{text-anchor:middle}.e{text-anchor:end}.n{fill:currentColor}.o .n{font-weight:600}
.card{fill:#fff;stroke:#d1d9e0}.grid{stroke:#d1d9e0;stroke-width:1;fill:none}
.line{stroke:currentColor;stroke-width:1.75;fill:none;stroke-linejoin:round}.o .line{stroke-width:3}
.cut{stroke:currentColor;stroke-width:1.5;stroke-dasharray:2 4;fill:none}.ring{stroke:currentColor;stroke-width:1.75;fill:#fff}
.dot{fill:currentColor}.lead{stroke:currentColor;stroke-width:1;opacity:.45;fill:none}.f .line{stroke-dasharray:7 4}
.c0{color:#59636e}.c1{color:#0072b2}.c2{color:#3b82b0}.c3{color:#2459a6}.c4{color:#a8480a}.c5{color:#00795a}.c6{color:#a2457a}.c7{color:#8a6100}.c8{color:#424a53}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.card{fill:#0d1117;stroke:#3d444d}.grid{stroke:#2a313a}.ring{fill:#0d1117}
.c0{color:#9198a1}.c1{color:#56b4e9}.c2{color:#8ccbf0}.c3{color:#7aa7f5}.c4{color:#ff8a4c}.c5{color:#2fc4a0}.c6{color:#d68fb5}.c7{color:#e0b000}.c8{color:#d1d9e0}.n{fill:currentColor}}
`;

/** The comparison over sizes as a picture, in SVG; both axes are logarithmic. */
export function draw(scaling: Scaling): string {
  const panels = INPUT_NAMES.map(
    (input, place) => `<g transform="translate(${place * PANEL_WIDTH} 0)">\n${panel(scaling, input)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t d">
<title id="t">CPU time for showing a tool input after every delta, over its size</title>
<desc id="d">${escaped(description(scaling))}</desc>
<style>${STYLE}</style>
<rect class="card" x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="10"/>
${panels.join('\n')}
<text class="s m" x="${WIDTH / 2}" y="${HEIGHT - 14}">size of the tool input, in deltas of 16 characters; n to the power of the fitted exponent; ring: cut after 4 s of CPU time</text>
</svg>
`;
}

function panel(scaling: Scaling, input: InputName): string {
  const lines = [...scaling].map(([name, row], place) => ({ name, place, points: row.get(input) ?? [] }));
  const sizes = lines.find(({ name }) => name === FLOOR.name)?.points.map(({ size }) => size) ?? [];
  const labels = lines.map(({ name, points }) => ({
    text: shortNameOf(name),
    exponent: exponentOf(points).toFixed(1),
    ...endOf(points),
  }));
  const places = placeLabels(labels);
  return [
    `<text class="h" x="${PANEL.left}" y="30">${escaped(INPUT_TITLES[input])}</text>`,
    `<text class="s" x="${PANEL.left}" y="48">CPU time, × that of F1 for 1 MiB</text>`,
    grid(sizes),
    ...lines.map(({ name, place, points }) => {
      const label = labels[place];
      return `<g class="${classOf(name, place)}">${curve(points)}${label ? written(label, places[place] ?? 0) : ''}</g>`;
    }),
  ].join('\n');
}

function grid(sizes: readonly number[]): string {
  const decades = Array.from({ length: PANEL.decades + 1 }, (_, place) => PANEL.lowest * 10 ** place);
  const rows = decades.map(
    (value) =>
      `<path class="grid" d="M${PANEL.left} ${y(value)}H${PANEL.right}"/><text class="s e" x="${PANEL.left - 8}" y="${y(value) + 4}">${Number(value.toPrecision(1))}</text>`,
  );
  const columns = sizes.map(
    (size) =>
      `<path class="grid" d="M${x(size)} ${PANEL.top}V${PANEL.bottom}"/><text class="s m" x="${x(size)}" y="${PANEL.bottom + 18}">${sizeName(size)}</text>`,
  );
  return [...rows, ...columns].join('\n');
}

/** What was finished as a line; what was cut as a ring that says: more than this. */
function curve(points: readonly Point[]): string {
  const finished = points.filter(({ isCut }) => !isCut);
  const line = `<path class="line" d="M${finished.map(at).join('L')}"/>`;
  const dots = finished.map((point) => `<circle class="dot" ${centre(point)} r="2.5"/>`).join('');
  const cut = points.find(({ isCut }) => isCut);
  const last = finished.at(-1);
  if (cut === undefined || last === undefined) return line + dots;
  return `${line}${dots}<path class="cut" d="M${at(last)}L${at(cut)}"/><circle class="ring" ${centre(cut)} r="4.5"/>`;
}

function written({ text, exponent, x: fromX, y: fromY }: Label, toY: number): string {
  const lead = `<path class="lead" d="M${fromX + 7} ${fromY}L${PANEL.right + 12} ${toY}H${PANEL.right + 16}"/>`;
  return `${lead}<text class="n" x="${PANEL.right + 20}" y="${toY + 4}">${escaped(text)} n<tspan class="x" dy="-5">${exponent}</tspan></text>`;
}

function endOf(points: readonly Point[]): { x: number; y: number } {
  const { size, relative } = points.at(-1) ?? { size: 1, relative: 1 };
  return { x: x(size), y: y(relative) };
}

function shortNameOf(name: string): string {
  return name.replace('rxjs-llm-stream, ', 'ours, ');
}

function classOf(name: string, place: number): string {
  if (name === FLOOR.name) return `c${place} f`;
  return OUR_SUBJECTS.some((subject) => subject.name === name) ? `c${place} o` : `c${place}`;
}

function at({ size, relative }: Point): string {
  return `${x(size)} ${y(relative)}`;
}

function centre({ size, relative }: Point): string {
  return `cx="${x(size)}" cy="${y(relative)}"`;
}

function description(scaling: Scaling): string {
  const sentences = INPUT_NAMES.map((input) => {
    const lines = [...scaling].map(([name, row]) => {
      const points = row.get(input) ?? [];
      const cut = points.find(({ isCut }) => isCut);
      const end = cut === undefined ? '' : `, cut at ${sizeName(cut.size)}`;
      return `${name} grows with the power ${exponentOf(points).toFixed(1)}${end}`;
    });
    return `For ${INPUT_TITLES[input]}: ${lines.join('; ')}.`;
  });
  return sentences.join(' ');
}

/** Text as it stands in SVG. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
