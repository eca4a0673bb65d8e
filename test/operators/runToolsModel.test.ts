import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import { runTools } from '../../src/operators/runTools.js';
import type { ToolDecision } from '../../src/tools/handlers.js';
import { runs } from '../seed.js';
import { callOf, replyOf } from './replies.js';

const CALLS = 3;
const STEP = fc.record({
  nth: fc.nat(CALLS - 1),
  does: fc.constantFrom('approve', 'deny', 'later', 'say', 'finish', 'fail'),
});

describe('calls that are approved and run in any order', () => {
  it('have at most one result, the first that could be, and none that was left or is not over', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 15 }), (steps) => {
        const asked = Array.from({ length: CALLS }, () => new Subject<ToolDecision>());
        const tools = Array.from({ length: CALLS }, () => new Subject<string>());
        const seen: StreamEvent[] = [];
        let isOver = false;
        from(replyOf(Array.from({ length: CALLS }, (_, nth) => callOf(nth, ['{}'])).flat(), 'tool_use'))
          .pipe(
            runTools(
              { draw: (_, { call }) => tools[call.index] },
              { approve: ({ index }) => asked[index] ?? 'later' },
            ),
          )
          .subscribe({ next: (event) => seen.push(event), complete: () => (isOver = true) });
        const model = Array.from({ length: CALLS }, () => 'asked');
        // How a tool has ended before it was let run.
        const ended = new Map<number, string>();
        for (const { nth, does } of steps) {
          if (does === 'approve' || does === 'deny') asked[nth]?.next(does === 'approve');
          if (does === 'later') asked[nth]?.next('later');
          if (does === 'say') tools[nth]?.next('said');
          if (does === 'finish') tools[nth]?.complete();
          if (does === 'fail') tools[nth]?.error(new Error('lost'));
          const end = does === 'finish' ? 'done' : does === 'fail' ? 'failed' : undefined;
          if (end !== undefined && !ended.has(nth)) ended.set(nth, end);
          const was = model[nth];
          if (was === 'asked' && does === 'approve') {
            model[nth] = ended.get(nth) ?? 'running';
          } else if (was === 'asked' && does === 'deny') model[nth] = 'failed';
          else if (was === 'asked' && does === 'later') model[nth] = 'left';
          else if (was === 'running' && does === 'finish') model[nth] = 'done';
          else if (was === 'running' && does === 'fail') model[nth] = 'failed';
        }
        const results = seen.flatMap((event) =>
          event.type === 'tool_result' && event.preliminary !== true ? [event] : [],
        );
        for (const [nth, state] of model.entries()) {
          const own = results.filter(({ tool_use_id }) => tool_use_id === `toolu_${nth}`);
          const wanted = state === 'done' ? [false] : state === 'failed' ? [true] : [];
          expect(own.map(({ is_error = false }) => is_error)).toEqual(wanted);
        }
        expect(isOver).toBe(model.every((state) => state !== 'asked' && state !== 'running'));
      }),
      { numRuns: runs(1_000), seed: 1 },
    );
  });
});
