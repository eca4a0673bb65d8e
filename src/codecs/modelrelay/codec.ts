import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import { ModelRelayDecoder } from './decoder.js';
import { ModelRelayEncoder } from './encoder.js';
import { modelRelayRecordSchema, type ModelRelayDialect, type ModelRelayRecord } from './wire.js';

/**
 * The streams of ModelRelay over NDJSON. It reads the three dialects there are, record by record, and writes v2.
 *
 * - `event` names its records by `event`, as the OpenAPI schema `NDJSONStreamEvent` has them; v1 and v2 by `type`,
 *   as the service's own SDKs read them.
 * - A v1 `update` holds the text so far, a v2 `update` what is new of it; both `completion`s hold the whole text,
 *   which is compared with what was streamed and never added to it. So are finished `tool_calls`.
 * - `keepalive` and `ping` are pings. An `error` is an `error` event with the `code` as its type, and with the `status`.
 * - An answer that is a JSON document passes as `unknown` events that hold the whole record: `patch`es,
 *   `complete_fields`, the `payload` at the end.
 * - `provider`, `state_id` and the `citations` of an answer are fields of the message: {@link RelayFields}.
 * - The stop reasons of the service are read as the canonical ones that mean the same, and written back as its own.
 *   Of several that mean the same one is written: `stop` and `completed` come back as `end_turn`.
 * - A call is given as one of the caller's tools, also where the service ran it: its result then follows it as a
 *   `tool_result`. A call of another type than `function` is named by its type.
 *
 * docs/protocols.md lists what is lost; so are `state_id` in v2 and v1, `provider` in `event`, and `stream_mode`.
 *
 * @see https://github.com/modelrelay/modelrelay-ts
 */
export const modelrelay: Codec<ModelRelayRecord> & {
  readonly schema: StandardSchema<ModelRelayRecord, unknown>;
} = modelrelayDialect('v2');

/**
 * The codec {@link modelrelay} with another dialect to write. It reads all three all the same.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { modelrelayDialect } from 'rxjs-llm-stream/modelrelay';
 *
 * from([events.messageStart({ id: 'resp-1' }), events.textStart(0), events.textDelta(0, 'Hi')])
 *   .pipe(encode(modelrelayDialect('event')))
 *   .subscribe(({ data }) => console.log(data));
 * // {"event":"message_start","response_id":"resp-1"}
 * // {"event":"message_delta","text_delta":"Hi"}
 * ```
 *
 * @param dialect - what its encoder writes. In v1 each update holds the whole text so far, so that a long text costs
 *   its square
 * @returns the codec
 */
export function modelrelayDialect(
  dialect: ModelRelayDialect,
): Codec<ModelRelayRecord> & { readonly schema: StandardSchema<ModelRelayRecord, unknown> } {
  return {
    name: dialect === 'v2' ? 'modelrelay' : `modelrelay-${dialect}`,
    framing: 'ndjson',
    schema: modelRelayRecordSchema,
    decoder: (pass) => guarded('modelrelay', new ModelRelayDecoder(pass)),
    encoder: () => new ModelRelayEncoder(dialect),
  };
}
