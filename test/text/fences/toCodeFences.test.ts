import { marked, type Token, type Tokens } from 'marked';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { toCodeFences, type CodeFence } from '../../../src/text.js';
import { runs } from '../../seed.js';
import { cpuTime } from '../../cpuTime.js';
import { growthOf, LINEAR } from '../../growth.js';

function fencesOf(pieces: readonly string[]): Promise<CodeFence[]> {
  return lastValueFrom(from(pieces).pipe(toCodeFences(), toArray()));
}

async function ended(pieces: readonly string[]): Promise<CodeFence[]> {
  return (await fencesOf(pieces)).filter(({ status }) => status !== 'streaming');
}

/** The fences that a reader of Markdown finds, wherever they stand. */
function fencesBy(text: string): readonly { text: string; info: string }[] {
  const found: { text: string; info: string }[] = [];
  void marked.walkTokens(marked.lexer(text), (token: Token) => {
    if (token.type === 'code' && token.codeBlockStyle !== 'indented') {
      const { text, lang = '' } = token as Tokens.Code;
      found.push({ text, info: lang });
    }
  });
  return found;
}

describe('toCodeFences', () => {
  const LINES = fc.constantFrom(
    'text',
    '',
    '```',
    '```ts',
    '````md title="x"',
    '````',
    '~~~',
    '~~~ js',
    '  indented',
    'let `a` = 1;',
    '``` no `info`',
    '``',
    '   ```',
  );
  const TEXT = fc.array(LINES, { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''));

  it('finds what a reader of Markdown finds', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, async (text) => {
        const found = (await ended([text])).map(({ text, info }) => ({ text, info }));
        expect(found.map(({ text }) => text.trimEnd())).toEqual(
          fencesBy(text).map(({ text }) => text.trimEnd()),
        );
        expect(found.map(({ info }) => info)).toEqual(fencesBy(text).map(({ info }) => info));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('finds them in lists and quotes', async () => {
    const text = '1. So:\n\n   ```sh\n   ls\n   ```\n\n> ```js\n> a\n>   b\n> ```\n\n- ~~~\n  c\n  ~~~\n';
    expect((await ended([text])).map(({ info, text }) => [info, text])).toEqual([
      ['sh', 'ls'],
      ['js', 'a\n  b'],
      ['', 'c'],
    ]);
    expect(fencesBy(text)).toEqual((await ended([text])).map(({ info, text }) => ({ text, info })));
  });

  it('emits the same however the text is cut, and takes nothing back', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, fc.boolean(), async (lines, isWindows) => {
        const text = isWindows ? lines.replaceAll('\n', '\r\n') : lines;
        const shown = await fencesOf(text.split(''));
        expect(shown.filter(({ status }) => status !== 'streaming')).toEqual(await ended([text]));
        shown.forEach(({ text }, nth) => {
          const before = shown[nth - 1];
          if (before?.status === 'streaming') expect(text.startsWith(before.text)).toBe(true);
        });
      }),
      { numRuns: runs(1000) },
    );
  });

  it('knows the language before any code has come', async () => {
    expect(await fencesOf(['```', 'ts', ' title="x"\n', 'a', '\n```'])).toEqual([
      { language: 'ts', info: 'ts title="x"', text: '', status: 'streaming' },
      { language: 'ts', info: 'ts title="x"', text: 'a', status: 'streaming' },
      { language: 'ts', info: 'ts title="x"', text: 'a', status: 'complete' },
    ]);
  });

  it.each([
    ['backticks', '`'],
    ['one long line', 'a'],
    ['quotes', '>'],
    ['lists', '- '],
    ['lines', 'a\n'],
    ['fences', '```\na\n```\n'],
  ])('reads %s in time that grows with it alone', (_, unit) => {
    const growth = growthOf((length) => {
      const text = unit.repeat(length / unit.length);
      const pieces = text.match(/[^]{1,20}/g) ?? [];
      return cpuTime(() => {
        from(['```\n', ...pieces, '\n```\n', ...pieces])
          .pipe(toCodeFences())
          .subscribe();
      });
    });
    expect(growth).toBeLessThan(LINEAR);
  });
});
