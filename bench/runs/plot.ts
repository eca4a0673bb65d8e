import { escaped, STYLE } from '../plot.js';
import { PANEL, placeLabels } from '../plotLayout.js';
import { RATE } from './load.js';
import { medianOf, type Measured } from './page.js';
import { CARRIER_NAMES, type CarrierName } from './subjects.js';

const WIDTH = 640;
const HEIGHT = 470;

/** Where the lines begin and end, and from which power of ten of ms to which. */
const LEFT = 70;
const RIGHT = 440;
const LOWEST = 0.1;

/** The colours of the other plot, in which ours is the thick one. */
const CLASSES: Readonly<Record<CarrierName, string>> = {
  'XADD and PUBLISH': 'c0 f',
  'rxjs-llm-stream': 'c1 o',
  'resumable-stream': 'c4',
  'assistant-stream': 'c5',
};

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The time to a viewer over the number of runs, in SVG; both axes are logarithmic. */
export function drawLatency(measured: Measured): string {
  const most = Math.max(...measured.cells.map(({ p99 }) => p99 / 1_000).filter(Number.isFinite));
  const decades = Math.ceil(Math.log10(Math.max(most, 1) / LOWEST));
  const { top, bottom } = PANEL;
  const y = (ms: number): number =>
    round(bottom - (Math.log10(Math.max(ms, LOWEST) / LOWEST) / decades) * (bottom - top));
  const [first = 1] = measured.loads;
  const last = measured.loads.at(-1) ?? first;
  const x = (runs: number): number =>
    first === last ? LEFT : round(LEFT + (Math.log(runs / first) / Math.log(last / first)) * (RIGHT - LEFT));
  const spots = (carrier: CarrierName, what: 'p50' | 'p99'): readonly Spot[] =>
    measured.loads.flatMap((runs) => {
      const ms = medianOf(measured, runs, carrier, (cell) => cell[what]) / 1_000;
      return Number.isFinite(ms) ? [{ x: x(runs), y: y(ms) }] : [];
    });

  const lines = CARRIER_NAMES.map((carrier) => ({
    carrier,
    p50: spots(carrier, 'p50'),
    p99: spots(carrier, 'p99'),
  }));
  const ends = lines.map(({ carrier, p50 }) => ({
    text: carrier,
    exponent: '',
    ...(p50.at(-1) ?? { x: 0, y: 0 }),
  }));
  const places = placeLabels(ends);
  const rows = Array.from({ length: decades + 1 }, (_, power) => LOWEST * 10 ** power).map(
    (ms) =>
      `<path class="grid" d="M${LEFT} ${y(ms)}H${RIGHT}"/><text class="s e" x="${LEFT - 8}" y="${y(ms) + 4}">${ms < 1_000 ? `${Number(ms.toPrecision(1))} ms` : `${Number((ms / 1_000).toPrecision(1))} s`}</text>`,
  );
  const columns = measured.loads.map(
    (runs) =>
      `<path class="grid" d="M${x(runs)} ${top}V${bottom}"/><text class="s m" x="${x(runs)}" y="${bottom + 18}">${runs}</text>`,
  );
  const curves = lines.map(({ carrier, p50, p99 }, place) => {
    const { x: fromX, y: fromY } = ends[place] ?? { x: 0, y: 0 };
    const toY = places[place] ?? 0;
    const dots = p50.map((spot) => `<circle class="dot" cx="${spot.x}" cy="${spot.y}" r="3"/>`).join('');
    const label = `<path class="lead" d="M${fromX + 7} ${fromY}L${RIGHT + 16} ${toY}H${RIGHT + 20}"/><text class="n" x="${RIGHT + 24}" y="${toY + 4}">${escaped(carrier)}</text>`;
    return `<g class="${CLASSES[carrier]}"><path class="line" d="${pathOf(p50)}"/>${dots}<path class="cut" d="${pathOf(p99)}"/>${label}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t d">
<title id="t">Time from an event to its viewer, over the number of runs</title>
<desc id="d">${escaped(description(measured))}</desc>
<style>${STYLE}</style>
<rect class="card" x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="10"/>
<text class="h" x="${LEFT}" y="30">From an event to its viewer, through Redis</text>
<text class="s" x="${LEFT}" y="48">line: half of the events; dotted: 99 of 100</text>
${[...rows, ...columns, ...curves].join('\n')}
<text class="s m" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 14}">runs at once, ${RATE} events a second each</text>
</svg>
`;
}

function description(measured: Measured): string {
  const last = measured.loads.at(-1) ?? 0;
  const each = CARRIER_NAMES.map((carrier) => {
    const p50 = medianOf(measured, last, carrier, (cell) => cell.p50) / 1_000;
    return `${carrier} ${Number(p50.toPrecision(2))} ms`;
  });
  return `Half of the events have come, with ${last} runs at once: ${each.join('; ')}.`;
}

function pathOf(spots: readonly Spot[]): string {
  return spots.length === 0 ? '' : `M${spots.map(({ x, y }) => `${x} ${y}`).join('L')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
