import fc from 'fast-check';
import { from, lastValueFrom, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { accumulateMetrics } from '../../src/operators/accumulateMetrics.js';
import { accumulateUsage } from '../../src/operators/accumulateUsage.js';
import { sumUsage } from '../../src/operators/sumUsage.js';
import { toMessage } from '../../src/operators/toMessage.js';
import type { MessageDeltaUsage, Usage } from '../../src/events/usage.js';
import { runs } from '../seed.js';
import { all } from './replies.js';

const TOKENS = fc.nat(1_000_000);
const TOLD: fc.Arbitrary<Partial<MessageDeltaUsage>> = fc.record(
  {
    output_tokens: TOKENS,
    input_tokens: fc.option(TOKENS),
    cache_read_input_tokens: fc.option(TOKENS),
    server_tool_use: fc.option(fc.record({ web_fetch_requests: TOKENS, web_search_requests: TOKENS })),
    output_tokens_details: fc.option(fc.record({ thinking_tokens: TOKENS })),
  },
  { requiredKeys: [] },
);

/** A message as a server may count it: at its start, and any number of times until its end. */
const MESSAGE = fc.tuple(TOKENS, fc.array(TOLD, { maxLength: 4 }));
const MESSAGES = fc.array(MESSAGE, { minLength: 1, maxLength: 4 });

function eventsOf(
  [input_tokens, told]: readonly [number, Partial<MessageDeltaUsage>[]],
  nth: number,
): StreamEvent[] {
  return [
    events.messageStart({ id: `msg_${nth}`, usage: { input_tokens, output_tokens: 1 } }),
    ...told.map((usage) => ({
      type: 'message_delta' as const,
      delta: { stop_reason: null, stop_sequence: null, stop_details: null, container: null },
      usage: usage as MessageDeltaUsage,
    })),
    events.messageStop(),
  ];
}

const sumOf = (numbers: readonly (number | null | undefined)[]): number =>
  numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);

describe('the usage of a message', () => {
  it('is in the end that of the message that toMessage gives', () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const source = eventsOf(message, 0);
        const [finished] = all(from(source).pipe(toMessage()));
        expect(all(from(source).pipe(accumulateUsage())).at(-1)).toEqual(finished?.usage);
      }),
      { numRuns: runs(500), seed: 1 },
    );
  });

  it('is never emitted twice in a row', () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const texts = all(from(eventsOf(message, 0)).pipe(accumulateUsage())).map((usage) =>
          JSON.stringify(usage),
        );
        expect(texts.filter((text, nth) => text === texts[nth - 1])).toEqual([]);
      }),
      { numRuns: runs(500), seed: 2 },
    );
  });
});

describe('the totals', () => {
  it('are the sums of what each message has used in the end', () => {
    fc.assert(
      fc.property(MESSAGES, (messages) => {
        const source = messages.flatMap(eventsOf);
        const usages = all(from(source).pipe(toMessage())).map(({ usage }) => usage);
        const sum = (read: (usage: Usage) => number | null | undefined): number => sumOf(usages.map(read));
        const totals = all(from(source).pipe(sumUsage())).at(-1);
        expect(totals?.input_tokens).toBe(sum((usage) => usage.input_tokens));
        expect(totals?.output_tokens).toBe(sum((usage) => usage.output_tokens));
        expect(totals?.cache_read_input_tokens ?? 0).toBe(sum((usage) => usage.cache_read_input_tokens));
        expect(totals?.server_tool_use?.web_search_requests ?? 0).toBe(
          sum((usage) => usage.server_tool_use?.web_search_requests),
        );
        expect(totals?.output_tokens_details === null).toBe(
          usages.every((usage) => usage.output_tokens_details === null),
        );
        expect(totals).toMatchObject({ cache_creation: null, cache_creation_input_tokens: null });
      }),
      { numRuns: runs(500), seed: 3 },
    );
  });

  it('are those of all attempts, whether they were kept or failed before their end', () => {
    const attempt = fc.tuple(fc.boolean(), MESSAGE);
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 1, maxLength: 5 }), (attempts) => {
        const last = (source: readonly StreamEvent[]): unknown => all(from(source).pipe(sumUsage())).at(-1);
        const mixed = attempts.flatMap(([isKept, message], nth) => {
          const whole = eventsOf(message, nth);
          return isKept ? whole : [...whole.slice(0, -1), events.reset(2, 'lost')];
        });
        const kept = attempts.flatMap(([, message], nth) => eventsOf(message, nth));
        const nothing = eventsOf([0, [{ output_tokens: 0 }]], 9);
        expect(last([...mixed, ...nothing])).toEqual(last([...kept, ...nothing]));
      }),
      { numRuns: runs(500), seed: 4 },
    );
  });
});

it.each([
  ['sumUsage', sumUsage()],
  ['accumulateUsage', accumulateUsage()],
  ['accumulateMetrics', accumulateMetrics()],
] as [string, OperatorFunction<StreamEvent, unknown>][])(
  'a delta that has no index fails %s, as it fails a message',
  async (_, operator) => {
    const delta = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'x' } };
    const given = [events.messageStart(), delta as StreamEvent, events.messageStop()];
    await expect(lastValueFrom(from(given).pipe(operator))).rejects.toThrow(
      /A content_block_delta has the index/,
    );
  },
);
