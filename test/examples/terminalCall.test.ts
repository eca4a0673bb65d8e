import { stripVTControlCharacters } from 'node:util';
import { distinctUntilChanged, from, lastValueFrom, map, toArray } from 'rxjs';
import * as z from 'zod';
import { blockLines } from '../../examples/terminal/screen.js';
import { toViews } from '../../examples/terminal/view.js';
import { Recording } from '../../marbles/kit/recording.js';
import { events, type StreamEvent } from '../../src/index.js';

describe('a call on the screen', () => {
  const tools = { plan: z.object({ city: z.string() }) };
  const answer = (...rest: StreamEvent[]): StreamEvent[] => [
    events.messageStart({}),
    events.toolUseStart(0, 't', 'plan'),
    ...rest,
    events.messageDelta('tool_use', { output_tokens: 1 }),
    events.messageStop(),
  ];
  const whole = (json: string): StreamEvent[] => answer(events.inputJsonDelta(0, json), events.blockStop(0));

  /** What the blocks looked like after each event, and at the end. */
  async function seen(input: readonly StreamEvent[], schemas?: typeof tools): Promise<string[][]> {
    const views = from(input).pipe(
      toViews(new Recording('a call'), { now: () => 0 }, schemas),
      distinctUntilChanged((a, b) => a.pace.events === b.pace.events && a.end === b.end),
      map(({ finished, open, calls }) =>
        [...finished, ...open].flatMap((block) =>
          blockLines(block, { width: 50, height: 9 }, calls.get(block.index)),
        ),
      ),
      map((lines) => lines.map(stripVTControlCharacters)),
      toArray(),
    );
    return await lastValueFrom(views);
  }

  async function last(input: readonly StreamEvent[], schemas?: typeof tools): Promise<string[] | undefined> {
    return (await seen(input, schemas)).at(-1);
  }

  it('grows with every delta, then gets its tick', async () => {
    const pieces = ['{"ci', 'ty":"Ky', 'oto"}'].map((piece) => events.inputJsonDelta(0, piece));
    const bodies = (await seen(answer(...pieces, events.blockStop(0)))).map((lines) =>
      lines.slice(1, -1).join(),
    );
    expect(bodies.filter((body, at) => body !== bodies[at - 1])).toEqual([
      '',
      '│ city: Ky▌',
      '│ city: Kyoto▌',
      '│ city: Kyoto,│ ✓ complete',
    ]);
  });

  it('says whether it is what its schema asks for', async () => {
    expect(await last(whole('{"city":"Kyoto"}'), tools)).toEqual([
      '● tool plan',
      '│ city: Kyoto',
      '│ ✓ valid by its schema',
      '',
    ]);
    const wrong = await last(whole('{"city":5}'), tools);
    expect(wrong?.slice(0, 2)).toEqual(['✗ tool plan, not valid', '│ city: 5']);
    expect(wrong?.[2]).toMatch(/^│ ✗ The input of "plan" is not/);
  });

  it('shows the raw text of what is no JSON, and the reason', async () => {
    const lines = await last(whole('{"city":oops}'));
    expect(lines?.slice(0, 2)).toEqual(['✗ tool plan, not valid JSON', '│ {"city":oops}']);
    expect(lines?.slice(2, -1).join('')).toMatch(/^│ ✗ Unexpected "o" at position 8/);
  });

  it('shows of a call that is cut off what had come, once', async () => {
    expect(
      await last([
        ...answer().slice(0, 2),
        events.inputJsonDelta(0, '{"city":"Ky'),
        events.inputJsonDelta(0, 'o'),
      ]),
    ).toEqual(['◌ tool plan, cut off: The stream ended before it …', '│ city: Kyo', '']);
  });

  it('takes an input that was there from the start, and one that never comes', async () => {
    const start = events.blockStart(0, {
      type: 'tool_use',
      id: 't',
      name: 'plan',
      input: { city: 'Kyoto' },
      caller: { type: 'direct' },
    });
    const [begin, , ...end] = answer(events.blockStop(0));
    expect(await last([begin, start, ...end].filter((event) => event !== undefined))).toEqual([
      '● tool plan',
      '│ city: Kyoto',
      '│ ✓ complete',
      '',
    ]);
    expect(await last(answer(events.blockStop(0)))).toEqual([
      '● tool plan',
      '│ ✓ complete, without arguments',
      '',
    ]);
  });

  it('begins anew after a reset', async () => {
    const again = [events.reset(1, 'dropped'), ...whole('{"city":"Nara"}')];
    expect((await last([...whole('{"city":"Ky').slice(0, 3), ...again]))?.slice(-4)).toEqual([
      '● tool plan',
      '│ city: Nara',
      '│ ✓ complete',
      '',
    ]);
  });
});
