import { concat, from, map, of, type Observable } from 'rxjs';
import { textDelta, textStart } from '../src/events/make.js';
import { guardText, toCodeFences, toMarkdownBlocks, toSentences, transformText } from '../src/text.js';
import type { GrowthCase } from './growth.js';
import { cut } from './workloads.js';

const KIB_256 = 256 * 1024;
/** What a model writes at once. */
const PIECE = 16;

type Reader = (pieces: Observable<string>) => Observable<unknown>;

/** Texts that tempt a reader to look again at what came before, up to 1 MiB, in small pieces. */
export const TEXT_GROWTH: readonly GrowthCase[] = [
  row('a text without a blank line', 'words and words\n', toMarkdownBlocks()),
  row('nested quotes', '> ', toMarkdownBlocks()),
  row('one list', '- an item of it\n', toMarkdownBlocks()),
  row('an unclosed fence', 'const a = 1;\n\n', toMarkdownBlocks(), '```\n'),
  // The list of all blocks is copied with each change: its pointers.
  { ...row('3,200 paragraphs', `${'words and words '.repeat(20)}\n\n`, toMarkdownBlocks()), limit: 1.5 },
  row('code fences', `\`\`\`js\n${'const a = 1;\n'.repeat(20)}\`\`\`\n\n`, toCodeFences()),
  row('sentences', 'This is one of them, and not the last. ', toSentences({ locale: 'en' })),
  row('no sentence at all', 'words and words ', toSentences({ locale: 'en' })),
  row('nothing to guard', 'words and words ', ofEvents(guardText([/sk-\w{8,40}/, 'Project Falcon']))),
  row('nearly a match, again and again', 'sk-sk-abcdefg ', ofEvents(guardText([/sk-\w{8,40}/]))),
  row(
    'a text that is passed on',
    'words and words ',
    ofEvents(transformText(() => ({ next: (piece) => piece, end: () => '' }))),
  ),
];

function row(name: string, unit: string, read: Reader, begin = ''): GrowthCase {
  return {
    name: `text: ${name}`,
    size: KIB_256,
    chunks: (size) => cut([new TextEncoder().encode(begin + unit.repeat(size / unit.length))], PIECE),
    read: (chunks) =>
      from(chunks).pipe(
        map((chunk) => new TextDecoder().decode(chunk)),
        read,
      ),
  };
}

function ofEvents(operator: ReturnType<typeof guardText>): Reader {
  return (pieces) =>
    concat(of(textStart(0)), pieces.pipe(map((piece) => textDelta(0, piece)))).pipe(operator);
}
