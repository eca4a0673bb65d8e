import { itemsOf, type Shown } from '../item.js';

function shown(name: string): Shown {
  return { file: 'test/founding/anthropicGleam.test.ts', name };
}

const MADE = shown('%s makes what the wire says');
const WRITTEN = shown('is written as %s writes it');
const FIELDS = shown('has its fields under the names of the wire: %s');
const NAMED = shown('is told by its type: %s');
const TERMINAL: Shown = {
  file: 'test/events/event.test.ts',
  name: 'holds for a message stop and an error, and for nothing else',
};
const KNOWN: Shown = { file: 'test/events/event.test.ts', name: 'knows %s from the wire' };
const TEXT: Shown = { file: 'test/events/event.test.ts', name: 'gives the text of a text delta' };
const JSON_PIECE: Shown = {
  file: 'test/events/event.test.ts',
  name: 'gives the piece of JSON as it was cut',
};

const FLAT = 'its fields stand in the event itself';

export const anthropicGleam = itemsOf('anthropic_gleam', [
  ['type', 'ContentBlockDelta', 'ContentBlockDelta', FIELDS],
  ['constructor', 'TextContentDelta', 'events.textDelta', MADE],
  ['field', 'TextContentDelta.delta', 'ContentBlockDeltaEvent.delta', FIELDS],
  ['constructor', 'InputJsonContentDelta', 'events.inputJsonDelta', MADE],
  ['field', 'InputJsonContentDelta.delta', 'ContentBlockDeltaEvent.delta', FIELDS],
  ['type', 'TextDelta', 'TextDelta', FIELDS],
  ['type', 'ContentBlockDeltaEvent', 'ContentBlockDeltaEvent', FIELDS],
  ['constructor', 'ContentBlockDeltaEvent', 'events.blockDelta', MADE],
  ['field', 'ContentBlockDeltaEvent.index', 'ContentBlockDeltaEvent.index', FIELDS],
  ['field', 'ContentBlockDeltaEvent.delta', 'ContentBlockDeltaEvent.delta', FIELDS],
  ['type', 'ContentBlockStart', 'ContentBlockStartEvent', FIELDS],
  ['constructor', 'ContentBlockStart', 'events.blockStart', MADE],
  ['field', 'ContentBlockStart.index', 'ContentBlockStartEvent.index', FIELDS],
  ['field', 'ContentBlockStart.content_block', 'ContentBlockStartEvent.content_block', FIELDS],
  ['type', 'message.ContentBlock', 'ContentBlock', FIELDS],
  ['type', 'ContentBlockStop', 'ContentBlockStopEvent', FIELDS],
  ['constructor', 'ContentBlockStop', 'events.blockStop', MADE],
  ['field', 'ContentBlockStop.index', 'ContentBlockStopEvent.index', FIELDS],
  ['type', 'InputJsonDelta', 'InputJsonDelta', FIELDS],
  ['constructor', 'InputJsonDelta', 'events.inputJsonDelta', MADE, 'the `delta` of the event'],
  ['field', 'InputJsonDelta.partial_json', 'InputJsonDelta.partial_json', FIELDS],
  ['type', 'MessageDelta', 'MessageDelta', FIELDS],
  ['constructor', 'MessageDelta', 'events.messageDelta', MADE, 'the `delta` of the event'],
  ['field', 'MessageDelta.stop_reason', 'MessageDelta.stop_reason', FIELDS],
  ['field', 'MessageDelta.stop_sequence', 'MessageDelta.stop_sequence', FIELDS],
  ['type', 'request.StopReason', 'StopReason', FIELDS],
  ['type', 'MessageDeltaEvent', 'MessageDeltaEvent', FIELDS],
  ['constructor', 'MessageDeltaEvent', 'events.messageDelta', MADE],
  ['field', 'MessageDeltaEvent.delta', 'MessageDeltaEvent.delta', FIELDS],
  ['field', 'MessageDeltaEvent.usage', 'MessageDeltaEvent.usage', FIELDS],
  ['type', 'MessageDeltaUsage', 'MessageDeltaUsage', FIELDS],
  ['constructor', 'MessageDeltaUsage', 'events.messageDelta', MADE, 'the `usage` of the event'],
  ['field', 'MessageDeltaUsage.output_tokens', 'MessageDeltaUsage.output_tokens', FIELDS],
  ['type', 'MessageStart', 'Message', FIELDS, 'the message of `message_start`'],
  ['constructor', 'MessageStart', 'events.messageStart', MADE, 'the `message` of the event'],
  ['field', 'MessageStart.id', 'Message.id', FIELDS],
  ['field', 'MessageStart.message_type', 'Message.type', FIELDS],
  ['field', 'MessageStart.role', 'Message.role', FIELDS],
  ['field', 'MessageStart.model', 'Message.model', FIELDS],
  ['field', 'MessageStart.usage', 'Message.usage', FIELDS],
  ['type', 'message.Role', "Message.role='assistant'", FIELDS],
  ['type', 'request.Usage', 'Usage', FIELDS],
  [
    'type',
    'StreamError',
    'ApiError',
    FIELDS,
    'the error of an `error` event; `StreamError` here is what is thrown for it',
  ],
  ['constructor', 'StreamError', 'events.error', MADE, 'the `error` of the event'],
  ['field', 'StreamError.error_type', 'ApiError.type', FIELDS],
  ['field', 'StreamError.message', 'ApiError.message', FIELDS],
  ['type', 'StreamEvent', 'StreamEvent', NAMED],
  ['constructor', 'MessageStartEvent', 'events.messageStart', MADE],
  ['field', 'MessageStartEvent.message', 'MessageStartEvent.message', FIELDS],
  ['constructor', 'ContentBlockStartEvent', 'events.blockStart', MADE],
  ['field', 'ContentBlockStartEvent.content_block_start', 'ContentBlockStartEvent', FIELDS, FLAT],
  ['constructor', 'ContentBlockDeltaEventVariant', 'events.blockDelta', MADE],
  ['field', 'ContentBlockDeltaEventVariant.content_block_delta', 'ContentBlockDeltaEvent', FIELDS, FLAT],
  ['constructor', 'ContentBlockStopEvent', 'events.blockStop', MADE],
  ['field', 'ContentBlockStopEvent.content_block_stop', 'ContentBlockStopEvent', FIELDS, FLAT],
  ['constructor', 'MessageDeltaEventVariant', 'events.messageDelta', MADE],
  ['field', 'MessageDeltaEventVariant.message_delta', 'MessageDeltaEvent', FIELDS, FLAT],
  ['constructor', 'MessageStopEvent', 'events.messageStop', MADE],
  ['constructor', 'PingEvent', 'events.ping', MADE],
  ['constructor', 'ErrorEvent', 'events.error', MADE],
  ['field', 'ErrorEvent.error', 'ErrorEvent.error', FIELDS],
  ['type', 'json.Json', 'Frame.data', WRITTEN, 'JSON as text'],
  ['function', 'content_block_delta_to_json', 'encode', WRITTEN, 'of whole events; a delta is its own JSON'],
  ['function', 'content_block_stop', 'events.blockStop', MADE],
  ['function', 'event_type_from_string', 'eventTypeOf', KNOWN, '`undefined` for what is unknown'],
  ['function', 'event_type_string', 'StreamEvent.type', NAMED],
  ['function', 'get_delta_json', 'partialJsonOf', JSON_PIECE],
  ['function', 'get_delta_text', 'textOf', TEXT],
  ['function', 'input_json_delta', 'events.inputJsonDelta', MADE, 'the `delta` of the event'],
  ['function', 'input_json_delta_event', 'events.inputJsonDelta', MADE],
  ['function', 'input_json_delta_to_json', 'encode', WRITTEN, 'of whole events; a delta is its own JSON'],
  ['function', 'is_terminal_event', 'isTerminal', TERMINAL],
  ['function', 'message_delta_event', 'events.messageDelta', MADE],
  ['function', 'message_start', 'events.messageStart', MADE],
  ['function', 'stream_error', 'events.error', MADE, 'the `error` of the event'],
  ['function', 'stream_error_to_json', 'encode', WRITTEN, 'of whole events; an error is its own JSON'],
  ['function', 'text_block_start', 'events.textStart', MADE],
  ['function', 'text_delta_event', 'events.textDelta', MADE],
  ['function', 'tool_use_block_start', 'events.toolUseStart', MADE],
]);
