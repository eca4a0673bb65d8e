import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { docOf, operators, pictureOf, runnableOf, sheetNames, sheetsNamed } from './gallery/catalogue.js';
import { dedent } from './gallery/docComment.js';
import { drawings } from './gallery/drawings.js';
import { groupsOf, withOperators } from './gallery/readme.js';
import { signatureOf } from './gallery/signature.js';
import { run } from './kit/run.js';

const sheets = await sheetsNamed(sheetNames);
const pipeline = await sheetsNamed(['pipeline']);
const drawn = [...sheets, ...pipeline];

describe.each(drawn.map((sheet) => [sheet.operator, sheet] as const))('%s', (_, sheet) => {
  it('does what its picture shows', () => run(runnableOf(sheet, sheet.picture)));

  const cases = Object.entries(sheet.cases);
  for (const [sentence, drawn] of cases) it(sentence, () => run(runnableOf(sheet, drawn)));
  for (const [sentence, check] of Object.entries(sheet.checks ?? {})) it(sentence, check);

  it('names its operators by their own source', () => {
    for (const [words, make] of Object.entries(sheet.operators)) {
      expect(compact(make.toString())).toBe(compact(`() => ${words}`));
    }
  });
});

describe('the marbles', () => {
  it.each(sheets)('of $operator are those in its documentation, word for word', ({ operator, picture }) => {
    expect(docOf(operator).drawing).toBe(dedent(picture));
  });

  it('have a sheet for every operator, and an operator for every sheet', () => {
    expect(sheetNames).toEqual(operators);
    expect(sheets.map(({ operator }) => operator)).toEqual(sheetNames);
  });

  it.each(drawn)('have the picture of $operator as npm run marbles draws it', (sheet) => {
    expect(committed(`pictures/${sheet.operator}.svg`)).toBe(pictureOf(sheet));
  });

  it('have the gallery as npm run marbles draws it, and no picture that nobody draws', async () => {
    const files = await drawings();
    expect(committed('gallery.html')).toBe(files.get('gallery.html'));
    const pictures = readdirSync(new URL('pictures/', import.meta.url)).map((file) => `pictures/${file}`);
    expect(pictures.filter((path) => !files.has(path))).toEqual([]);
  });
});

describe('the operators of README.md', () => {
  it('are those of the entries, in their groups, as npm run marbles writes them', () => {
    const page = committed('../README.md');
    expect(withOperators(page)).toBe(page);
  });

  it('are all of them', () => {
    const exported = groupsOf().flatMap((group) => group.operators);
    expect([...exported].sort()).toEqual(operators.filter(isOperator));
  });

  it('show their parameters, and the options by name', () => {
    expect(signatureOf('toBlocks')).toBe('toBlocks()');
    expect(signatureOf('latestPerFrame')).toBe('latestPerFrame(scheduler?)');
    expect(signatureOf('toArrayElements')).toMatch(/^toArrayElements\(\{ prose\?, .*path\?.* \}\)$/);
  });
});

function isOperator(name: string): boolean {
  return ['operators', 'text'].some((folder) =>
    existsSync(new URL(`../src/${folder}/${name}.ts`, import.meta.url)),
  );
}

function committed(path: string): string {
  const file = new URL(path, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : 'nothing';
}

/** Source without what a compiler may change: white space, the kind of quotes, closing semicolons. */
// Vite calls what is imported as a member of its module.
function compact(source: string): string {
  const named = source
    .replace(/\(0,\s*(__vite_ssr_import_\d+__\.\w+)\)/g, '$1')
    .replace(/__vite_ssr_import_\d+__\./g, '');
  return named.replace(/[\s;]/g, '').replaceAll('"', "'");
}
