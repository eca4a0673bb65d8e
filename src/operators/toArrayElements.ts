import { defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { isReset, ReplyText } from '../fold/message/replyText.js';
import { StreamError } from '../errors/streamError.js';
import { finishedItems } from '../json/finished.js';
import { JsonText, type JsonTextOptions } from '../json/jsonText.js';
import { validate } from '../schema/validate.js';
import type { JsonPath, JsonValue } from '../json/value.js';
import type { StandardSchema } from '../schema/standardSchema.js';
import { transform } from '../rx/transform.js';

/** Options of {@link toArrayElements}. */
export interface ToArrayElementsOptions<T> extends JsonTextOptions {
  /** The keys and indices that lead to the array. Default `[]`: the reply itself is the array. */
  readonly path?: JsonPath | undefined;
  /** What each element has to be: zod, valibot, arktype or any other Standard Schema. */
  readonly schema?: StandardSchema<T, unknown>;
}

/**
 * Reads a reply that is JSON while its text comes in: emits each element of an array in it once, as soon as it is
 * complete.
 *
 * ```text
 * -A-B----C-|
 * > toArrayElements({ path: ['steps'] })
 * -1-(23)-4-|
 * ^---------!
 * ```
 *
 * ```ts
 * import { streamEvents, toArrayElements, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const schema = z.object({ name: z.string(), minutes: z.number() });
 *
 * streamEvents('/api/recipe', { codec: anthropic })
 *   .pipe(untilTerminal(), toArrayElements({ path: ['steps'], schema }))
 *   .subscribe((step) => console.log(step.name));
 * ```
 *
 * Of events it is known why the reply ended, as {@link accumulateJson} says. A `reset` after the first element is an error:
 * elements of two attempts are never mixed.
 *
 * @param options - `path` to the array, `schema` of an element, and `prose`, what becomes of text around the JSON
 * @returns an operator from events, or from pieces of text, to elements
 * @throws StreamError `malformed` for text that is not JSON, a reply without an array at the path, or an element that is
 *   not what the schema asks for, `truncated` for text that ends before its value and for a refusal, `limit`; after all elements before
 *   it. Of events, `api` and `protocol` as {@link textDeltas}
 * @see {@link accumulateJson}
 */
export function toArrayElements<T = JsonValue>(
  options: ToArrayElementsOptions<T> = {},
): OperatorFunction<string | StreamEvent, T> {
  const { path = [], schema } = options;
  return (reply) =>
    defer(() => {
      const said = new ReplyText();
      let text = new JsonText(options);
      let count = 0;
      const step = (read: () => void, emit: (item: T) => void): void => {
        try {
          read();
        } finally {
          for (const item of finishedItems(text.container, path, count) ?? [])
            emit(element(item, count++, schema));
        }
      };
      return reply.pipe(
        transform<string | StreamEvent, T>(
          (item, emit) => {
            if (isReset(item)) {
              if (count > 0)
                throw new StreamError('protocol', 'An attempt was dropped after elements of it had come');
              text = new JsonText(options);
            }
            said.add(item, (piece) => step(() => void said.read(item, () => text.write(piece)), emit));
          },
          {
            complete(emit) {
              said.end((piece) => step(() => text.write(piece), emit));
              said.check(text.snapshot.complete, undefined);
              step(() => text.end(), emit);
              if (finishedItems(text.container, path, count) === undefined) throw noArray(path);
            },
          },
        ),
      );
    });
}

function element<T>(value: JsonValue, index: number, schema: StandardSchema<T, unknown> | undefined): T {
  if (schema === undefined) return value as T;
  const verdict = validate(schema, value, `Element ${index}`, 'malformed');
  if (verdict.error !== undefined) throw verdict.error;
  return verdict.value;
}

function noArray(path: JsonPath): StreamError {
  return new StreamError(
    'malformed',
    `The reply has no array at ${path.length === 0 ? 'its top' : path.join('.')}`,
  );
}
