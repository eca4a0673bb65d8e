import { StreamError } from '../../errors/streamError.js';
import { recordedErrorOf } from './recording.js';

/** The longest line of a row. */
const MAX_ROW = 90;

/**
 * A value as TypeScript spells it.
 *
 * @param value - JSON, `undefined` and errors, in any depth
 */
export function sourceOf(value: unknown): string {
  if (typeof value === 'string') return textSource(value);
  if (value instanceof Error) return errorSource(value);
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  const members = Object.entries(value).map(([name, member]) => `${nameSource(name)}: ${sourceOf(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/**
 * An error as TypeScript spells it, with what it carries.
 *
 * @param error - any; of one that is no `StreamError`, its message, name and code
 */
export function errorSource(error: unknown): string {
  const { name, code, message, ...fields } = recordedErrorOf(error);
  if (error instanceof StreamError) {
    const { cause, partial } = error;
    const carried = {
      ...fields,
      ...(cause !== undefined && { cause }),
      ...(partial !== undefined && { partial }),
    };
    return `new StreamError(${textSource(error.code)}, ${textSource(message)}, ${sourceOf(carried)})`;
  }
  const own = { ...(name !== 'Error' && { name }), ...(code !== undefined && { code }) };
  const made = `new Error(${textSource(message)})`;
  return Object.keys(own).length === 0 ? made : `Object.assign(${made}, ${sourceOf(own)})`;
}

/**
 * A row of marbles as TypeScript spells it, in lines.
 *
 * @param row - marbles
 * @param indent - what the lines after the first begin with
 */
export function rowSource(row: string, indent: string): string {
  const lines = row.match(new RegExp(`.{1,${MAX_ROW - 1}}(?: |$)|.{1,${MAX_ROW}}`, 'gu')) ?? [''];
  return lines.map(textSource).join(` +\n${indent}`);
}

/** In single quotes. */
function textSource(text: string): string {
  const quoted = JSON.stringify(text).slice(1, -1);
  return `'${quoted.replace(/\\"|'|\\./g, (part) => (part === '\\"' ? '"' : part === "'" ? "\\'" : part))}'`;
}

/** The name of a member as TypeScript spells it. */
export function nameSource(name: string): string {
  // Without the brackets this one would be the prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textSource(name);
}
