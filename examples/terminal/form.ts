import type { JsonGrowth, JsonPath, JsonValue } from '../../src/index.js';

/** One line of a form, as in `    - place: Kurama`. */
export interface FormLine {
  readonly path: JsonPath;
  /** In levels. */
  readonly indent: number;
  /** `place:`, `-` for an item of a list, `- place:` for the first member of one; empty where a value stands alone. */
  readonly label: string;
  readonly kind: 'string' | 'literal' | 'container';
  /** A string so far; a number or literal as JSON spells it; `{}` or `[]` for a container, until it has a member. */
  readonly text: string;
}

/**
 * A form: its last line, and the form above that. It never changes; one that has grown shares with it what is above. So
 * it costs the same to add a line, or to a line, however long the form is, and it can be shown from its end.
 */
export interface Form {
  readonly line: FormLine;
  readonly above: Form | undefined;
}

/**
 * Lets a form grow as its input has grown. Strings are added to, never looked into: that would make the engine copy
 * them whole. A key that is written twice stands there twice.
 *
 * @param previous - the form before; `undefined` for one without lines
 * @param growth - what came, from one snapshot of `accumulateToolInput()`
 * @returns the form after
 */
export function form(previous: Form | undefined, growth: readonly JsonGrowth[]): Form | undefined {
  return growth.reduce(grow, previous);
}

function grow(before: Form | undefined, { path, text, value }: JsonGrowth): Form | undefined {
  if (text === undefined) {
    return changeAt(before, path.slice(0, -1), (place) => withValue(place, path, value));
  }
  return changeAt(before, path, (place) => {
    return place && withLine(place.above, { ...place.line, text: place.line.text + text });
  });
}

/** Changes a form at the last line that is at a path, or within it; nearly always the very last. */
function changeAt(
  form: Form | undefined,
  path: JsonPath,
  change: (place: Form | undefined) => Form | undefined,
): Form | undefined {
  const below: FormLine[] = [];
  let place = form;
  for (; place !== undefined && !isWithin(place.line.path, path); place = place.above) below.push(place.line);
  return below.reduceRight(withLine, change(place));
}

/** A form with a value at its end, and all that is in it. */
function withValue(form: Form | undefined, path: JsonPath, value: JsonValue): Form | undefined {
  const isOutermost = path.length === 0 && isContainer(value);
  const started = isOutermost ? form : withMember(form, newLine(path, value));
  if (!isContainer(value)) return started;
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return members.reduce((grown, [key, member]) => withValue(grown, [...path, key], member), started);
}

/** The first member of a list's item stands beside its dash; that of an object or list under its name. */
function withMember(form: Form | undefined, line: FormLine): Form {
  if (form === undefined || !isMember(line, form.line)) return withLine(form, line);
  const { above, line: parent } = form;
  if (typeof parent.path.at(-1) === 'string') return withLine(withLine(above, { ...parent, text: '' }), line);
  return withLine(above, { ...line, indent: parent.indent, label: `${parent.label} ${line.label}` });
}

function withLine(above: Form | undefined, line: FormLine): Form {
  return { line, above };
}

function newLine(path: JsonPath, value: JsonValue): FormLine {
  return { path, indent: Math.max(0, path.length - 1), label: labelOf(path.at(-1)), ...spelled(value) };
}

function labelOf(key: string | number | undefined): string {
  if (key === undefined) return '';
  return typeof key === 'number' ? '-' : `${key === '' ? '""' : key}:`;
}

function spelled(value: JsonValue): Pick<FormLine, 'kind' | 'text'> {
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (isContainer(value)) return { kind: 'container', text: Array.isArray(value) ? '[]' : '{}' };
  return { kind: 'literal', text: String(value) };
}

function isMember({ path }: FormLine, { kind, path: outer }: FormLine): boolean {
  return kind === 'container' && path.length > outer.length && isWithin(path, outer);
}

function isContainer(value: JsonValue): value is Exclude<JsonValue, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function isWithin(path: JsonPath, outer: JsonPath): boolean {
  return outer.every((key, at) => key === path[at]);
}
