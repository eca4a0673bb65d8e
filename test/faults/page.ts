import { readFileSync } from 'node:fs';
import { StreamError } from '../../src/errors/streamError.js';
import type { Expected, Fault } from './fault.js';
import { run } from './run.js';
import { FAULTS } from './table.js';

const BEGIN = '<!-- begin: written by npm run reliability -->';
const END = '<!-- end -->';

/**
 * The page with its generated part made anew: the table of faults, and an error of each code.
 *
 * @param page - the page as it is
 * @throws Error where the page has no place for it
 */
export async function withGenerated(page: string): Promise<string> {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${BEGIN} or ${END}`);
  return [before, BEGIN, '\n\n', await generated(), '\n\n', END, after].join('');
}

async function generated(): Promise<string> {
  const groups = FAULTS.map(({ title, faults }) =>
    [`### ${title}`, table(['fault', 'what you get', '`partial`'], faults.map(lineOf))].join('\n\n'),
  );
  return [
    '## What goes wrong, and what you get',
    LEGEND,
    ...groups,
    '## The errors',
    ...(await errors()),
  ].join('\n\n');
}

const LEGEND = `Each line is a test of that name in \`test/faults/faults.test.ts\`, against a real server on the loopback or the exact
bytes. "retryable" is the error's own word for whether the same request may succeed when it is sent again.`;

function lineOf({ fault, expected }: Fault): readonly string[] {
  return [escaped(fault), whatYouGet(expected), partialOf(expected)];
}

export function whatYouGet(expected: Expected): string {
  if ('gives' in expected) return expected.gives;
  const { code, retryable, ...details } = expected.error;
  const named = Object.entries(details)
    .filter(([name]) => name !== 'raw' && name !== 'message')
    .map(([name, value]) => `\`${name}\` ${String(value)}`);
  return [`error \`${code}\``, retryable ? 'retryable' : 'not retryable', ...named].join(', ');
}

function partialOf(expected: Expected): string {
  if ('gives' in expected) return '';
  if (expected.partial === undefined) return 'none';
  return Array.isArray(expected.partial) ? 'the blocks so far' : 'the message so far';
}

/** For each code: what it means, and an error of it as it is printed. */
async function errors(): Promise<readonly string[]> {
  const examples = await examplesByCode();
  return meanings().flatMap(([code, meaning]) => {
    const example = examples.get(code);
    if (example === undefined) throw new Error(`No fault gives an error ${code}`);
    const [{ fault }, error] = example;
    const text = `${String(error)}\n${JSON.stringify(error)}`;
    return [`### \`${code}\``, `${meaning} For example: ${escaped(fault)}.`, `\`\`\`text\n${text}\n\`\`\``];
  });
}

/** The codes and what they mean, as their documentation has it. */
function meanings(): readonly (readonly [code: string, meaning: string])[] {
  const source = readFileSync(new URL('../../src/errors/streamErrorCode.ts', import.meta.url), 'utf8');
  return Array.from(source.matchAll(/^ \* \| `([a-z-]+)` \| (.+) \|$/gm), ([, code = '', meaning = '']) => [
    code,
    `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`,
  ]);
}

/** The first fault of each code, with the error that it gives: raised, or held by a value. */
async function examplesByCode(): Promise<ReadonlyMap<string, readonly [Fault, StreamError]>> {
  const faults = new Map<string, Fault>();
  for (const fault of FAULTS.flatMap((group) => group.faults)) {
    const code = codeOf(fault.expected);
    if (code !== undefined && !faults.has(code)) faults.set(code, fault);
  }
  const examples = new Map<string, readonly [Fault, StreamError]>();
  for (const [code, fault] of faults) {
    const { values, error } = await run(fault);
    const raised = error ?? errorIn(values[0]);
    if (!(raised instanceof StreamError)) throw new Error(`No error came of: ${fault.fault}`);
    examples.set(code, [fault, raised]);
  }
  return examples;
}

function codeOf(expected: Expected): string | undefined {
  if ('error' in expected) return expected.error.code;
  const error = errorIn(expected.values[0]);
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

function errorIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
}

/** A table whose columns are aligned, as the formatter aligns them. */
export function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(...[heads, ...lines].map((cells) => cells[column]?.length ?? 0), head.length),
  );
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [row(heads), rule, ...lines.map(row)].join('\n');
}

/** Words with underscores or brackets of their own, for Markdown to leave alone. */
export function escaped(text: string): string {
  return text.replaceAll(/\S*[_[\]"]\S*/g, (word) => {
    const [, inner = word, mark = ''] = /^(.*?)([,;.]?)$/.exec(word) ?? [];
    return `\`${inner}\`${mark}`;
  });
}
