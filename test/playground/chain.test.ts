import { CATALOGUE } from '../../playground/model/catalogue.js';
import { FIRST_CHAIN, linksOf } from '../../playground/model/chain.js';
import { apart } from '../../playground/model/apart.js';
import { Identities, partsOf } from '../../playground/model/identity.js';
import { groupsOf } from '../../marbles/gallery/readme.js';
import { shown, step } from './shown.js';

const ROW = 'm-o-t-p-u-t-c-b-i-j-d-y-z|';
const FENCED =
  "script().text('A fence:\\n```js\\nlet a;\\n```\\n').toolUse('f', { a: 1 }).deltas({ words: 1 }).timed(9)";
const ALL = CATALOGUE.flatMap(({ operators }) => operators);

describe('a chain', () => {
  it('runs the operators of the library, in virtual time', async () => {
    const { chains } = await shown(ROW, [[step('dropPings'), step('untilTerminal'), step('textDeltas')]]);
    const [pings, terminal, text] = chains[0]?.rows ?? [];
    expect(pings?.times).toEqual([0, 2, 4, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
    expect(pings?.end).toEqual({ at: 24, kind: 'unsubscribe' });
    expect(terminal?.end).toEqual({ at: 24, kind: 'complete' });
    expect(text?.values).toEqual(['la', ' 🎵', 'la']);
    expect(text?.times).toEqual([4, 8, 10]);
  });

  it('lets clocks run that outlast the source', async () => {
    const { chains } = await shown('m-o-t--', [[step('streamTimeout', { idle: '500' })]]);
    expect(chains[0]?.rows[0]?.end).toMatchObject({
      at: 504,
      kind: 'error',
      error: { code: 'timeout', kind: 'idle' },
    });
  });

  it('tries again, and ends', async () => {
    const { chains } = await shown('m-o-t-#', [[step('retryWithReset', { count: 2, delay: 100 })]]);
    const [row] = chains[0]?.rows ?? [];
    expect(
      row?.values.map((event) => (event as { type: string }).type).filter((type) => type === 'reset'),
    ).toHaveLength(2);
    expect(row?.end).toMatchObject({ kind: 'error', error: { code: 'network' } });
  });

  it('stays open with a source that does', async () => {
    const { chains } = await shown('m-o--', [FIRST_CHAIN]);
    expect(chains[0]?.rows.map(({ end }) => end)).toEqual([undefined, undefined]);
  });

  it('gives every operator something to do', async () => {
    for (const { name, takes } of ALL) {
      const before = takes?.includes('events') === false ? [step('textDeltas')] : [];
      const { chains } = await shown(FENCED, [[...before, step(name)]]);
      const { links = [], rows = [] } = chains[0] ?? {};
      expect([name, links.map(({ problem }) => problem).filter(Boolean)]).toEqual([name, []]);
      const row = rows.at(-1);
      expect([name, (row?.values.length ?? 0) > 0 || row?.end?.kind === 'error']).toEqual([name, true]);
    }
  });

  it('says what is wrong where it is wrong, and goes on without it', async () => {
    const steps = [
      step('streamTimeout', { idle: 'soon' }),
      step('toText'),
      step('toBlocks'),
      step('hologram'),
      step('smoothText', { by: 'page' }),
      step('toSentences', { min: 9, max: 3 }),
      step('dropPings', { hard: true }),
    ];
    const { chains } = await shown(ROW, [steps]);
    const { links = [], rows = [] } = chains[0] ?? {};
    expect(links.map(({ problem }) => problem)).toEqual([
      'idle takes a number of ms, 0 or more, not "soon"',
      undefined,
      'toBlocks reads events, and toText gives text',
      'There is no operator hologram',
      'by takes one of word, grapheme, line, not "page"',
      expect.stringContaining('Sentences of 9 to 3 characters'),
      'dropPings reads events, and toText gives text',
    ]);
    expect(rows.map(({ values }) => values.length)).toEqual([13, 1, 1, 1, 1, 1, 1]);
    expect(linksOf([step('dropPings', { hard: true })])[0]?.problem).toBe(
      'There is no option hard: it has none',
    );
  });

  it('is offered what the README lists, but for what needs more than one stream', () => {
    const listed = groupsOf().flatMap(({ operators }) => operators);
    const left = listed.filter((name) => !ALL.some((spec) => spec.name === name));
    expect(left).toEqual([
      'branch',
      'byLane',
      'runTools',
      'latestPerFrame',
      'shareSnapshot',
      'transformText',
    ]);
    expect(ALL.filter(({ name }) => !listed.includes(name))).toEqual([]);
  });
});

describe('two chains', () => {
  it('differ in values, in times and in how they end', async () => {
    const { chains } = await shown('m-o-t-u-c-s-', [
      [step('textDeltas')],
      [step('streamTimeout', { idle: 5 }), step('coalesce', { within: 3 }), step('textDeltas')],
    ]);
    const [one, other] = chains.map(({ rows }) => rows.at(-1));
    if (!one || !other) throw new Error('A row is missing');
    expect(apart(one, one)).toEqual([]);
    expect(apart(one, other)).toEqual([
      { at: 4, what: 'Only A has a value here' },
      { at: 6, what: 'Only A has a value here' },
      { at: 7, what: 'Only B has a value here' },
      { at: 15, what: 'A stays open, B fails with timeout at 15 ms' },
    ]);
  });

  it('name the place where two values differ', async () => {
    const { chains } = await shown(ROW, [
      [step('toText')],
      [step('guardText', { words: 'la', replace: '*' }), step('toText')],
    ]);
    const [one, other] = chains.map(({ rows }) => rows.at(-1));
    if (!one || !other) throw new Error('A row is missing');
    expect(apart(one, other)).toEqual([{ at: 24, what: 'It is "la 🎵la" in A, "* 🎵*" in B' }]);
  });
});

describe('the parts of snapshots', () => {
  it('are the same objects where nothing changed', async () => {
    const { chains } = await shown(ROW, [[step('accumulateMessage')]]);
    const identities = new Identities();
    const numbers = chains[0]?.rows[0]?.values.map((value) =>
      partsOf(value).map((part) => identities.numberOf(part)),
    );
    // The text is finished when the call grows.
    const [text, call] = numbers?.at(-1) ?? [];
    expect(numbers?.filter((each) => each[0] === text).length).toBeGreaterThan(4);
    expect(numbers?.filter((each) => each[1] === call).length).toBeLessThan(4);
  });
});
