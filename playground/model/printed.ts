import { asyncScheduler, materialize, toArray, type Observable, type OperatorFunction } from 'rxjs';
import { isStreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Row as DrawnRow } from '../../src/pictures/drawing.js';
import { toSvg } from '../../src/pictures/toSvg.js';
import { nameOf, wear } from '../../src/pictures/wear.js';
import { marbleTest } from '../../src/testing/recordings/marbleTest.js';
import { recordingText, type Recording } from '../../src/testing/recordings/recording.js';
import { soundOf, type Link } from './chain.js';
import type { Feed } from './feed.js';
import { protocolOf } from './protocols.js';
import type { Row } from './run.js';

/** A test of more events is longer than anybody reads. */
const MOST_TESTED = 1_000;

/** A picture of more values of a row says nothing. */
const MOST_DRAWN = 400;

/** Why it is not printed, for a person. */
export class NotPrinted extends Error {
  override readonly name = 'NotPrinted';
}

/** What a chain imports: names by module, in the order of their first use. */
function importsOf(
  links: readonly Link[],
  more: readonly (readonly [string, readonly string[]])[] = [],
): string {
  const names = new Map<string, Set<string>>();
  const add = (module: string, imported: readonly string[]): void => {
    const known = names.get(module) ?? new Set();
    for (const name of imported) known.add(name);
    names.set(module, known);
  };
  for (const { spec } of links) {
    if (!spec) continue;
    for (const [module, imported] of Object.entries(spec.imports ?? {})) add(module, imported);
    add(spec.entry, [spec.name]);
  }
  for (const [module, imported] of more) add(module, imported);
  return [...names]
    .sort(([one], [other]) => Number(one !== 'rxjs') - Number(other !== 'rxjs') || (one < other ? -1 : 1))
    .map(([module, imported]) => `import { ${[...imported].sort().join(', ')} } from '${module}';`)
    .join('\n');
}

/** The chain as an application has it. */
export function codeOf({ codec }: Feed, links: readonly Link[]): string {
  const sound = soundOf(links);
  const { code, entry, imported } = protocolOf(codec);
  const imports = importsOf(sound, [
    ['rxjs-llm-stream', ['streamEvents']],
    [entry, imported],
  ]);
  const piped = sound.length === 0 ? '' : `.pipe(\n${sound.map((link) => `    ${link.code},\n`).join('')}  )`;
  return `${imports}

streamEvents('/api/chat', { codec: ${code}, method: 'POST' })
  ${piped === '' ? '' : `${piped}\n  `}.subscribe({
    next: (value) => console.log(value),
    error: (error) => console.error(error.code, error.retryable, error.partial),
  });
`;
}

/**
 * A test of the chain over these events, to be pasted: what it gives today is what it expects.
 *
 * @throws NotPrinted for too many events; StreamError `limit` for too many values at once
 */
export function testOf(recording: Recording, links: readonly Link[], name: string): string {
  const { length } = recording.entries;
  if (length > MOST_TESTED) {
    throw new NotPrinted(
      `A test of ${length} events is longer than anybody reads: cut the stream to ${MOST_TESTED}`,
    );
  }
  const sound = soundOf(links);
  if (sound.length === 0) return marbleTest(recording, { name });
  const operators = sound.map((link) => link.make(asyncScheduler) as OperatorFunction<unknown, unknown>);
  const operator = (source: Observable<StreamEvent>): Observable<unknown> =>
    operators.reduce<Observable<unknown>>((values, each) => values.pipe(each), source);
  const code = sound.map((link) => link.code).join(', ');
  try {
    return marbleTest(recording, { name, tested: { operator, code, imports: importsOf(sound) } });
  } catch (error) {
    if (!isStreamError(error) || error.code !== 'limit') throw error;
  }
  // Marbles have no room for many values at once: then what comes is told at the end, in its order.
  const tested = {
    operator: (source: Observable<StreamEvent>) => operator(source).pipe(materialize(), toArray()),
    code: `${code}, materialize(), toArray()`,
    imports: importsOf(sound, [['rxjs', ['materialize', 'toArray']]]),
  };
  return marbleTest(recording, { name, tested });
}

/** The events as the library keeps them. */
export function recordedText(recording: Recording): string {
  return recordingText(recording);
}

/**
 * The events and what each operator makes of them, as one picture.
 *
 * @throws NotPrinted for too many values
 */
export function pictureOf(recording: Recording, links: readonly Link[], rows: readonly Row[]): string {
  const most = Math.max(recording.entries.length, ...rows.map(({ values }) => values.length));
  if (most > MOST_DRAWN) {
    if (links.length === 0) return toSvg(recording, { title: 'What came' });
    throw new NotPrinted(
      `A picture of ${most} values in a row says nothing: cut the stream to ${MOST_DRAWN}`,
    );
  }
  const { entries, end } = recording;
  const source = drawnRow('events', {
    times: entries.map(({ at }) => at),
    values: entries.map(({ event }) => event),
    end:
      end.end === 'error'
        ? { at: end.at, kind: 'error', error: end.error }
        : { at: end.at, kind: end.end === 'complete' ? 'complete' : 'unsubscribe' },
    more: undefined,
    causes: [],
  });
  const drawn = links.flatMap((link, nth): DrawnRow[] => {
    const row = rows[nth];
    if (link.problem !== undefined || !row) return [];
    return [{ kind: 'operator', text: link.code }, drawnRow('', row)];
  });
  return toSvg({ title: links.map(({ code }) => code).join(', ') || 'events', rows: [source, ...drawn] });
}

function drawnRow(label: string, { times, values, end }: Row): DrawnRow {
  return {
    kind: 'line',
    ...(label !== '' && { label }),
    marbles: values.map((value, nth) => ({ time: times[nth] ?? 0, ...wear(value) })),
    until: end?.at ?? times.at(-1) ?? 0,
    ...(end && {
      end: { time: end.at, kind: end.kind, ...(end.kind === 'error' && { label: labelOf(end.error) }) },
    }),
  };
}

function labelOf(error: unknown): string {
  if (error instanceof Error) return nameOf(error);
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  return code ?? name ?? 'error';
}
