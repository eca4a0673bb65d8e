import { from } from 'rxjs';
import * as events from '../../src/events/make.js';
import { accumulateJson } from '../../src/operators/accumulateJson.js';
import { toArrayElements } from '../../src/operators/toArrayElements.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { ndjson } from '../../src/wire/ndjson.js';
import { sse } from '../../src/wire/sse.js';
import { isThorough } from '../thorough.js';
import { cpuTime } from '../cpuTime.js';
import { CODECS } from './play.js';
import { expectSilence } from './silence.js';

expectSilence();

/** Far beyond what they take on a slow machine, some 100 ms, and far below what a square of a million, or of 50,000, would. */
const ENOUGH = isThorough ? 3_000 : 500;

const MEGABYTE = isThorough ? 1_000_000 : 20_000;

const filled = (piece: string): string => piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE);

/** A megabyte of each, or 20 kB where nobody has time for more, with which a reader may be tempted to look again at what it has seen. */
const TEMPTING: readonly (readonly [string, string, number])[] = [
  ...[
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    ':',
    ': \n',
    'data\n',
    'data:\n',
    'id\n',
    'id:a\n\n',
    'retry: 1\n\n',
    'event:a\n',
    'a\n',
    '\n\n',
    '\r\r',
  ],
  ...[
    '{',
    '[',
    '"',
    '\\',
    '\\"',
    '{"',
    '[{',
    '{"a":',
    '[1,',
    '1',
    '-',
    '0.',
    '1e',
    'tru',
    '\\u',
    '\ud83d',
    '\u0000',
    '\ufeff',
  ],
  ...['```json\n', '```', '```{', '{}', '[]', '{ ', '[ ]', 'a{', '<', '</', '…', ', ', '{"type":'],
].map((piece, row) => [JSON.stringify(piece), filled(piece), row] as const);

describe('a megabyte of', () => {
  it.each(TEMPTING)(
    '%s takes no longer than it has to',
    (_, hostile, row) => {
      const ignore = { error: () => undefined };
      const runs: Readonly<Record<string, () => void>> = {
        sse: () => from([hostile]).pipe(sse()).subscribe(ignore),
        ndjson: () => from([hostile]).pipe(ndjson()).subscribe(ignore),
        prose: () =>
          from([hostile, hostile])
            .pipe(accumulateJson({ prose: 'skip' }))
            .subscribe(ignore),
        elements: () =>
          from([hostile])
            .pipe(toArrayElements({ prose: 'skip' }))
            .subscribe(ignore),
        'pieces of 10': () =>
          from(hostile.match(/[^]{1,10}/gu) ?? [])
            .pipe(sse())
            .subscribe(ignore),
        'as text': () => {
          const given = [
            events.messageStart(),
            events.textStart(0),
            events.textDelta(0, hostile),
            events.toolUseStart(1, 'toolu_1', 'draw'),
            events.inputJsonDelta(1, hostile),
          ];
          from(given).pipe(toMessage()).subscribe(ignore);
        },
        ...Object.fromEntries(
          // All of them share the kit: each is tried with every fourth text.
          CODECS.filter((_, nth) => nth % 4 === row % 4).map((codec, nth) => [
            `${codec.name} ${nth}`,
            () => {
              fromBytes(hostile, { codec }).subscribe(ignore);
              fromBytes(`data: ${JSON.stringify(events.textDelta(0, hostile))}\n\n`, { codec }).subscribe(
                ignore,
              );
              fromBytes(`${JSON.stringify({ type: hostile, event: hostile, error: hostile })}\n`, {
                codec,
              }).subscribe(ignore);
            },
          ]),
        ),
      };
      const slow = Object.entries(runs).filter(([, run]) => cpuTime(run) > ENOUGH);
      expect(slow.map(([name]) => name)).toEqual([]);
    },
    60_000,
  );
});
