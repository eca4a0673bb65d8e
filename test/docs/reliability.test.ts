import { readFileSync } from 'node:fs';
import { concat, lastValueFrom, of, throwError } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { closeFaultServers } from '../faults/faultServer.js';
import { withGenerated } from '../faults/page.js';
import { wholeText } from './continuation.js';

const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
const recipe = readFileSync(new URL('continuation.ts', import.meta.url), 'utf8');

afterEach(closeFaultServers);

describe('the page on reliability', () => {
  it('has the faults and errors as npm run reliability writes them', async () => {
    expect(page).toBe(await withGenerated(page));
  });

  it('shows the recipe that is tested here', () => {
    const shown = recipe.replace('../../src/index.js', 'rxjs-llm-stream');
    expect(page).toContain(`\`\`\`ts\n${shown}\`\`\``);
  });
});

const text = (piece: string): StreamEvent[] => [
  events.messageStart({ id: 'msg_1' }),
  events.textStart(0),
  events.textDelta(0, piece),
];
const end = [events.blockStop(0), events.messageDelta('end_turn'), events.messageStop()];
const lost = new StreamError('network', 'The connection was lost');

/** Answers one request after the other with these texts; all but the last are cut. */
function answering(...texts: readonly string[]) {
  const asked: unknown[] = [];
  const ask = (messages: unknown) => {
    const piece = texts[asked.push(messages) - 1] ?? '';
    if (asked.length === texts.length) return of(...text(piece), ...end);
    return concat(
      of(...text(piece)),
      throwError(() => lost),
    );
  };
  return { asked, ask };
}

const question = { role: 'user', content: 'Hello?' } as const;

describe('the recipe for a cut answer', () => {
  it('lets a model that prefills go on from its own words', async () => {
    const { asked, ask } = answering('Once ', ' upon', ' a time');
    expect(await lastValueFrom(wholeText([question], ask, { prefills: true }))).toBe('Once upon a time');
    expect(asked).toEqual([
      [question],
      [question, { role: 'assistant', content: 'Once' }],
      [question, { role: 'assistant', content: 'Once upon' }],
    ]);
  });

  it('tells any other model what it said last', async () => {
    const { asked, ask } = answering('Once ', 'upon');
    expect(await lastValueFrom(wholeText([question], ask))).toBe('Once upon');
    expect(asked[1]).toEqual([
      question,
      {
        role: 'user',
        content:
          'Your previous response was interrupted and ended with [Once ]. Continue from where you left off.',
      },
    ]);
  });

  it('gives up after the times it was given, with what had come last', async () => {
    const { asked, ask } = answering('a', 'b', 'c', 'd', 'e');
    await expect(lastValueFrom(wholeText([question], ask))).rejects.toMatchObject({ code: 'network' });
    expect(asked).toHaveLength(3);
  });

  it('asks nothing more after an error that trying again cannot help, or before any text', async () => {
    let asked = 0;
    const failing = (error: StreamError, ...before: StreamEvent[]) =>
      lastValueFrom(
        wholeText([question], () => {
          asked++;
          return concat(
            of(...before),
            throwError(() => error),
          );
        }),
      );
    await expect(failing(new StreamError('protocol', 'No'), ...text('a'))).rejects.toMatchObject({
      code: 'protocol',
    });
    await expect(failing(lost)).rejects.toMatchObject({ code: 'network' });
    expect(asked).toBe(2);
  });
});
