import type { Presented, Protocol } from '../test/codecs/conformance/presented.js';
import { FEATURES, type Feature } from '../test/codecs/conformance/carries.js';
import { ENTRY_MODULES } from './entryModules.js';

const SECTION = /(?<=<!-- protocols -->\n)[^]*?(?=<!-- \/protocols -->)/;

const MARKS = { whole: '✓', partly: '◐', none: '–' } as const;

const LOSSES = { none: 'left out', partly: 'in part, or in another form' } as const;

const FRAMINGS = { sse: 'SSE', ndjson: 'NDJSON', eventstream: 'AWS event streams' } as const;

const LENGTH_OF_LINE = 116;

/**
 * Writes `docs/protocols.md`.
 *
 * @param protocols - what to present
 * @returns the page, formatted as prettier does it
 */
export function protocolsPage(protocols: readonly Presented[]): string {
  const sections = [
    '# Protocols',
    wrapped(
      'A codec reads one protocol as `StreamEvent`s and writes them in it again, so that two of them make a gateway: ' +
        '`decode(a)`, whatever operators you like, `encode(b)`. No protocol has a field for everything. This page ' +
        'says what becomes of the rest. It is generated from the table of protocols (`npm run protocols`), and the ' +
        'tests hold every codec to it with thousands of random streams: what has a ✓ is the same again, to the ' +
        'letter, after it was written and read.',
    ),
    protocols
      .map(({ codec, entry, what }) =>
        listed(
          `\`${codec.name}\`, over ${FRAMINGS[codec.framing]}, from \`rxjs-llm-stream/${entry}\`: ${what}`,
        ),
      )
      .join('\n'),
    '## What each carries',
    `${MARKS.whole} as it is · ${MARKS.partly} in part, or in another form · ${MARKS.none} left out`,
    marks(protocols),
    '## What becomes of the rest',
    ...protocols.flatMap((protocol) => [
      `### ${protocol.codec.name}`,
      rest(protocol, (feature) => protocol.carries[feature] !== true),
      ...(protocol.dialects ?? []).flatMap((dialect) => [
        `#### With \`${dialect.call}\`, besides that`,
        rest(dialect, (feature) => protocol.carries[feature] !== dialect.carries[feature]),
      ]),
    ]),
    '## Translations',
    wrapped(
      'What the one carries, at least in part, and the other does not carry as it is. Events of an unknown type pass, ' +
        'but in the words of the protocol they came from. One that is named like an event of the other protocol is left ' +
        'out, because it would be read as that event.',
    ),
    ...protocols.flatMap((from) => [
      `### From ${from.codec.name}`,
      protocols
        .filter((to) => to !== from)
        .map((to) => lost(from, to))
        .join('\n'),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/**
 * Puts the protocols into README.md.
 *
 * @param page - the text of README.md
 * @throws Error where the page has no place for them
 */
export function withProtocols(page: string, protocols: readonly Presented[]): string {
  if (!SECTION.test(page)) throw new Error('README.md has no <!-- protocols --> and <!-- /protocols -->');
  const rows = protocols.flatMap(({ codec, entry, beside = [], ...first }) =>
    [{ ...first, name: exportOf(codec) }, ...beside].map(({ name, what, imported, use }) => [
      `\`${name}\``,
      what,
      `\`import { ${imported} } from 'rxjs-llm-stream/${entry}';\`<br>\`${use}\``,
    ]),
  );
  return page.replace(
    SECTION,
    () => `\n${table([['codec', 'reads and writes', 'in two lines'], ...rows])}\n\n`,
  );
}

/** The name under which an entry exports a codec. */
function exportOf(codec: object): string {
  const exported = ENTRY_MODULES.flatMap((entry) => Object.entries(entry) as [string, unknown][]);
  return exported.find(([, value]) => value === codec)?.[0] ?? '';
}

function marks(protocols: readonly Presented[]): string {
  return table([
    ['', ...protocols.map(({ codec }) => codec.name)],
    ...features().map((feature) => [
      FEATURES[feature],
      ...protocols.map((protocol) => markOf(protocol, feature)),
    ]),
  ]);
}

/** A table, its first row the head. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => widest(rows, column)) ?? [];
  const [head = [], ...others] = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)),
  );
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...others].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function widest(rows: readonly (readonly string[])[], column: number): number {
  return Math.max(...rows.map((row) => row[column]?.length ?? 0));
}

function rest({ carries }: Protocol, isNamed: (feature: Feature) => boolean): string {
  const items = features()
    .filter(isNamed)
    .map((feature) => {
      const words = carries[feature];
      return listed(`**${FEATURES[feature]}**: ${words === true ? 'as it is' : words}`);
    });
  return items.length === 0 ? 'Nothing is lost.' : items.join('\n');
}

function lost(from: Protocol, to: Protocol): string {
  const sent = features().filter((feature) => markOf(from, feature) !== MARKS.none);
  const losses = (['none', 'partly'] as const).flatMap((kind) => {
    const names = sent.filter((feature) => markOf(to, feature) === MARKS[kind]).map((name) => FEATURES[name]);
    return names.length === 0 ? [] : [wrapped(`${LOSSES[kind]}: ${names.join('; ')}`, '  - ', '    ')];
  });
  const title = `to \`${to.codec.name}\``;
  return losses.length === 0 ? listed(`${title}: nothing is lost`) : [listed(title), ...losses].join('\n');
}

function markOf({ carries }: Protocol, feature: Feature): string {
  const words = carries[feature];
  if (words === true) return MARKS.whole;
  return /^left out(?:[,:;]|$)/.test(words) ? MARKS.none : MARKS.partly;
}

function features(): readonly Feature[] {
  return Object.keys(FEATURES) as Feature[];
}

function listed(text: string): string {
  return wrapped(text, '- ', '  ');
}

/** The text in lines, the first after one indent and the others after another. */
function wrapped(text: string, first = '', others = ''): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const isEmpty = line === first || line === others;
    if (!isEmpty && line.length + 1 + word.length > LENGTH_OF_LINE) {
      lines.push(line);
      line = others;
    }
    line += line === first || line === others ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
