/** How fields, buttons, chips and tabs look. */
export const CONTROLS = `
button, select, input, textarea { font: inherit; color: inherit; }
button, select, input { min-height: 34px; }
button {
  border: 1px solid var(--edge); background: var(--field); border-radius: 7px; padding: 4px 12px; cursor: pointer;
  font-size: 13.5px; font-weight: 550; white-space: nowrap;
}
button:hover { border-color: var(--accent); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.quiet { border-color: transparent; background: none; padding: 2px 8px; min-height: 28px; min-width: 28px; color: var(--soft); }
button.quiet:hover { color: var(--ink); border-color: var(--edge); }
button:disabled { opacity: 0.5; cursor: default; border-color: var(--edge); }
select, input {
  border: 1px solid var(--edge); background: var(--field); border-radius: 7px; padding: 4px 8px; font-size: 13.5px;
  max-width: 100%; min-width: 0;
}
input[type='number'] { width: 7.5em; }
textarea {
  display: block; width: 100%; min-height: 96px; max-height: 340px; resize: vertical; border: 1px solid var(--edge);
  border-radius: 8px; background: var(--field); padding: 10px 12px; line-height: 1.45; white-space: pre; overflow: auto;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
label { display: inline-flex; gap: 7px; align-items: center; font-size: 13.5px; color: var(--soft); min-width: 0; }
label select { color: var(--ink); text-overflow: ellipsis; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.bar .apart { margin-left: auto; }
.drop { outline: 2px dashed var(--accent); outline-offset: 3px; }
.chains { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.chains.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); }
.chips { display: grid; gap: 8px; margin: 8px 0 !important; }
.chips:empty { display: none; }
.chip { border: 1px solid var(--edge); border-radius: 8px; background: var(--field); }
.chip.wrong { border-color: var(--bad); }
.chip .line { display: flex; gap: 2px; align-items: center; padding: 3px 4px 3px 4px; min-width: 0; }
.chip .call {
  flex: 1 1 auto; text-align: left; overflow: hidden; text-overflow: ellipsis; color: var(--ink); font-family: var(--mono);
  font-size: 13px; min-width: 0;
}
.chip .form { display: grid; gap: 8px 14px; padding: 4px 12px 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); }
.chip .form label { display: grid; gap: 2px; align-items: start; align-content: start; font-size: 13px; }
.chip .form label span { font-family: var(--mono); color: var(--ink); }
.chip .form small { color: var(--soft); font-size: 12px; }
.chip .form input, .chip .form select { width: 100%; }
.chip .bad { margin: 0 10px 10px; }
.chip .what { padding: 0 12px 8px; }
.tabs { display: flex; gap: 2px; border-bottom: 1px solid var(--edge); margin-bottom: 10px; overflow-x: auto; }
.tabs button { border: 0; border-radius: 7px 7px 0 0; background: none; color: var(--soft); border-bottom: 2px solid transparent; }
.tabs button[aria-selected='true'] { color: var(--ink); border-bottom-color: var(--accent); }
.picture { overflow: auto; border: 1px solid var(--edge); border-radius: 8px; background: var(--field); margin-bottom: 10px; }
.keys { font-size: 12.5px; color: var(--soft); margin-top: 8px; }
kbd { font-family: var(--mono); font-size: 11.5px; border: 1px solid var(--edge); border-radius: 4px; padding: 0 4px; background: var(--field); }
`;
