import fc from 'fast-check';
import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import { growingInput } from '../../../src/fold/calls/inputReader.js';
import type { OpenInput } from '../../../src/fold/message/openInput.js';
import { Reply } from '../../../src/fold/message/reply.js';
import { wholeInput } from '../../../src/fold/message/wholeInput.js';
import { codePoint } from '../../codePoint.js';
import { runs } from '../../seed.js';
import { cpuTime } from '../../cpuTime.js';

/** What comes of an input: what is certain of it, its value or what is wrong with it, and its block. */
function outcomeOf(openInput: () => OpenInput, pieces: readonly string[]): unknown {
  const input = openInput();
  for (const piece of pieces) input.write(piece);
  const { json, settled } = input;
  const end = input.end();
  return { json, settled, end: end instanceof StreamError ? [end.code, end.message] : end };
}

function expectSame(...pieces: string[]): void {
  expect(outcomeOf(wholeInput, pieces)).toEqual(outcomeOf(growingInput, pieces));
}

const JSON_TEXT = fc
  .tuple(fc.json({ maxDepth: 4, stringUnit: codePoint }), fc.constantFrom(undefined, 1, '\t'))
  .map(([json, space]) => JSON.stringify(JSON.parse(json), undefined, space));

/** A text that may be JSON no longer: cut anywhere, with anything put in. */
const BROKEN_TEXT = fc
  .tuple(
    JSON_TEXT,
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', ...'{}[],:"\\\n x0-.eE+tfnu1', '\\u12', '\\ud83d', 'nul', '-0.', '1e'),
  )
  .map(([text, at, cut, put]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + put + text.slice(from + cut);
  });

describe('an input that is read when it is whole', () => {
  it.each([
    '',
    ' ',
    '{',
    '[',
    '{}',
    '[]',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1 ',
    '{"a":12]',
    '{"a":-',
    '{"a":-x',
    '[01]',
    '[1.]',
    '[1.e]',
    '[1e+]',
    '[1e5,',
    '[tru',
    '[truex',
    '[true',
    '[nul,',
    '"',
    '"a',
    '"a" x',
    '12',
    '12 ',
    '1 2',
    'x',
    '}',
    ',',
    '[,',
    '[1,]',
    '{,',
    '{"a":1,}',
    '{"a" 1',
    '{"a":1 "b"',
    '["\\',
    '["\\x',
    '["\\u12',
    '["\\u12"]',
    '["\\u12G4"]',
    '["\n"]',
    '{"a\\',
    '{"a\u0001',
    '["\\U0041"]',
    '["\\B"]',
    '{"__proto__":{"x":1},"y',
    '{"a":1,"a":',
    '{"a":1,"a":{"b',
    '[1}',
    '{"a":[}',
    '[1 ,2 ] ]',
    '\u00a0[]',
    '["\\ud83d',
    '["🎵"',
  ])('makes of %j what one makes that is read while it grows', (text) => {
    expectSame(text);
    expectSame(...text);
  });

  it('makes of any JSON, cut anywhere, what one makes that is read while it grows', () => {
    fc.assert(
      fc.property(JSON_TEXT, fc.nat(), (text, at) => {
        const end = at % (text.length + 1);
        expectSame(text.slice(0, end));
        expectSame(text.slice(0, end), text.slice(end));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('makes of a text that went wrong anywhere what one makes that is read while it grows', () => {
    fc.assert(
      fc.property(BROKEN_TEXT, (text) => expectSame(text)),
      { numRuns: runs(5_000) },
    );
  });

  it.each([
    ['as deep as is allowed', 512, ''],
    ['a level too deep', 513, ''],
    ['a level too deep and cut off', 513, 'cut'],
    ['far too deep', 100_000, ''],
  ])('has the same limit where the text nests %s', (_, depth, cut) => {
    const open = '[{"a":'.repeat(depth / 2) + '['.repeat(depth % 2);
    expectSame(open + (cut === '' ? ']'.repeat(depth % 2) + '}]'.repeat(depth / 2) : ''));
    expectSame(`{"before":[1,2],"deep":${'['.repeat(depth)}${cut === '' ? ']'.repeat(depth) : ''}`);
  });

  it('says with the error of its depth where that is', () => {
    const input = wholeInput();
    input.write('['.repeat(600) + ']'.repeat(600));
    expect(input.end()).toMatchObject({
      code: 'limit',
      message: expect.stringContaining('position 512') as string,
    });
  });

  it('takes a million characters within a second, whole or cut off', () => {
    const text = `{"text":"${'la \\n'.repeat(200_000)}","list":[${'1,'.repeat(100_000)}`;
    const input = wholeInput();
    const time = cpuTime(() => {
      input.write(text);
      expect(input.settled).toMatchObject({ list: { length: 100_000 } });
    });
    expect(time).toBeLessThan(1_000);
  });

  it('makes the same block of a reply, whole, cut off or wrong', () => {
    fc.assert(
      fc.property(fc.oneof(JSON_TEXT, BROKEN_TEXT), fc.boolean(), (text, isAborted) => {
        const blockOf = (openInput: () => OpenInput): unknown => {
          const reply = new Reply(openInput);
          reply.add(events.messageStart()).add(events.toolUseStart(0, 'toolu_1', 'get_weather'));
          for (const piece of text.match(/[^]{1,7}/g) ?? []) reply.add(events.inputJsonDelta(0, piece));
          reply.add(isAborted ? events.blockAbort(0, 'Cancelled') : events.blockStop(0));
          return [reply.blocks, reply.message];
        };
        expect(blockOf(wholeInput)).toEqual(blockOf(growingInput));
      }),
    );
  });
});
