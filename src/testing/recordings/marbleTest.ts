import type { OperatorFunction } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { span } from '../letters/notation.js';
import type { TimedSymbol } from '../letters/row.js';
import { recordedErrorOf, type Recording } from './recording.js';
import { letterTable, rowOf, toMarbles, type Marbles, type ToMarblesOptions } from './toMarbles.js';

/** An operator to test, and how the test spells it. */
export interface TestedOperator {
  readonly operator: OperatorFunction<StreamEvent, unknown>;
  /** The operator in the test's code: `toText()`. */
  readonly code: string;
  /** The import declarations that this needs. */
  readonly imports?: string | undefined;
}

/** Options of {@link marbleTest}. */
export interface MarbleTestOptions extends ToMarblesOptions {
  /** What the test is called. Default: the name of the recording. */
  readonly name?: string | undefined;
  /**
   * What is tested: it is run over the recording, and what it does today is what the test expects. Default: nothing; the
   * test then expects the events as they were recorded.
   */
  readonly tested?: TestedOperator | undefined;
}

/**
 * Writes a test of a recording, to be pasted: the recording as marbles, and what an operator makes of it.
 *
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs';
 * import { toText } from 'rxjs-llm-stream';
 * import { marbleTest, parseRecording } from 'rxjs-llm-stream/testing';
 *
 * const recording = parseRecording(readFileSync('answer.jsonl', 'utf8'));
 * const tested = { operator: toText(), code: 'toText()', imports: "import { toText } from 'rxjs-llm-stream';" };
 * writeFileSync('answer.test.ts', marbleTest(recording, { name: 'gives the whole text', tested }));
 * ```
 *
 * @param recording - what {@link record} gave, or a parsed file
 * @param options - the test's name, what is tested, and the letters
 * @returns a file of TypeScript for any test runner with a global `it`
 * @throws StreamError `limit` where the operator emits more at once than a row has room for before its next value
 * @see toMarbles
 */
export function marbleTest(recording: Recording, options: MarbleTestOptions = {}): string {
  const { name = recording.name ?? 'a recorded stream', tested } = options;
  const source = toMarbles(recording, options);
  const output = tested && outputOf(source, tested.operator);
  const { error } = output ?? source;
  const needsError = [source.error, error].some(
    (given) => given !== undefined && errorSource(given).includes('new StreamError('),
  );
  const until = source.subscription === undefined ? '' : `, ${rowSource(source.subscription, '')}`;
  const imports = [
    `import { ${needsError ? 'StreamError, ' : ''}type StreamEvent } from 'rxjs-llm-stream';`,
    "import { runMarbles } from 'rxjs-llm-stream/testing';",
    ...(tested?.imports === undefined ? [] : [tested.imports.trim()]),
  ];
  return `${imports.join('\n')}

const recorded: Record<string, object> = ${tableSource(source.values)};
${output ? `\nconst expected = ${tableSource(output.values)};\n` : ''}
it(${sourceOf(name)}, () =>
  runMarbles(({ cold, expectObservable }) => {
    const source = cold(
      ${rowSource(source.marbles, '        ')},
      recorded as Record<string, StreamEvent>,${errorArgument(source.error)}
    );
    expectObservable(source${tested ? `.pipe(${tested.code})` : ''}${until}).toBe(
      ${rowSource(output?.marbles ?? source.marbles, '        ')},
      ${output ? 'expected' : 'recorded'},${errorArgument(error)}
    );
  }));
`;
}

/** What an operator made of a recording. */
interface Output {
  readonly marbles: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
}

function outputOf(source: Marbles, operator: OperatorFunction<StreamEvent, unknown>): Output {
  const table = letterTable();
  const symbols: TimedSymbol[] = [];
  let failure: unknown;
  const leave = source.subscription === undefined ? Infinity : span(source.subscription).unsubscribedFrame;
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold }) => {
    const note = (symbol: string): void => void symbols.push({ at: scheduler.now(), symbol });
    const subscription = cold<StreamEvent>(source.marbles, source.values, source.error)
      .pipe(operator)
      .subscribe({
        next: (value) => note(table.letterOf(value)),
        error: (error: unknown) => {
          failure = error;
          note('#');
        },
        complete: () => note('|'),
      });
    if (leave !== Infinity) scheduler.schedule(() => subscription.unsubscribe(), leave);
  });
  const { marbles, frames } = rowOf(symbols);
  const late = symbols.find(({ at }, nth) => frames[nth] !== at);
  if (late) {
    throw new StreamError(
      'limit',
      `The row has no room at ${late.at} ms: too many values came at once before`,
    );
  }
  return { marbles, values: table.values(), ...(failure !== undefined && { error: failure }) };
}

function tableSource(values: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(values).map(
    ([letter, value]) => `  ${nameSource(letter)}: ${sourceOf(value)},\n`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}}`;
}

function errorArgument(error: unknown): string {
  return error === undefined ? '' : `\n      ${errorSource(error)},`;
}

/** The longest line of a row. */
const MAX_ROW = 90;

/** A value as TypeScript spells it. */
export function sourceOf(value: unknown): string {
  if (typeof value === 'string') return textSource(value);
  if (value instanceof Error) return errorSource(value);
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  const members = Object.entries(value).map(([name, member]) => `${nameSource(name)}: ${sourceOf(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** An error as TypeScript spells it, with what it carries. */
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

/** A row of marbles as TypeScript spells it, in lines. */
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
