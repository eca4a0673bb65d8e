/** What ends with a full stop in the middle of a sentence. Those that often end one, such as `etc.`, are left out. */
const ABBREVIATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  [
    'mr mrs ms dr prof st jr sr vs fig vol dept est approx gen gov sen rep rev capt lt col sgt inc ltd corp',
    'jan feb mar apr jun jul aug sep sept oct nov dec',
    'bzw ca evtl ggf inkl exkl nr vgl str hr fr abs bd bspw sog geb gest',
    'mme mlle mm av env cf',
    'sra srta ud uds dra pág núm',
  ].flatMap((words) => words.split(' ')),
);

/** One letter, such as an initial, or several with full stops between them: `e.g.`, `U.S.`, `z.B.` */
const LETTERS = /^(?:\p{L}\.)*\p{L}$/u;

/** Whether a text ends with an abbreviation, so that its last full stop need not end a sentence. */
export function endsAbbreviated(text: string): boolean {
  const [, word] = /(?:^|[\s([{"'“„«])([^\s([{"'“„«]+)\.$/u.exec(text.slice(-40)) ?? [];
  return word !== undefined && (LETTERS.test(word) || ABBREVIATIONS.has(word.toLowerCase()));
}
