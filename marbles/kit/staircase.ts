/** One operator of a staircase and what is drawn under it. */
export interface Step {
  /** The operator as it stands in the drawing, such as `untilTerminal()`. */
  readonly operator: string;
  /** What comes out: the result of the source and every operator down to this one. */
  readonly row: string;
  /** When the subscriber leaves, where the drawing says so: `-----!`. */
  readonly unsubscribe: string | undefined;
  /** The subscriptions that the source at the top sees, `^---!`; none drawn, none compared. */
  readonly subscriptions: readonly string[];
}

/** A drawing, read: a source row and the operators below it. */
export interface Staircase {
  readonly source: string;
  readonly temperature: 'cold' | 'hot';
  readonly steps: readonly Step[];
}

/**
 * Reads a drawing:
 *
 * ```text
 * -m-o-t-c-z-x-x-|      the source: cold, or `hot -m-^-o-|`
 * > untilTerminal()     an operator
 * -m-o-t-c-(z|)         what comes out of it
 * -----!                optional, a row without `^`: the subscriber unsubscribes here
 * ^--------!            optional, once or more: when the source was subscribed
 * > toBlocks()          and so on
 * ```
 *
 * Rows may be indented: spaces take no time.
 *
 * @param drawing - the text
 * @throws Error naming the row that does not fit
 */
export function staircase(drawing: string): Staircase {
  const [top, ...below] = drawing
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  if (top === undefined || top.startsWith('>'))
    throw new Error(`A drawing begins with its source:\n${drawing}`);
  const hot = /^hot\s+/.exec(top);
  return {
    source: hot ? top.slice(hot[0].length) : top,
    temperature: hot ? 'hot' : 'cold',
    steps: stepsOf(below),
  };
}

function stepsOf(rows: readonly string[]): Step[] {
  const starts = rows.flatMap((row, at) => (row.startsWith('>') ? [at] : []));
  if (starts[0] !== 0)
    throw new Error(`An operator, '> …', stands under the source, not: ${rows[0] ?? 'nothing'}`);
  return starts.map((at, nth) => stepOf(rows.slice(at, starts[nth + 1])));
}

function stepOf([heading = '', row, ...rest]: readonly string[]): Step {
  if (row === undefined) throw new Error(`Nothing is drawn under: ${heading}`);
  const [unsubscribe, ...more] = rest.filter((line) => /^[-!\s\d.ms]*!$/.test(line));
  const subscriptions = rest.filter((line) => line.includes('^'));
  if (more.length > 0 || subscriptions.length + Number(unsubscribe !== undefined) < rest.length) {
    throw new Error(
      `Neither one unsubscription nor subscriptions stand under: ${heading}\n${rest.join('\n')}`,
    );
  }
  return { operator: heading.slice(1).trim(), row, unsubscribe, subscriptions };
}
