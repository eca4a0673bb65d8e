import { codeOf, NotPrinted, pictureOf, recordedText, testOf } from '../../playground/model/printed.js';
import { CATALOGUE } from '../../playground/model/catalogue.js';
import { parseRecording } from '../../src/testing.js';
import { isThorough } from '../thorough.js';
import { passes } from './pasted.js';
import { shown, step } from './shown.js';

const ROW = 'm-o-t-p-u-t-c 200ms b-i-j-d-y-z|';

describe('the printed test', () => {
  it.runIf(isThorough)('passes when it is pasted, for each operator', async () => {
    for (const { name, takes } of CATALOGUE.flatMap(({ operators }) => operators)) {
      const before = takes?.includes('events') === false ? [step('textDeltas')] : [];
      const { recording, chains } = await shown(ROW, [[...before, step(name)]]);
      const printed = testOf(recording, chains[0]?.links ?? [], name);
      expect([name, passes(printed)]).toEqual([name, 1]);
    }
  });

  it('passes for a stream that was cut, stalled and lost', async () => {
    const steps = [step('streamTimeout', { idle: 1000 }), step('abortOpenBlocks'), step('accumulateMessage')];
    for (const edit of [
      { do: 'cut', bytes: 500, how: 'complete' },
      { do: 'cut', bytes: 500, how: 'lost' },
      { do: 'stall', part: 4, by: 5000 },
    ] as const) {
      const { recording, chains } = await shown(ROW, [steps], [edit]);
      expect(passes(testOf(recording, chains[0]?.links ?? [], 'a broken stream'))).toBe(1);
    }
  });

  it('fails where the operator does something else', async () => {
    const { recording, chains } = await shown(ROW, [[step('toText')]]);
    const printed = testOf(recording, chains[0]?.links ?? [], 'text');
    expect(() =>
      passes(printed.replaceAll('toText()', 'textDeltas()').replace('{ toText }', '{ textDeltas }')),
    ).toThrow('The marbles differ');
  });

  it('is not made of more events than anybody reads', async () => {
    const { recording } = await shown(`m-o${'-t'.repeat(1000)}-c-s-z|`);
    expect(() => testOf(recording, [], 'long')).toThrow(NotPrinted);
  });
});

describe('what is printed', () => {
  it('is the chain, with what it imports', async () => {
    const { feed, chains } = await shown(ROW, [
      [
        step('stopOn', { after: 30 }),
        step('untilTerminal', { truncation: 'complete' }),
        step('toText'),
        step('toBlocks'),
      ],
    ]);
    expect(codeOf(feed, chains[0]?.links ?? [])).toBe(`import { timer } from 'rxjs';
import { stopOn, streamEvents, toText, untilTerminal } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';

streamEvents('/api/chat', { codec: anthropic, method: 'POST' })
  .pipe(
    stopOn(timer(30)),
    untilTerminal({ truncation: 'complete' }),
    toText(),
  )
  .subscribe({
    next: (value) => console.log(value),
    error: (error) => console.error(error.code, error.retryable, error.partial),
  });
`);
  });

  it('is a recording that the library reads again', async () => {
    const { recording } = await shown(ROW);
    expect(parseRecording(recordedText(recording))).toEqual(recording);
  });

  it('is a picture of the events and of what each operator gives', async () => {
    const { recording, chains } = await shown(ROW, [[step('untilTerminal'), step('toBlocks')]]);
    const [{ links, rows } = { links: [], rows: [] }] = chains;
    const svg = pictureOf(recording, links, rows);
    for (const words of ['untilTerminal()', 'toBlocks()', 'get_weather']) expect(svg).toContain(words);
  });
});
