import { stripVTControlCharacters } from 'node:util';
import { from, map, NEVER, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { readArguments } from '../../examples/terminal/arguments.js';
import { explain } from '../../examples/terminal/failure.js';
import type { Room } from '../../examples/terminal/formLines.js';
import { atScreenPace, toFrames, type Frame } from '../../examples/terminal/frame.js';
import { STILL } from '../../examples/terminal/pace.js';
import { PROVIDERS } from '../../examples/terminal/providers.js';
import { blockLines, statusLine } from '../../examples/terminal/screen.js';
import { PROMPT } from '../../examples/terminal/script.js';
import { paintOn } from '../../examples/terminal/terminal.js';
import type { View } from '../../examples/terminal/view.js';
import { fold, printable, widthOf, wrap } from '../../examples/terminal/width.js';
import { events, StreamError, type Block } from '../../src/index.js';

const { message } = events.messageStart({ usage: { input_tokens: 642, output_tokens: 487 } });

describe('readArguments', () => {
  it.each([
    [['--speed', '0']],
    [['--speed', 'fast']],
    [['--speed', '1001']],
    [['--speed', '2', '--live', 'Hello']],
    [['--file', '']],
    [['--file', 'a.sse', '--live', 'Hello']],
    [['--model', 'm']],
    [['--provider', 'openai']],
    [['--base-url', 'http://localhost']],
    [['--live', '']],
    [['--live', 'Hi', '--provider', 'acme']],
    [['--live', 'Hi', '--base-url', 'localhost:8080']],
    [['--wrong']],
    [['a.sse']],
  ])('finds the mistake in %j, in one line', (args) => {
    expect(readArguments(args, { ANTHROPIC_API_KEY: 'key' })).toEqual({
      kind: 'mistake',
      reason: expect.stringMatching(/^[^\n]+$/),
    });
  });

  it.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['gemini', 'GEMINI_API_KEY or GOOGLE_API_KEY'],
  ])('names the variable that the key of %s is missing in', (provider, variable) => {
    const command = readArguments(['--live', 'Hi', '--provider', provider], { OTHER_API_KEY: 'key' });
    expect(command).toMatchObject({ kind: 'mistake' });
    expect(JSON.stringify(command)).toContain(`needs the environment variable ${variable} for ${provider};`);
  });

  it('reads a live request', () => {
    expect(readArguments(['--live', 'Hi', '--model', 'm'], { ANTHROPIC_API_KEY: 'key' })).toEqual({
      kind: 'live',
      prompt: 'Hi',
      provider: PROVIDERS.get('anthropic'),
      model: 'm',
      apiKey: 'key',
      baseURL: undefined,
    });
  });

  it('asks the example’s own question of a provider, whose key and address are where they usually are', () => {
    const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://gateway/v1' };
    const openai = { kind: 'live', prompt: PROMPT, provider: PROVIDERS.get('openai'), apiKey: 'key' };
    expect(readArguments(['--live', '--provider', 'openai'], env)).toMatchObject({
      ...openai,
      baseURL: 'http://gateway/v1',
    });
    expect(
      readArguments(['--provider', 'openai', '--base-url', 'http://localhost:8080/v1', '--live'], env),
    ).toMatchObject({ ...openai, baseURL: 'http://localhost:8080/v1' });
    expect(readArguments(['--live', '--provider', 'ollama'], {})).toMatchObject({ apiKey: undefined });
  });
});

const text: Block = { type: 'text', text: '', citations: null, index: 0, status: 'streaming' };
const view: View = {
  finished: [],
  open: [],
  calls: new Map(),
  message: undefined,
  pace: STILL,
  end: undefined,
};

const room = (width: number, height = 24): Room => ({ width, height });

const plain = (lines: readonly string[]): string[] => lines.map(stripVTControlCharacters);

