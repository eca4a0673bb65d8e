/** What an option of an operator takes. */
export type OptionKind = 'ms' | 'count' | 'choice' | 'flag' | 'text' | 'words';

/** One field of an operator's form. */
export interface OptionSpec {
  readonly name: string;
  readonly kind: OptionKind;
  /** What it does, in a few words. */
  readonly hint: string;
  /** The words of a choice; the first is what happens without it, unless it is needed. */
  readonly of?: readonly string[];
  /** What stands there at first, where the operator cannot do without it. */
  readonly needed?: OptionValue;
}

export type OptionValue = number | string | boolean | readonly string[];

/** Options as a form has them: whatever somebody typed, or a link brought. */
export type RawOptions = Readonly<Record<string, unknown>>;

export type Options = Readonly<Record<string, OptionValue>>;

/** An option that is not what its operator takes. */
export class WrongOption extends Error {
  override readonly name = 'WrongOption';
}

/**
 * What a form says, as the operator takes it.
 *
 * @throws WrongOption naming the option, what it takes and what it was given
 */
export function optionsOf(specs: readonly OptionSpec[], raw: RawOptions): Options {
  const stranger = Object.keys(raw).find((name) => !specs.some((spec) => spec.name === name));
  if (stranger !== undefined) {
    const known = specs.map(({ name }) => name).join(', ') || 'none';
    throw new WrongOption(`There is no option ${stranger}: it has ${known}`);
  }
  const read = specs.flatMap((spec): [string, OptionValue][] => {
    const value = valueOf(spec, raw[spec.name]);
    return value === undefined ? [] : [[spec.name, value]];
  });
  return Object.fromEntries(read);
}

function valueOf(spec: OptionSpec, given: unknown): OptionValue | undefined {
  const value = typeof given === 'string' && spec.kind !== 'text' ? given.trim() : given;
  if (value === undefined || value === null || value === '') {
    if (spec.needed === undefined) return undefined;
    if (value !== undefined) throw new WrongOption(`${spec.name} is needed: ${TAKES[spec.kind](spec)}`);
    return spec.needed;
  }
  const read = READ[spec.kind](value, spec);
  if (read !== undefined) return read;
  throw new WrongOption(`${spec.name} takes ${TAKES[spec.kind](spec)}, not ${JSON.stringify(given)}`);
}

type Read = (value: unknown, spec: OptionSpec) => OptionValue | undefined;

function numberOf(value: unknown, isGood: (number: number) => boolean): number | undefined {
  const number = typeof value === 'string' ? Number(value.replaceAll('_', '')) : value;
  return typeof number === 'number' && Number.isFinite(number) && isGood(number) ? number : undefined;
}

const READ: Readonly<Record<OptionKind, Read>> = {
  ms: (value) => numberOf(value, (number) => number >= 0),
  count: (value) => numberOf(value, (number) => number >= 0 && Number.isInteger(number)),
  choice: (value, { of = [] }) => of.find((word) => word === value),
  flag: (value) =>
    value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined,
  text: (value) => (typeof value === 'string' ? value : undefined),
  words: (value) => {
    const words = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value;
    if (!Array.isArray(words) || !words.every((word): word is string => typeof word === 'string'))
      return undefined;
    return words.filter((word) => word !== '');
  },
};

const TAKES: Readonly<Record<OptionKind, (spec: OptionSpec) => string>> = {
  ms: () => 'a number of ms, 0 or more',
  count: () => 'a whole number, 0 or more',
  choice: ({ of = [] }) => `one of ${of.join(', ')}`,
  flag: () => 'yes or no',
  text: () => 'a text',
  words: () => 'words with commas between them',
};

/** Options that were checked, as the type that an operator gives them. */
export function taken(options: Options): never {
  return options as never;
}

/** Options as code spells them; nothing where there are none. */
export function optionsCode(options: Options): string {
  const members = Object.entries(options).map(([name, value]) => `${name}: ${valueCode(value)}`);
  return members.length === 0 ? '' : `{ ${members.join(', ')} }`;
}

/** A value as code spells it. */
export function valueCode(value: OptionValue): string {
  if (typeof value === 'string') {
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }
  if (typeof value === 'object') return `[${value.map(valueCode).join(', ')}]`;
  return String(value);
}
