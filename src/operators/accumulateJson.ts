import { defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { isReset, ReplyText } from '../fold/message/replyText.js';
import { lazily } from '../json/lazily.js';
import { JsonText, type JsonTextOptions } from '../json/jsonText.js';
import { validate } from '../schema/validate.js';
import type { JsonGrowth } from '../json/growth.js';
import type { JsonValue } from '../json/value.js';
import type { DeepPartial, StandardSchema } from '../schema/standardSchema.js';
import { transform } from '../rx/transform.js';

/** Options of {@link accumulateJson}. */
export interface AccumulateJsonOptions<T, Read = unknown> extends JsonTextOptions {
  /** What the finished value has to be: zod, valibot, arktype or any other Standard Schema. */
  readonly schema?: StandardSchema<T, Read>;
  /**
   * Shows a container of more than 64 members, while it is open, through a read-only view instead of a copy, for whoever
   * reads every one of tens of thousands of values of a very wide container. A view is not plain: `structuredClone`,
   * `postMessage` and Immer refuse it. Default `false`.
   */
  readonly views?: boolean | undefined;
}

/** A JSON value as far as it has come; `Read` is its type before a schema converts it. */
export type JsonProgress<T = JsonValue, Read = T> =
  | {
      readonly status: 'partial';
      readonly value: DeepPartial<Read>;
      /** What `value` has more than in the snapshot before. */
      readonly growth: readonly JsonGrowth[];
    }
  | { readonly status: 'complete'; readonly value: T; readonly growth: readonly JsonGrowth[] };

/**
 * Reads a reply that is JSON while it comes in: emits the value so far on every piece of text that adds to it, and the
 * finished value at the end.
 *
 * ```text
 * -A-B-C-|
 * > accumulateJson()
 * -1-2-3-(4|)
 * ^------!
 * ```
 *
 * Strings grow letter by letter; numbers and literals show when they can no longer change. What did not change between
 * two snapshots is the same object. Values are plain; those of a wide container are made when they are read. With a
 * schema, the value is typed: all optional while partial, as the schema gives it when complete.
 *
 * ```ts
 * import { accumulateJson, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const schema = z.object({ title: z.string(), steps: z.array(z.string()) });
 *
 * streamEvents('/api/recipe', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateJson({ schema }))
 *   .subscribe(({ status, value }) => console.log(status, value.title));
 * ```
 *
 * Of events it is known why the reply ended: a refusal, and a reply that ran into its limit of tokens before the value was
 * whole, are errors that name the stop reason as their `errorType` and are not retryable. A refusal is prose, so what is
 * wrong with the text of events is an error only once the reply has said why it ended. Of text alone nothing is known, and
 * it is an error at once. With a `reset` the value begins anew.
 *
 * @param options - `schema`; `prose`, what becomes of text around the JSON; `views`
 * @returns an operator from events, or from pieces of text, to values
 * @throws StreamError `malformed` for text that is not JSON or a value that is not what the schema asks for,
 *   `truncated` for text that ends before its value and for a refusal, `limit`; each with the value so far as `partial`.
 *   Of events, `api` and `protocol` as {@link textDeltas}
 * @see {@link toArrayElements} {@link accumulateToolInput}
 */
export function accumulateJson<T = JsonValue, Read = T>(
  options: AccumulateJsonOptions<T, Read> = {},
): OperatorFunction<string | StreamEvent, JsonProgress<T, Read>> {
  const { schema, prose, views } = options;
  return (reply) =>
    defer(() => {
      const said = new ReplyText();
      let text = new JsonText({ prose, views });
      return reply.pipe(
        transform<string | StreamEvent, JsonProgress<T, Read>>(
          (item, emit) => {
            if (isReset(item)) text = new JsonText({ prose, views });
            said.add(item, (piece) => {
              if (said.read(item, () => text.write(piece))) emit(partial<Read>(text));
            });
          },
          {
            complete(emit) {
              said.end((piece) => text.write(piece));
              said.check(text.snapshot.complete, text.snapshot.value);
              emit(complete(text, schema));
            },
          },
        ),
      );
    });
}

function partial<Read>({ snapshot, isWide }: JsonText): JsonProgress<never, Read> {
  if (isWide) return lazily({ status: 'partial' }, 'value', snapshot) as JsonProgress<never, Read>;
  return { status: 'partial', value: snapshot.value as DeepPartial<Read>, growth: snapshot.growth };
}

function complete<T>(text: JsonText, schema: StandardSchema<T, unknown> | undefined): JsonProgress<T, never> {
  const { snapshot: shown } = text;
  const value = text.end();
  // Only with the end of the text is a number known that is the whole value.
  const growth = text.snapshot === shown ? [] : text.snapshot.growth;
  if (schema === undefined) return { status: 'complete', value: value as T, growth };
  const verdict = validate(schema, value, 'The reply', 'malformed');
  if (verdict.error !== undefined) throw verdict.error.withPartial(value);
  return { status: 'complete', value: verdict.value, growth };
}
