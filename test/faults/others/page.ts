import { readFileSync } from 'node:fs';
import type { Fault } from '../fault.js';
import { escaped, table, whatYouGet } from '../page.js';
import { run } from '../run.js';
import { endOf, PLAYED, type Ended } from './outcomes.js';
import type { Reader } from './readers.js';

const BEGIN = '<!-- begin: written by npm run others -->';
const END = '<!-- end -->';
const OURS = 'rxjs-llm-stream';
/** No answer is quoted longer, in UTF-16 units. */
const LONGEST = 24;

/** A fault, and how each reader ended. */
export interface Line {
  readonly fault: Fault;
  readonly ends: readonly Ended[];
  /** Whether our own reader failed. */
  readonly hasFailed: boolean;
}

/** Plays every fault to every reader, one after the other. */
async function played(readers: readonly Reader[]): Promise<readonly (readonly [string, Line[]])[]> {
  const groups: (readonly [string, Line[]])[] = [];
  for (const [title, faults] of PLAYED) {
    const lines: Line[] = [];
    for (const fault of faults) {
      const ends: Ended[] = [];
      for (const reader of readers) ends.push(await endOf(fault, reader));
      const { error } = await run(fault);
      lines.push({ fault, ends, hasFailed: error !== undefined });
    }
    groups.push([title, lines]);
  }
  return groups;
}

/**
 * The page with what was played in its place.
 *
 * @param page - the page as it is
 * @param readers - who reads
 * @param versions - of what they are made of, for people
 * @throws Error where the page has no place for it
 */
export async function withPlayed(
  page: string,
  readers: readonly Reader[],
  versions: readonly string[],
): Promise<string> {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${BEGIN} or ${END}`);
  const groups = await played(readers);
  const names = readers.map(({ name }) => name);
  const parts = groups.map(([title, lines]) =>
    [`### ${title}`, table(['fault', OURS, ...names], lines.map(cellsOf))].join('\n\n'),
  );
  const made = [
    '## In short',
    `With ${versions.join(', ')}.`,
    summary(
      groups.flatMap(([, lines]) => lines),
      names,
    ),
    '## One by one',
    ...parts,
  ].join('\n\n');
  return [before, BEGIN, '\n\n', made, '\n\n', END, after].join('');
}

/** The cells of a fault, without the first two. */
export function endCells(fault: Fault, ends: readonly Ended[]): readonly string[] {
  return ends.map((end) => (isSilent(fault, end) ? `**${wordsOf(end)}**` : wordsOf(end)));
}

function cellsOf(line: Line): readonly string[] {
  return [escaped(line.fault.fault), whatYouGet(line.fault.expected), ...endCells(line.fault, line.ends)];
}

/** How many of the answers that are not whole, or not to be trusted, end without a sign; and how many whole ones are lost. */
function summary(lines: readonly Line[], names: readonly string[]): string {
  const spoilt = lines.filter(({ fault }) => 'error' in fault.expected);
  const sound = lines.filter(({ fault }) => !('error' in fault.expected));
  const row = (
    title: string,
    some: readonly Line[],
    ours: (line: Line) => boolean,
    theirs: (end: Ended) => boolean,
  ): readonly string[] => [
    title,
    String(some.filter(ours).length),
    ...names.map((_, nth) => String(some.filter(({ ends }) => ends[nth] && theirs(ends[nth])).length)),
  ];
  const fails = ({ how }: Ended): boolean => how === 'failed';
  const waits = ({ how }: Ended): boolean => how === 'waits';
  return table(
    ['', OURS, ...names],
    [
      row(
        `of ${spoilt.length} answers that failed or are not whole: end as if all were well`,
        spoilt,
        ({ hasFailed }) => !hasFailed,
        looksWell,
      ),
      row(`of ${sound.length} answers that can be read: fail`, sound, ({ hasFailed }) => hasFailed, fails),
      row('of all: wait on', lines, () => false, waits),
    ],
  );
}

/** How a reader says in its reason that an answer is not whole. */
const SIGNS: readonly unknown[] = ['interrupted', 'error'];

function looksWell(end: Ended): boolean {
  return end.how === 'done' && !SIGNS.includes(end.answer.stop);
}

/** Whether it looks as if all were well, where it is not. */
function isSilent({ expected }: Fault, end: Ended): boolean {
  return 'error' in expected && looksWell(end);
}

function wordsOf(end: Ended): string {
  if (end.how === 'waits') return 'waits on';
  if (end.how === 'failed') return `error ${nameOf(end.error)}`;
  const { text, calls, stop } = end.answer;
  const said = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const words = [`\`${JSON.stringify(said)}\``, ...(calls.length > 0 ? [`${calls.length} calls`] : [])];
  return `${words.join(', ')}, ${stop === undefined || stop === null ? 'no stop reason' : `\`${stop}\``}`;
}

/** What an error is called; what it says differs with the version of the engine. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? '`string`' : '`object`';
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  const { status, statusCode = status } = error as { status?: number; statusCode?: number };
  return `\`${name}\`${statusCode === undefined ? '' : ` ${statusCode}`}`;
}

/** The cells of the page as it stands, by fault: those behind the first two. */
export function cellsIn(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = page.split('## One by one')[1]?.match(/^\| .+ \|$/gm) ?? [];
  return new Map(
    rows.map((row) => {
      const [fault = '', , ...cells] = row
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim());
      return [fault, cells];
    }),
  );
}

/** The page. */
export const PAGE = new URL('../../../docs/others.md', import.meta.url);

export function pageText(): string {
  return readFileSync(PAGE, 'utf8');
}
