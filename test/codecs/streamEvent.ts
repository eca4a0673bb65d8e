import fc from 'fast-check';
import type { BetaContentBlock, ContentBlock } from '../../src/events/block.js';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { ErrorType, StopReason } from '../../src/events/message.js';
import { codePoint } from '../codePoint.js';

/** Any JSON value, as it comes out of `JSON.parse`: without `-0`. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

const index = fc.nat(9_999_999);
const text = fc.string({ unit: codePoint, maxLength: 20 });
const tokens = fc.nat(1_000_000);

const stopReason = fc.constantFrom<StopReason>(
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
);

const messageStart = fc
  .record({ id: text, model: text, input_tokens: tokens })
  .map(({ input_tokens, ...fields }) => events.messageStart({ ...fields, usage: { input_tokens } }));

const messageDelta = fc
  .record({ reason: fc.option(stopReason), stop_sequence: fc.option(text), output_tokens: tokens })
  .map(({ reason, ...fields }) => events.messageDelta(reason, fields));

const blocks = fc.constantFrom<ContentBlock | BetaContentBlock>(
  { type: 'container_upload', file_id: 'file_1' },
  { type: 'mcp_tool_use', id: 'mcp_1', name: 'search', server_name: 'web', input: {} },
  { type: 'mcp_tool_result', tool_use_id: 'mcp_1', content: 'found', is_error: false },
  { type: 'compaction', content: null, encrypted_content: null },
);

const blockStart = fc.oneof(
  fc.tuple(index, text).map((of) => events.textStart(...of)),
  fc.tuple(index, text, text).map((of) => events.thinkingStart(...of)),
  fc.tuple(index, text).map((of) => events.redactedThinkingStart(...of)),
  fc
    .tuple(index, text, text, json)
    .map(([at, id, name, input]) => events.toolUseStart(at, id, name, (input ?? '') === '' ? {} : input)),
  fc.tuple(index, text).map(([at, id]) => events.serverToolUseStart(at, id, 'web_search')),
  fc.tuple(index, blocks).map(([at, block]): StreamEvent => events.blockStart(at, block)),
);

const blockDelta = fc.oneof(
  fc.tuple(index, text).map((of) => events.textDelta(...of)),
  fc.tuple(index, text).map((of) => events.thinkingDelta(...of)),
  fc.tuple(index, text).map((of) => events.signatureDelta(...of)),
  fc.tuple(index, text).map((of) => events.inputJsonDelta(...of)),
  fc.tuple(index, fc.option(text), fc.option(text)).map((of) => events.compactionDelta(...of)),
  fc.tuple(index, text).map(([at, cited_text]) =>
    events.citationsDelta(at, {
      type: 'char_location',
      cited_text,
      document_index: 0,
      document_title: null,
      start_char_index: 0,
      end_char_index: 1,
      file_id: null,
    }),
  ),
);

const between = fc.oneof(
  fc.constant(events.ping()),
  fc.tuple(text, json).map(([id, content]) => events.toolResult(id, content)),
  fc.tuple(text, json, fc.boolean()).map((of) => events.toolResult(...of)),
  fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), json)
    .map((data) => events.unknown('heartbeat', { type: 'heartbeat', ...data })),
);

const failing = fc.oneof(
  fc.tuple(fc.string({ minLength: 1 }) as fc.Arbitrary<ErrorType>, text).map((of) => events.error(...of)),
  fc.tuple(fc.constant('overloaded_error'), text, text).map((of) => events.error(...of)),
);

/** Any event that a factory makes. */
export const streamEvent: fc.Arbitrary<StreamEvent> = fc.oneof(
  messageStart,
  blockStart,
  blockDelta,
  index.map(events.blockStop),
  messageDelta,
  fc.constant(events.messageStop()),
  between,
  failing,
  fc.tuple(index, text).map((of) => events.blockAbort(...of)),
  fc.tuple(fc.nat(10), json).map((of) => events.reset(...of)),
);

/** A block from its start to its stop, at an index. */
const block = fc.oneof(
  fc
    .array(text)
    .map((pieces) => (at: number) => [
      events.textStart(at),
      ...pieces.map((piece) => events.textDelta(at, piece)),
      events.blockStop(at),
    ]),
  fc
    .array(text)
    .map((pieces) => (at: number) => [
      events.toolUseStart(at, `toolu_${at}`, 'get_weather'),
      ...pieces.map((piece) => events.inputJsonDelta(at, piece)),
      events.blockStop(at),
    ]),
  fc
    .tuple(fc.array(text), text)
    .map(([pieces, signature]) => (at: number) => [
      events.thinkingStart(at),
      ...pieces.map((piece) => events.thinkingDelta(at, piece)),
      events.signatureDelta(at, signature),
      events.blockStop(at),
    ]),
  text.map((reason) => (at: number) => [events.textStart(at), events.blockAbort(at, reason)]),
);

/** A whole answer in the order that the wire keeps. */
export const streamEventSequence: fc.Arbitrary<readonly StreamEvent[]> = fc
  .tuple(messageStart, fc.array(block, { maxLength: 5 }), fc.array(between), messageDelta)
  .map(([start, contents, others, delta]) => [
    start,
    ...contents.flatMap<StreamEvent>((at, place) => at(place)),
    ...others,
    delta,
    events.messageStop(),
  ]);
