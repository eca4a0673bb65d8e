import { defer, type MonoTypeOperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { transform } from '../rx/transform.js';
import { MessageMeter, type MessageLimits } from '../fold/order/messageMeter.js';

/**
 * Lets events pass until a message is longer than it may be, so that whoever gathers it has a bound.
 *
 * ```text
 * -m-o-t-t-c-z|
 * > limitMessages({ block: 24 })
 * -m-o-t-#
 * ^------!
 * ```
 *
 * Every source does this by itself, with its option `limits`. Put this operator behind `decode()` where you pipe the wire
 * by hand, and behind events that do not come from a source of this library.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { decode, limitMessages, sse, toMessage } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * from(chunks)
 *   .pipe(sse(), decode(anthropic), limitMessages({ message: 200_000, blocks: 100 }), toMessage())
 *   .subscribe(console.log);
 * ```
 *
 * A `message_stop` and a `reset` begin a new count. What is not kept by anybody is not counted: pings, unknown events.
 *
 * @param limits - the most UTF-16 units of one block and of one message, and the most blocks of one message. Default: 64
 *   Mi, 128 Mi and 4,096
 * @returns an operator from events to the same events
 * @throws StreamError `limit`, which names the limit, in place of the event that goes beyond it
 */
export function limitMessages<E extends StreamEvent>(limits?: MessageLimits): MonoTypeOperatorFunction<E> {
  return (source) =>
    defer(() => {
      const meter = new MessageMeter(limits);
      return source.pipe(
        transform<E, E>((event, emit) => {
          meter.count(event);
          emit(event);
        }),
      );
    });
}
