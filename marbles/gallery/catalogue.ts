import { readdirSync, readFileSync } from 'node:fs';
import { alphabet, connectionLost } from '../alphabet.js';
import { drawingOf } from '../kit/draw.js';
import { lettersOf } from '../kit/letters.js';
import type { Runnable } from '../kit/run.js';
import { caseOf, type Case, type Sheet } from '../kit/sheet.js';
import { toSvg } from '../../src/pictures/toSvg.js';
import { docComment, type DocComment } from './docComment.js';

const OPERATORS = new URL('../../src/operators/', import.meta.url);
const TEXT = new URL('../../src/text/', import.meta.url);
const MARBLES = new URL('../', import.meta.url);
/** What is drawn like an operator and stands elsewhere: those of `/text`, and sources that take an Observable in, or ask for one. */
const ELSEWHERE: ReadonlyMap<string, URL> = new Map([
  ...namesIn(TEXT).map((name) => [name, TEXT] as const),
  ['drain', new URL('../../src/server/', import.meta.url)],
  ['converse', new URL('../../src/turns/', import.meta.url)],
  ['fromHttpEvents', new URL('../../src/sources/angular/', import.meta.url)],
  ['resumed', new URL('../../src/sources/', import.meta.url)],
  ['streamTurn', new URL('../../src/turns/', import.meta.url)],
]);
/** What stands beside the sheets. */
const NO_SHEETS = new Set(['alphabet', 'contents', 'draw', 'pipeline']);

/** The operators of the library: the files of `src/operators` and `src/text`, and those among the sources. */
export const operators: readonly string[] = [...namesIn(OPERATORS), ...ELSEWHERE.keys()].sort();

/** The sheets: the files of this folder that are nothing else. */
export const sheetNames: readonly string[] = namesIn(MARBLES).filter((name) => !NO_SHEETS.has(name));

function namesIn(folder: URL): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** @returns the sheets of these names */
export async function sheetsNamed(names: readonly string[]): Promise<Sheet[]> {
  const modules = names.map((name) => import(new URL(`../${name}.ts`, import.meta.url).href));
  return ((await Promise.all(modules)) as { default: Sheet }[]).map((module) => module.default);
}

/** @returns the file that an operator stands in */
export function fileOf(operator: string): URL {
  return new URL(`${operator}.ts`, ELSEWHERE.get(operator) ?? OPERATORS);
}

/** @returns what the doc comment of the operator says */
export function docOf(operator: string): DocComment {
  return docComment(readFileSync(fileOf(operator), 'utf8'), operator);
}

/** @returns the drawing with all that it needs to run: the alphabet, the sheet's letters, the case's own */
export function runnableOf(sheet: Sheet, drawn: string | Case): Runnable {
  const { drawing, values, errors } = caseOf(sheet, drawn);
  const source = errors?.source ?? connectionLost;
  return {
    drawing,
    operators: sheet.operators,
    letters: lettersOf(alphabet, values),
    errors: { source, output: errors?.output ?? source },
    before: sheet.picture,
  };
}

/** @returns the sheet's picture, as SVG */
export function pictureOf(sheet: Sheet): string {
  return toSvg(drawingOf(sheet.operator, runnableOf(sheet, sheet.picture), sheet));
}
