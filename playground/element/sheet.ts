import { CONTROLS } from './sheetControls.js';
import { VIEWER } from './sheetViewer.js';

const FRAME = `
:host {
  display: block; text-align: left; color: var(--ink); background: var(--ground);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; color-scheme: light;
  --ground: #f6f8fa; --paper: #fff; --ink: #1f2328; --soft: #59636e; --edge: #d1d9e0; --field: #fff;
  --accent: #0a58b3; --on-accent: #fff; --wash: #eaf2fb; --bad: #a1260d; --bad-wash: #fff1ed; --good: #116329;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  border-radius: 12px;
}
:host([data-dark]) {
  color-scheme: dark;
  --ground: #0d1117; --paper: #15191f; --ink: #e6edf3; --soft: #9da7b3; --edge: #353c45; --field: #0f1319;
  --accent: #79b8ff; --on-accent: #0d1117; --wash: #17263a; --bad: #ffa28b; --bad-wash: #2f1a15; --good: #7ee2a0;
}
:host([hidden]), [hidden] { display: none !important; }
*, *::before { box-sizing: border-box; }
.all { display: grid; gap: 14px; padding: 14px; min-width: 0; }
section { background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; padding: 14px 16px; min-width: 0; }
h2 { font-size: 15px; line-height: 1.3; margin: 0; font-weight: 650; letter-spacing: -0.005em; }
h3 { font-size: 13px; margin: 0; font-weight: 600; color: var(--soft); }
p { margin: 0; }
.head { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin-bottom: 10px; }
.head h2 { margin-right: auto; }
.soft { color: var(--soft); font-size: 13px; }
.bad { color: var(--bad); background: var(--bad-wash); border-radius: 6px; padding: 6px 10px; font-size: 13.5px; }
.notes { display: grid; gap: 4px; margin-top: 8px; }
.notes:empty { display: none; }
.kind { font-weight: 600; }
ul.plain, ol.plain { list-style: none; margin: 0; padding: 0; }
code, pre, textarea, .mono { font-family: var(--mono); font-size: 13px; }
pre {
  margin: 0; padding: 12px 14px; border: 1px solid var(--edge); border-radius: 8px; background: var(--field);
  overflow: auto; max-height: 420px; line-height: 1.5; tab-size: 2;
}
`;

const ROWS = `
.rows { position: relative; border: 1px solid var(--edge); border-radius: 8px; background: var(--paper); overflow: hidden; }
.scroller { overflow-x: auto; overflow-y: hidden; position: relative; }
.spacer { position: relative; }
.stuck { position: sticky; left: 0; }
.row { border-top: 1px solid var(--edge); }
.row:first-child { border-top: 0; }
.row .name { display: flex; gap: 10px; align-items: baseline; padding: 5px 12px 0; font-size: 12.5px; min-width: 0; }
.row .name .what { font-family: var(--mono); font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row .name .count { color: var(--soft); white-space: nowrap; }
.row .problem { margin: 4px 12px 6px; }
.row.axis { border-top: 0; }
.row .chain-head { background: var(--ground); padding: 5px 12px; font-size: 12.5px; font-weight: 650; }
.track { display: block; height: 34px; cursor: default; touch-action: pan-x pan-y; outline-offset: -2px; border-radius: 4px; }
.track.grabs { cursor: grab; }
.axis .track { height: 42px; }
canvas { display: block; width: 100%; height: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; font-size: 13px; color: var(--soft); }
.legend b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.detail { margin-top: 12px; display: grid; gap: 8px; }
.detail .at { font-weight: 600; }
.detail pre { max-height: 300px; white-space: pre-wrap; overflow-wrap: anywhere; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
.parts { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 13px; }
@media (max-width: 640px) {
  .all { padding: 8px; gap: 10px; }
  section { padding: 12px; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** The styles of both elements, as a sheet that a strict policy allows. */
export function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CONTROLS + FRAME + ROWS + VIEWER);
  }
  return sheet;
}
