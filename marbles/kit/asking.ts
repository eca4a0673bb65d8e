import { concat, defer, mergeMap, of, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { AskApproval } from '../../src/turns/converse.js';
import { alphabet } from '../alphabet.js';

const { l, y } = alphabet;

/** Runs the call of the alphabet, once somebody has approved of it, behind the reply that ends with `y`. */
export const asking =
  (approve: AskApproval): MonoTypeOperatorFunction<StreamEvent> =>
  (reply) =>
    defer(() => {
      let isCall = false;
      return reply.pipe(
        mergeMap((event): Observable<StreamEvent> => {
          isCall ||= event === y;
          if (event.type !== 'message_stop' || !isCall) return of(event);
          return concat(of(event, events.toolApproval('toolu_1', 'requested')), decided(approve));
        }),
      );
    });

function decided(approve: AskApproval): Observable<StreamEvent> {
  return approve({ id: 'toolu_1' }).pipe(
    mergeMap((approval): readonly StreamEvent[] => {
      if (approval === 'later') return [];
      if (approval.approved) return [events.toolApproval('toolu_1', 'approved'), l];
      const denied = events.toolApproval('toolu_1', 'denied', approval.reason);
      return [denied, events.toolResult('toolu_1', 'Denied', true)];
    }),
  );
}