describe('the screen', () => {
  it('wraps by the columns that letters take', () => {
    expect(wrap('tea 抹茶🍵 tea', 8)).toEqual(['tea 抹茶', '🍵 tea']);
    expect(wrap('a longerword', 4)).toEqual(['a', 'long', 'erwo', 'rd']);
    expect(fold('{"a":"京都"}', 7)).toEqual(['{"a":"', '京都"}']);
    expect(['e\u0301', '🇯🇵', '👨‍👩‍👧', '❤️'].map(widthOf)).toEqual([1, 2, 2, 2]);
  });

  it('keeps every line within any width', () => {
    const lines = blockLines({ ...text, text: '紅葉 and a-very-long-word 🍁\n\n    indented' }, room(9));
    expect(Math.max(...plain(lines).map(widthOf))).toBeLessThanOrEqual(9);
  });

  it('folds a text of 100,000 wide letters', () => {
    expect(fold('京'.repeat(100_000), 80)).toHaveLength(2500);
  });

  it('makes control characters visible', () => {
    expect(printable('\x1b[2J\x07\ta\r\nb\x9b')).toBe('␛[2J␇    a\nb\ufffd');
  });

  it('shows each kind and state of a block', () => {
    expect(plain(blockLines({ ...text, text: 'Hi' }, room(40)))).toEqual(['◐ text', '│ Hi', '']);
    expect(plain(blockLines({ ...text, status: 'aborted', reason: 'stopped' }, room(40)))[0]).toBe(
      '◌ text, cut off: stopped',
    );
    expect(
      plain(blockLines({ type: 'redacted_thinking', data: 'x', index: 0, status: 'complete' }, room(40))),
    ).toEqual(['● redacted thinking', '│ {"data":"x"}', '']);
    const thinking = { type: 'thinking', signature: '', index: 0, status: 'complete' } as const;
    expect(plain(blockLines({ ...thinking, thinking: '' }, room(40)))).toEqual(['● thinking, not shown', '']);
    expect(plain(blockLines({ ...thinking, thinking: 'Hm\n\n\n' }, room(40)))).toEqual([
      '● thinking',
      '│ Hm',
      '',
    ]);
  });

  it('drops from the status what does not fit', () => {
    const status = (width: number) => stripVTControlCharacters(statusLine({ ...view, message }, 1234, width));
    expect(status(120)).toMatch(/1\.2 s .* tokens in, 487 out$/);
    expect(status(12)).toMatch(/^\S 1\.2 s$/);
  });

  it('settles a block once, when it is finished', () => {
    const done: Block = { ...text, text: 'Hi', status: 'complete' };
    const frames: Frame[] = [];
    of({ ...view, open: [text] }, { ...view, finished: [done] }, { ...view, finished: [done], end: {} })
      .pipe(toFrames(() => room(40), { now: () => 0 }))
      .subscribe((frame) => frames.push(frame));
    expect(frames.map(({ settled }) => plain(settled))).toEqual([[], ['● text', '│ Hi', ''], []]);
    expect(frames.map(({ live }) => live.length)).toEqual([4, 1, 0]);
  });

  it('paints at most 30 frames a second, goes on while nothing comes, and loses no last view', () => {
    const views = [0, 1, 2].map((events) => ({ ...view, pace: { ...STILL, events } }));
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ cold, expectObservable }) => {
        const source = cold('(ab) 200ms (c|)', { a: views[0], b: views[1], c: views[2] } as Record<
          string,
          View
        >);
        expectObservable(
          source.pipe(
            atScreenPace(),
            map(({ pace }) => pace.events),
          ),
        ).toBe('34ms 1 99ms 1 99ms (2|)', { 1: 1, 2: 2 });
      },
    );
  });

  it('paints over the frame before, and gives the cursor back when it is left', () => {
    const written: string[] = [];
    const stream = { columns: 20, rows: 3, write: (out: string) => written.push(out) > 0 };
    const frame = (live: readonly string[]): Frame => ({ settled: [], live, view });
    const screen = from([frame(['a', 'b', 'c', 'd']), frame(['e'])]);
    screen.pipe(paintOn(stream)).subscribe();
    NEVER.pipe(paintOn(stream)).subscribe().unsubscribe();
    expect(written[1]).not.toContain('b');
    expect(written[2]).toMatch(/^\x1b\[2A/);
    expect(written.filter((out) => out.includes('?25h'))).toHaveLength(2);
  });
});

describe('explain', () => {
  it('names the deepest cause it can', () => {
    const cause = new Error('fetch failed', {
      cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
    });
    expect(explain(new StreamError('network', 'The request got no answer', { cause }))).toBe(
      'network: The request got no answer (ECONNREFUSED)',
    );
  });
});
