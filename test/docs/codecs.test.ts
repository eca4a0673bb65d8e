import { readFileSync } from 'node:fs';
import { policed } from '../../src/codecs/policed.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { Carries } from '../codecs/conformance/carries.js';
import { itConforms } from '../codecs/conformance/conforms.js';
import { itObeysPolicies } from '../codecs/conformance/obeysPolicies.js';
import { ALL } from '../codecs/conformance/scope.js';
import { toy } from './toyCodec.js';

const CARRIED: readonly string[] = ['messageId', 'text', 'stopReason', 'errors', 'unknown'];
const CARRIES = Object.fromEntries(
  ALL.map((feature) => [feature, CARRIED.includes(feature) ? true : 'left out']),
) as Carries;

function read(...lines: readonly object[]): readonly StreamEvent[] {
  const decoder = toy.decoder();
  return lines.flatMap((line) => decoder.next({ data: JSON.stringify(line) }));
}

describe('the codec of "Write a codec"', () => {
  it('is the one that is run here', () => {
    const page = readFileSync(new URL('../../docs/codecs.md', import.meta.url), 'utf8');
    const code = readFileSync(new URL('toyCodec.ts', import.meta.url), 'utf8');
    const [, shown = ''] = /^```ts\n([^]*?)^```$/m.exec(page) ?? [];
    expect(shown).not.toBe('');
    // The page shows the file as it would stand in `src/codecs/toy/`.
    const from = (path: string): string => code.replaceAll("'../../src/", `'${path}`);
    expect(from('../../').replaceAll("'../../codecs/", "'../")).toBe(shown);
  });

  it('reads the lines of its protocol', () => {
    expect(
      read(
        { start: 'a1' },
        { say: 'Hel' },
        { say: 'lo' },
        { mood: 'fine' },
        { stop: 'full' },
        { oops: 'No' },
      ),
    ).toEqual([
      events.messageStart({ id: 'a1' }),
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.textDelta(0, 'lo'),
      events.unknown('mood', 'fine'),
      events.blockStop(0),
      events.messageDelta('max_tokens'),
      events.messageStop(),
      events.error('api_error', 'No'),
    ]);
  });

  it('does with what cannot be read as the user says', () => {
    expect(() => read({ say: 7 })).toThrow('say.say must be a string, but is 7');
    expect(policed(toy, { malformed: 'skip' }).next({ data: '{' })).toEqual([]);
    expect(policed(toy, { unknown: 'skip' }).next({ data: '{"mood":"fine"}' })).toEqual([]);
  });

  const protocol = {
    codec: toy,
    carries: CARRIES,
    order: true,
    stranger: events.unknown,
    strange: '{"heartbeat":{"n":1}}',
    malformed: [['a text that is a number', '{"say":7}']],
  } as const;

  itConforms(protocol);
  itObeysPolicies(protocol);
});
