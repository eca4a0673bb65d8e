import { readFileSync } from 'node:fs';
import { policed } from '../../src/codecs/policed.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { flaws } from '../codecs/conformance/wellFormed.js';
import { toy } from './toyCodec.js';

const ANSWER = [
  events.messageStart(),
  events.textStart(0),
  events.textDelta(0, 'Hel'),
  events.textDelta(0, 'lo'),
  events.blockStop(0),
  events.unknown('mood', 'fine'),
  events.messageDelta('max_tokens'),
  events.messageStop(),
  events.error('api_error', 'Overloaded'),
];

function read(...lines: readonly object[]): readonly StreamEvent[] {
  const decoder = toy.decoder();
  return lines.flatMap((line) => decoder.next({ data: JSON.stringify(line) }));
}

describe('the codec of "Write a codec"', () => {
  it('is the one that is run here', () => {
    const page = readFileSync(new URL('../../docs/codecs.md', import.meta.url), 'utf8');
    const code = readFileSync(new URL('toyCodec.ts', import.meta.url), 'utf8');
    // The page names the package, where this file names its own source.
    const withoutImports = (text: string): string => text.replaceAll(/^import [^;]*;\n/gm, '').trim();
    const [, shown = ''] = /^```ts\n([^]*?)^```$/m.exec(page) ?? [];
    expect(shown).not.toBe('');
    expect(withoutImports(code)).toBe(withoutImports(shown));
  });

  it('reads well-formed answers, and reads what it wrote', () => {
    const encoder = toy.encoder();
    const lines = ANSWER.flatMap((event) => encoder.next(event));
    const decoder = toy.decoder();
    const again = lines.flatMap((frame) => decoder.next(frame));
    expect(flaws(again)).toEqual([]);
    expect(again.filter(({ type }) => type !== 'content_block_stop')).toEqual(
      ANSWER.filter(({ type }) => type !== 'content_block_stop'),
    );
  });

  it('does with what cannot be read as the user says', () => {
    expect(() => read({ say: 7 })).toThrow('say must be text');
    expect(policed(toy, { malformed: 'skip' }).next({ data: '{' })).toEqual([]);
    expect(policed(toy, { unknown: 'skip' }).next({ data: '{"mood":"fine"}' })).toEqual([]);
  });
});
