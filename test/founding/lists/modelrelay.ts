import { itemsOf, type Shown } from '../item.js';
import { auto, blanket, derived } from './plainData.js';

function shown(name: string): Shown {
  return { file: 'test/founding/modelrelay.test.ts', name };
}

const ACCEPTED = shown('is accepted by the schema: %s');
const READ = shown('is read: %s');
const WRITTEN = shown('is written again with all its fields: %s');
const WHOLE = shown('is any record of the service');

export const modelrelay = itemsOf('modelrelay', [
  ['type', 'NdjsonStreamEvent', '/modelrelay NdjsonStreamEvent', ACCEPTED],
  ['field', 'NdjsonStreamEvent.event', '/modelrelay NdjsonStreamEvent.event', READ],
  ['field', 'NdjsonStreamEvent.model', '/modelrelay NdjsonStreamEvent.model', WRITTEN],
  ['field', 'NdjsonStreamEvent.response_id', '/modelrelay NdjsonStreamEvent.response_id', WRITTEN],
  ['field', 'NdjsonStreamEvent.state_id', '/modelrelay NdjsonStreamEvent.state_id', WRITTEN],
  ['field', 'NdjsonStreamEvent.stop_reason', '/modelrelay NdjsonStreamEvent.stop_reason', WRITTEN],
  ['field', 'NdjsonStreamEvent.text_delta', '/modelrelay NdjsonStreamEvent.text_delta', WRITTEN],
  ['field', 'NdjsonStreamEvent.tool_call_delta', '/modelrelay NdjsonStreamEvent.tool_call_delta', WRITTEN],
  ['field', 'NdjsonStreamEvent.tool_calls', '/modelrelay NdjsonStreamEvent.tool_calls', WRITTEN],
  ['field', 'NdjsonStreamEvent.usage', '/modelrelay NdjsonStreamEvent.usage', WRITTEN],
  ['schema', 'NdjsonStreamEvent', '/modelrelay ndjsonStreamEventSchema', ACCEPTED],
  ['type', 'NdjsonStreamEventEvent', '/modelrelay NdjsonStreamEvent.event', ACCEPTED],
  [
    'variant',
    'NdjsonStreamEventEvent::message_start',
    "/modelrelay NdjsonStreamEvent.event='message_start'",
    READ,
  ],
  [
    'variant',
    'NdjsonStreamEventEvent::message_delta',
    "/modelrelay NdjsonStreamEvent.event='message_delta'",
    READ,
  ],
  [
    'variant',
    'NdjsonStreamEventEvent::message_stop',
    "/modelrelay NdjsonStreamEvent.event='message_stop'",
    READ,
  ],
  [
    'variant',
    'NdjsonStreamEventEvent::tool_use_start',
    "/modelrelay NdjsonStreamEvent.event='tool_use_start'",
    READ,
  ],
  [
    'variant',
    'NdjsonStreamEventEvent::tool_use_delta',
    "/modelrelay NdjsonStreamEvent.event='tool_use_delta'",
    READ,
  ],
  [
    'variant',
    'NdjsonStreamEventEvent::tool_use_stop',
    "/modelrelay NdjsonStreamEvent.event='tool_use_stop'",
    READ,
  ],
  ['variant', 'NdjsonStreamEventEvent::ping', "/modelrelay NdjsonStreamEvent.event='ping'", READ],
  ['variant', 'NdjsonStreamEventEvent::keepalive', "/modelrelay NdjsonStreamEvent.event='keepalive'", READ],
  ['type', 'ModelId', '/modelrelay NdjsonStreamEvent.model', READ, 'an open string'],
  ['type', 'Uuid', '/modelrelay RelayFields.state_id', READ, 'a string; it is kept with the message'],
  ['type', 'ToolCallDelta', '/modelrelay RelayToolCallDelta', READ],
  ['type', 'ToolCall', '/modelrelay RelayToolCall', READ],
  ['type', 'Usage', '/modelrelay RelayUsage', READ],
  ['type', 'ModelRelayApi', '/modelrelay ModelRelayRecord', WHOLE],
  ...derived({
    Clone: ['clone', 'clone_from'],
    Debug: [],
    Deserialize: ['deserialize'],
    PartialEq: [],
    Serialize: [],
    StructuralPartialEq: [],
  }),
  [
    'trait',
    'From<&NdjsonStreamEvent> for NdjsonStreamEvent',
    '/modelrelay NdjsonStreamEvent',
    WHOLE,
    'a reference is the value',
    ['from'],
  ],
  [
    'trait',
    'From<NdjsonStreamEvent> for ModelRelayApi',
    '/modelrelay ModelRelayRecord',
    WHOLE,
    'a union',
    ['from'],
  ],
  auto('Freeze', 'RefUnwindSafe', 'Send', 'Sync', 'Unpin', 'UnwindSafe'),
  blanket('BorrowMut'),
]);
