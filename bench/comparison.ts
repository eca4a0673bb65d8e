import { INPUT_NAMES, LARGEST, type InputName, type Point } from './scaling.js';
import { FLOOR, SUBJECTS } from './subjects.js';
import { table, times } from './table.js';

/** What came of each subject for each input. */
export type Scaling = ReadonlyMap<string, ReadonlyMap<InputName, readonly Point[]>>;

/** How the inputs are called. */
export const INPUT_TITLES: Readonly<Record<InputName, string>> = {
  string: 'one long string with escapes',
  array: 'an array of small objects',
};

const KIB = 1024;

const METHOD = `The same bytes for each: one tool call whose input comes in deltas of 16 characters, and after every
delta its value is asked for and its members are looked at. What takes whole texts only parses the whole text again,
as its SDK does; what takes fragments is fed them. Parsers that know no events get the fragments from F1. A child
process for each line; one run of more than 4 s of CPU time is cut, and larger sizes with it. The last value of each is
compared with \`JSON.parse\`. The exponent is fitted over all sizes that were finished: 1 is linear, 2 a square; fixed
costs make small sizes look flatter than they are.`;

const COMPARED = `This package reads and checks the events themselves, and gives snapshots that never change; its parser alone does what
the parsers of others do.`;

const LEFT_OUT = `\`@ag-ui/client\` is not in the table: it reads another protocol, so the bytes would not be the same.`;

/** The comparison with other libraries, over sizes. */
export function comparison(scaling: Scaling): string {
  const parts = INPUT_NAMES.map(
    (input) => `### ${title(input)}, × F1 on the same bytes\n\n${rows(scaling, input)}`,
  );
  const subjects = SUBJECTS.filter(({ name }) => scaling.has(name)).map(
    ({ name, how }) => `- ${name}: ${how}.`,
  );
  return [METHOD, ...parts, subjects.join('\n'), COMPARED, LEFT_OUT].join('\n\n');
}

/** The power of the size that the time follows, over all sizes that were finished. */
export function exponentOf(points: readonly Point[]): number {
  const finished = points.filter(({ isCut }) => !isCut);
  const xs = finished.map(({ size }) => Math.log(size));
  const ys = finished.map(({ relative }) => Math.log(relative));
  const x = mean(xs);
  const y = mean(ys);
  const covariance = xs.reduce((sum, each, place) => sum + (each - x) * ((ys[place] ?? NaN) - y), 0);
  return covariance / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
}

/** The name of a size. */
export function sizeName(size: number): string {
  return size < LARGEST ? `${size / KIB} KiB` : `${size / LARGEST} MiB`;
}

function title(input: InputName): string {
  const words = INPUT_TITLES[input];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function rows(scaling: Scaling, input: InputName): string {
  const floor = scaling.get(FLOOR.name)?.get(input) ?? [];
  const lines = [...scaling].map(([name, row]) => {
    const points = row.get(input) ?? [];
    const cells = floor.map(({ size, relative }) =>
      cell(
        points.find((point) => point.size === size),
        relative,
      ),
    );
    return [name, ...cells, times(exponentOf(points))];
  });
  return table(['', ...floor.map(({ size }) => sizeName(size)), 'exponent'], lines);
}

function cell(point: Point | undefined, floor: number): string {
  return point === undefined || point.isCut ? 'cut' : ratio(point.relative / floor);
}

/** Three digits are more than the noise lets one say. */
function ratio(value: number): string {
  return value < 10 ? times(value) : String(Number(value.toPrecision(2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
