import { defer, pipe, type MonoTypeOperatorFunction } from 'rxjs';
import { apiError } from '../errors/apiError.js';
import { truncated } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { withIdOf } from '../events/id.js';
import { Phase } from '../fold/order/phase.js';
import { abortOpenBlocks } from '../operators/abortOpenBlocks.js';
import { transform } from '../rx/transform.js';

const BROKEN_OFF = 'The answer broke off';

/**
 * What may be sent to a client: no `error` event, which is an error, no completion of an answer that is not whole, and no
 * words of others on why a block or an attempt was given up. Every block has an end.
 *
 * @throws StreamError `api` for an `error` event, `truncated` for a source that completes too early
 */
export function published(): MonoTypeOperatorFunction<StreamEvent> {
  return pipe(whole(), abortOpenBlocks<StreamEvent>(BROKEN_OFF));
}

function whole(): MonoTypeOperatorFunction<StreamEvent> {
  return (events) =>
    defer(() => {
      const phase = new Phase();
      return events.pipe(
        transform<StreamEvent, StreamEvent>(
          (event, emit) => {
            phase.next(event);
            if (event.type === 'error' && !event.lane) throw apiError(event);
            emit(discreet(event));
          },
          {
            complete() {
              if (!phase.isWhole) throw truncated();
            },
          },
        ),
      );
    });
}

function discreet(event: StreamEvent): StreamEvent {
  if (event.type === 'block_abort') return withIdOf(event, { ...event, reason: BROKEN_OFF });
  if (event.type === 'reset') return withIdOf(event, { ...event, cause: BROKEN_OFF });
  return event;
}
