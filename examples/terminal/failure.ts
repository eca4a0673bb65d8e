import { StreamError } from '../../src/index.js';
import { printable } from './width.js';

const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** The most characters quoted of what could not be read. */
const MAX_QUOTE = 60;

/** A failure in one line for a person. */
export function explain(error: unknown): string {
  const [failure, ...causes] = chainOf(error);
  const code = causes.map(codeOf).find((known) => known !== undefined);
  const trouble = FILE_TROUBLE[code ?? ''];
  if (trouble !== undefined) return line(`Cannot read ${pathOf(causes) ?? 'it'}: ${trouble}`);
  const reason = code ?? causes.at(-1)?.message;
  return line(`${wordsOf(failure)}${reason === undefined ? '' : ` (${reason})`}`);
}

function wordsOf(error: Error | undefined): string {
  if (!(error instanceof StreamError)) return error?.message ?? 'unknown';
  const { code, message, raw } = error;
  return `${code}: ${message}${raw === undefined ? '' : `; it begins: ${raw.trim().slice(0, MAX_QUOTE)}`}`;
}

/** The error and what caused it, outermost first. */
function chainOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : [];
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function pathOf(errors: readonly Error[]): string | undefined {
  const error = errors.find((each) => 'path' in each);
  return error && 'path' in error ? String(error.path) : undefined;
}

function line(text: string): string {
  return printable(text).replace(/\s+/g, ' ');
}
