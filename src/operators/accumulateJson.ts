import { defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { isReset, ReplyText } from '../fold/message/replyText.js';
import { lazily } from '../json/lazily.js';
import { JsonText, type JsonTextOptions } from '../json/jsonText.js';
import { SchemaWatch } from '../schema/schemaWatch.js';
import { validate } from '../schema/validate.js';
import type { JsonGrowth } from '../json/growth.js';
import type { JsonPath, JsonValue } from '../json/value.js';
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
  /**
   * Gives each value `closed`: where the values stand that have just been finished. A piece that only finishes one is shown
   * too. Default `false`.
   */
  readonly closed?: boolean | undefined;
  /**
   * Fails as soon as a finished member is not what the schema asks for, not only at the end. It takes a schema that can be
   * asked for its members: zod's; of others, only what is none of the words of an enum is found. A key that is repeated
   * counts each time. Default `false`.
   */
  readonly early?: boolean | undefined;
}

/** A JSON value as far as it has come; `Read` is its type before a schema converts it. */
export type JsonProgress<T = JsonValue, Read = T> =
  | {
      readonly status: 'partial';
      readonly value: DeepPartial<Read>;
      /** What `value` has more than in the snapshot before. */
      readonly growth: readonly JsonGrowth[];
      /**
       * With the option `closed`, where in `value` the values stand that are finished and were not in the snapshot before,
       * in the order of the text.
       */
      readonly closed?: readonly JsonPath[];
    }
  | {
      readonly status: 'complete';
      readonly value: T;
      readonly growth: readonly JsonGrowth[];
      readonly closed?: readonly JsonPath[];
    };

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
 * schema, the value is typed: all optional while partial, as the schema gives it when complete. A string that has to be one
 * of some words shows when it is one of them; from a value on that is none of them, nothing is shown.
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
 * @param options - `schema`; `prose`, what becomes of text around the JSON; `closed`, `early`, `views`
 * @returns an operator from events, or from pieces of text, to values
 * @throws StreamError `malformed` for text that is not JSON or a value that is not what the schema asks for,
 *   `truncated` for text that ends before its value and for a refusal, `limit`; each with the value so far as `partial`.
 *   Of events, `api` and `protocol` as {@link textDeltas}
 * @see {@link toArrayElements} {@link accumulateToolInput}
 */
export function accumulateJson<T = JsonValue, Read = T>(
  options: AccumulateJsonOptions<T, Read> = {},
): OperatorFunction<string | StreamEvent, JsonProgress<T, Read>> {
  const { schema, early = false } = options;
  const naming = { what: 'The reply', code: 'malformed' } as const;
  return (reply) =>
    defer(() => {
      const said = new ReplyText();
      let watch: SchemaWatch | undefined;
      let text: JsonText;
      const begin = (): void => {
        watch = schema && new SchemaWatch(schema, early ? naming : undefined);
        text = new JsonText({ ...options, watch });
      };
      begin();
      return reply.pipe(
        transform<string | StreamEvent, JsonProgress<T, Read>>(
          (item, emit) => {
            if (isReset(item)) begin();
            said.add(item, (piece) => {
              const isNews = said.read(item, () => text.write(piece));
              const closed = text.takeClosed();
              if (isNews === true || closed?.length) emit(partial<Read>(text, closed));
              if (watch?.error) throw watch.error.withPartial(text.snapshot.value);
            });
          },
          {
            complete(emit) {
              said.end((piece) => text.write(piece));
              said.check(text.isComplete, text.snapshot.value);
              emit(complete(text, schema));
            },
          },
        ),
      );
    });
}

function partial<Read>(
  { snapshot, isWide }: JsonText,
  closed: readonly JsonPath[] | undefined,
): JsonProgress<never, Read> {
  const more = closed && { closed };
  if (isWide) return lazily({ status: 'partial', ...more }, 'value', snapshot) as JsonProgress<never, Read>;
  return { status: 'partial', value: snapshot.value as DeepPartial<Read>, growth: snapshot.growth, ...more };
}

function complete<T>(text: JsonText, schema: StandardSchema<T, unknown> | undefined): JsonProgress<T, never> {
  const { snapshot: shown } = text;
  const value = text.end();
  // Only with the end of the text is a number known that is the whole value.
  const growth = text.snapshot === shown ? [] : text.snapshot.growth;
  const closed = text.takeClosed();
  const more = { growth, ...(closed && { closed }) };
  if (schema === undefined) return { status: 'complete', value: value as T, ...more };
  const verdict = validate(schema, value, 'The reply', 'malformed');
  if (verdict.error !== undefined) throw verdict.error.withPartial(value);
  return { status: 'complete', value: verdict.value, ...more };
}
