/** How findings, replies and frames look. */
export const VIEWER = `
.findings ul { display: grid; gap: 6px; }
.finding { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; padding: 7px 10px; border-radius: 7px; background: var(--ground); font-size: 14px; }
.finding span:first-of-type { flex: 1 1 320px; overflow-wrap: anywhere; }
.finding code { font-weight: 650; min-width: 6.5em; }
.finding.wrong { background: var(--bad-wash); }
.finding.wrong code { color: var(--bad); }
.good { color: var(--good); }
.said { display: grid; gap: 14px; }
article { display: grid; gap: 8px; }
.piece { display: grid; gap: 6px; border-left: 3px solid var(--edge); padding: 2px 0 2px 14px; }
.piece.text { border-color: #0072b2; }
.piece.thinking { border-color: #8a6d9b; color: var(--soft); }
.piece.call { border-color: #9a5b00; }
.piece .title { font-size: 13px; font-weight: 600; color: var(--soft); }
.piece .words { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 74ch; }
.piece pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.frames { display: grid; gap: 6px; margin-bottom: 10px !important; }
.frame { display: grid; gap: 2px; border: 1px solid var(--edge); border-radius: 7px; padding: 6px 10px; }
.frame code { overflow-wrap: anywhere; white-space: pre-wrap; font-size: 12.5px; }
`;
