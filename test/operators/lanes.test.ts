import fc from 'fast-check';
import { from, Subject, type Observable, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { abortOpenBlocks } from '../../src/operators/abortOpenBlocks.js';
import { accumulateBlocks } from '../../src/operators/accumulateBlocks.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import { accumulateUsage } from '../../src/operators/accumulateUsage.js';
import { checkProtocol } from '../../src/operators/checkProtocol.js';
import { runTools } from '../../src/operators/runTools.js';
import { sumUsage } from '../../src/operators/sumUsage.js';
import { textDeltas } from '../../src/operators/textDeltas.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { runs } from '../seed.js';

const MAIN: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'm-1', usage: { input_tokens: 9, output_tokens: 1 } }),
  events.textStart(0),
  events.textDelta(0, 'I ask '),
  events.textDelta(0, 'two others.'),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_a', 'Task'),
  events.inputJsonDelta(1, '{"about":"Oslo"}'),
  events.blockStop(1),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.toolResult('toolu_a', 'It rains.'),
  events.messageStop(),
];

const OTHER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_2', model: 'm-2', usage: { input_tokens: 4, output_tokens: 1 } }),
  events.textStart(0),
  events.textDelta(0, 'It rains.'),
  events.toolUseStart(1, 'toolu_b', 'weather'),
  events.inputJsonDelta(1, '{}'),
  events.blockStop(1),
  events.toolResult('toolu_b', 'rain'),
  events.blockAbort(0, 'Given up'),
  events.messageDelta('end_turn', { output_tokens: 3 }),
  events.messageStop(),
  events.error('api_error', 'The sub-agent failed'),
];

/** The main agent's events, with those of two sub-agents anywhere between them. */
const INTERLEAVED = fc.array(fc.constantFrom(0, 1, 2), { minLength: 40, maxLength: 60 }).map((turns) => {
  const lanes = [MAIN, laned('toolu_a'), laned('toolu_c')].map((lane) => [...lane]);
  const mixed = turns.flatMap((turn) => lanes[turn]?.shift() ?? []);
  return [...mixed, ...lanes.flat()];
});

function laned(lane: string): readonly StreamEvent[] {
  return OTHER.map((event) => ({ ...event, lane }));
}

const GATHERING: Readonly<Record<string, () => OperatorFunction<StreamEvent, unknown>>> = {
  accumulateBlocks: () => accumulateBlocks(),
  accumulateMessage: () => accumulateMessage(),
  accumulateState: () => accumulateState(),
  accumulateToolCalls: () => accumulateToolCalls(),
  accumulateUsage: () => accumulateUsage(),
  sumUsage: () => sumUsage(),
  textDeltas: () => textDeltas(),
  toBlocks: () => toBlocks(),
  toMessage: () => toMessage(),
  toText: () => toText(),
  toToolCalls: () => toToolCalls(),
};

interface Outcome {
  readonly values: readonly unknown[];
  readonly end: unknown;
}

function outcomeOf(source: Observable<unknown>): Outcome {
  const values: unknown[] = [];
  let end: unknown = 'open';
  source.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => (end = error),
    complete: () => (end = 'complete'),
  });
  return { values, end };
}

describe('what sub-agents say, in lanes of their own', () => {
  it.each(Object.entries(GATHERING))('changes nothing of what %s gathers', (_, operator) => {
    const alone = outcomeOf(from(MAIN).pipe(operator()));
    expect(alone.end).toBe('complete');
    fc.assert(
      fc.property(INTERLEAVED, (mixed) => {
        expect(outcomeOf(from(mixed).pipe(operator()))).toEqual(alone);
      }),
      { numRuns: runs(500) },
    );
  });

  it('neither ends nor drops the calls of the main agent that run', () => {
    const attempt = MAIN.filter(({ type }) => type !== 'tool_result' && type !== 'message_stop');
    const said = fc.constantFrom<StreamEvent>(...OTHER, events.reset(2, undefined));
    fc.assert(
      fc.property(fc.array(said), (others) => {
        const source = new Subject<StreamEvent>();
        const tool = new Subject<string>();
        source.pipe(runTools({ Task: () => tool })).subscribe();
        // Another block makes the call certain before the message ends.
        for (const event of [...attempt, events.textStart(2)]) source.next(event);
        for (const event of others) source.next({ ...event, lane: 'toolu_a' });
        expect(tool.observed).toBe(true);
        source.next(events.reset(2, undefined));
        expect(tool.observed).toBe(false);
      }),
      { numRuns: runs(300) },
    );
  });

  it('passes those that look after the order, and neither ends nor fails the stream', () => {
    fc.assert(
      fc.property(INTERLEAVED, (mixed) => {
        expect(outcomeOf(from(mixed).pipe(checkProtocol()))).toEqual({ values: mixed, end: 'complete' });
        expect(outcomeOf(from(mixed).pipe(abortOpenBlocks()))).toEqual({ values: mixed, end: 'complete' });
        const end = mixed.findIndex((event) => event.lane === undefined && event.type === 'message_stop') + 1;
        expect(outcomeOf(from(mixed).pipe(untilTerminal()))).toEqual({
          values: mixed.slice(0, end),
          end: 'complete',
        });
      }),
      { numRuns: runs(500) },
    );
  });
});
