import { readFileSync } from 'node:fs';
import { lastValueFrom, toArray } from 'rxjs';
import { events, fromBytes, toText, untilTerminal } from '../../src/index.js';
import { own } from './ownCodec.js';

const linesOf = (...lines: readonly object[]): string[] => lines.map((line) => `${JSON.stringify(line)}\n`);
const read = (chunks: readonly string[]) =>
  fromBytes(chunks, { codec: own, malformed: 'error' }).pipe(untilTerminal());

describe('the codec of "Outside this repository"', () => {
  it('is the one that is run here', () => {
    const page = readFileSync(new URL('../../docs/codecs.md', import.meta.url), 'utf8');
    const code = readFileSync(new URL('ownCodec.ts', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${code.replace('../../src/index.js', 'rxjs-llm-stream')}\`\`\``);
  });

  it('reads the lines of its protocol', async () => {
    const lines = linesOf({ start: 'a1' }, { say: 'Hel' }, { mood: 'fine' }, { say: 'lo' }, { stop: 'full' });
    expect(await lastValueFrom(read(lines).pipe(toArray()))).toEqual([
      events.messageStart({ id: 'a1' }),
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.unknown('mood', 'fine'),
      events.textDelta(0, 'lo'),
      events.blockStop(0),
      events.messageDelta('max_tokens'),
      events.messageStop(),
    ]);
  });

  it('fails as any codec does', async () => {
    const failureOf = async (chunks: readonly string[]): Promise<unknown> =>
      lastValueFrom(read(chunks).pipe(toText())).catch((error: unknown) => error);
    const begun = linesOf({ start: 'a1' }, { say: 'Hel' });
    expect(await failureOf(begun)).toMatchObject({ code: 'truncated', partial: 'Hel' });
    expect(await failureOf([...begun, ...linesOf({ oops: 'No' })])).toMatchObject({ code: 'api' });
    expect(await failureOf([...begun, 'say\n'])).toMatchObject({ code: 'malformed', raw: 'say' });
  });
});
