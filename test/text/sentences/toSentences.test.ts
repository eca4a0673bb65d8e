import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { toSentences, type ToSentencesOptions } from '../../../src/text.js';
import { runs } from '../../seed.js';
import { cpuTime } from '../../cpuTime.js';
import { growthOf, LINEAR } from '../../growth.js';

function sentencesOf(
  pieces: readonly string[],
  options: ToSentencesOptions = { locale: 'en' },
): Promise<string[]> {
  return lastValueFrom(from(pieces).pipe(toSentences(options), toArray()));
}

describe('toSentences', () => {
  it.each<[string, string, readonly string[]]>([
    ['one after the other', 'It is. Is it? It is!', ['It is.', 'Is it?', 'It is!']],
    ['numbers', 'Pi is 3.14. So', ['Pi is 3.14.', 'So']],
    ['what goes on in lower case', 'At 5 p.m. we left. Bye', ['At 5 p.m. we left.', 'Bye']],
    ['abbreviations', 'Mr. Fox met Dr. Hen, e.g. Ada. Then', ['Mr. Fox met Dr. Hen, e.g. Ada.', 'Then']],
    ['initials', 'J. R. R. Tolkien wrote. We read', ['J. R. R. Tolkien wrote.', 'We read']],
    [
      'German',
      'Das ist z. B. so. Herr Dr. Fuchs, bzw. Hr. Huhn. Gut',
      ['Das ist z. B. so.', 'Herr Dr. Fuchs, bzw. Hr. Huhn.', 'Gut'],
    ],
    ['Japanese', '今日は晴れです。明日は雨ですか？はい', ['今日は晴れです。', '明日は雨ですか？', 'はい']],
    ['emoji', 'Great! 🎉 We won. 👩‍👩‍👧 Yes', ['Great!', '🎉 We won.', '👩‍👩‍👧 Yes']],
    ['quotes', 'He said “No.” Then he left.', ['He said “No.”', 'Then he left.']],
    ['dots', 'Well... I see. Good', ['Well...', 'I see.', 'Good']],
    ['lists', '# To do\n- Sit.\n- Wait\n\n2) Go', ['# To do', '- Sit.', '- Wait', '2) Go']],
    ['addresses', 'See https://example.com/a.html now. Go', ['See https://example.com/a.html now.', 'Go']],
    ['nothing', ' \n\n ', []],
  ])('cuts %s', async (_, text, sentences) => {
    expect(await sentencesOf([text])).toEqual(sentences);
  });

  it('emits a sentence with the letter that begins the next', async () => {
    const shown: string[] = [];
    from('It is 3. Or 4'.split(''))
      .pipe(toSentences({ locale: 'en' }))
      .subscribe((sentence) => shown.push(sentence));
    expect(shown).toEqual(['It is 3.', 'Or 4']);
    const early: string[] = [];
    from('It is 3. O'.split(''))
      .pipe(toSentences({ locale: 'en' }))
      .subscribe({ next: (sentence) => early.push(sentence), complete: () => early.push('|') });
    expect(early).toEqual(['It is 3.', 'O', '|']);
  });

  const WORDS = fc.constantFrom(
    'a',
    'B',
    ' ',
    '.',
    '. ',
    '! ',
    '?',
    '\n',
    '1.',
    '3.1',
    'Dr.',
    '。',
    '日',
    '👍',
    '"',
    ', ',
    '```\n',
    '- ',
    '\r\n',
  );
  const TEXT = fc.array(WORDS, { maxLength: 40 }).map((words) => words.join(''));
  const OPTIONS = fc.record({
    locale: fc.constantFrom('en', 'ja'),
    min: fc.constantFrom(1, 5),
    max: fc.constantFrom(9, 1000),
    code: fc.constantFrom('keep' as const, 'omit' as const),
  });

  it('emits the same however the text is cut, and nothing too long', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, OPTIONS, fc.array(fc.nat(40)), async (text, options, cuts) => {
        const whole = await sentencesOf([text], options);
        const ends = [...new Set(cuts.filter((at) => at < text.length)), text.length].sort((a, b) => a - b);
        const pieces = ends.map((end, nth) => text.slice(ends[nth - 1] ?? 0, end));
        expect(await sentencesOf(pieces, options)).toEqual(whole);
        expect(await sentencesOf(text.split(''), options)).toEqual(whole);
        expect(whole.filter((sentence) => sentence.length > options.max)).toEqual([]);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('keeps every character but spaces', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, fc.constantFrom(9, 1000), async (text, max) => {
        const sentences = await sentencesOf(text.split(''), { locale: 'en', max });
        expect(sentences.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each<ToSentencesOptions>([{ min: 0 }, { min: 9, max: 8 }, { max: NaN }, { locale: 'no tag' }])(
    'refuses %j as it is called',
    (options) => expect(() => toSentences(options)).toThrow(RangeError),
  );

  it.each([
    ['one long word', 'a'],
    ['stops', '.'],
    ['spaces', ' '],
    ['short sentences', 'It is. '],
    ['backticks', '`'],
  ])('reads %s in time that grows with it alone', (_, unit) => {
    const growth = growthOf((length) => {
      const pieces = unit.repeat(length / unit.length).match(/[^]{1,50}/g) ?? [];
      return cpuTime(() => {
        from(pieces)
          .pipe(toSentences({ locale: 'en', code: 'omit' }))
          .subscribe();
      });
    });
    expect(growth).toBeLessThan(LINEAR);
  });
});
