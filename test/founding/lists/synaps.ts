import { itemsOf, type Shown } from '../item.js';
import { auto, blanket, derived } from './plainData.js';

const READ_AS_TURNS: Shown = { file: 'test/codecs/synaps/decoding.test.ts', name: 'are read as turns' };
const ACCEPTED: Shown = { file: 'test/codecs/synaps/decoding.test.ts', name: 'are what the schema accepts' };
const WRITTEN: Shown = { file: 'test/codecs/synaps/encoding.test.ts', name: 'are those that a child writes' };
const GUARDED: Shown = {
  file: 'test/codecs/synaps/operators.test.ts',
  name: 'tell what belongs to a turn, and what ends one',
};

export const synaps = itemsOf('synaps', [
  ['type', 'AssistantEvent', '/synaps AssistantEvent', ACCEPTED],
  ['variant', 'AssistantEvent::TextDelta', '/synaps TextDeltaUpdate', READ_AS_TURNS],
  ['field', 'AssistantEvent::TextDelta.delta', '/synaps TextDeltaUpdate.delta', READ_AS_TURNS],
  ['variant', 'AssistantEvent::ThinkingDelta', '/synaps ThinkingDeltaUpdate', READ_AS_TURNS],
  ['field', 'AssistantEvent::ThinkingDelta.delta', '/synaps ThinkingDeltaUpdate.delta', READ_AS_TURNS],
  ['variant', 'AssistantEvent::ToolcallStart', '/synaps ToolcallStartUpdate', READ_AS_TURNS],
  ['field', 'AssistantEvent::ToolcallStart.tool_id', '/synaps ToolcallStartUpdate.tool_id', READ_AS_TURNS],
  [
    'field',
    'AssistantEvent::ToolcallStart.tool_name',
    '/synaps ToolcallStartUpdate.tool_name',
    READ_AS_TURNS,
  ],
  ['variant', 'AssistantEvent::ToolcallInputDelta', '/synaps ToolcallInputDeltaUpdate', READ_AS_TURNS],
  [
    'field',
    'AssistantEvent::ToolcallInputDelta.tool_id',
    '/synaps ToolcallInputDeltaUpdate.tool_id',
    READ_AS_TURNS,
  ],
  [
    'field',
    'AssistantEvent::ToolcallInputDelta.delta',
    '/synaps ToolcallInputDeltaUpdate.delta',
    READ_AS_TURNS,
  ],
  ['variant', 'AssistantEvent::ToolcallInput', '/synaps ToolcallInputUpdate', READ_AS_TURNS],
  ['field', 'AssistantEvent::ToolcallInput.tool_id', '/synaps ToolcallInputUpdate.tool_id', READ_AS_TURNS],
  ['field', 'AssistantEvent::ToolcallInput.input', '/synaps ToolcallInputUpdate.input', READ_AS_TURNS],
  ['variant', 'AssistantEvent::ToolcallResult', '/synaps ToolcallResultUpdate', READ_AS_TURNS],
  ['field', 'AssistantEvent::ToolcallResult.tool_id', '/synaps ToolcallResultUpdate.tool_id', READ_AS_TURNS],
  ['field', 'AssistantEvent::ToolcallResult.result', '/synaps ToolcallResultUpdate.result', WRITTEN],
  ['type', 'Value', '/synaps ToolcallInputUpdate.input', READ_AS_TURNS, 'any JSON value, as `unknown`'],
  ['type', 'RpcEvent', '/synaps RpcEvent', ACCEPTED],
  [
    'variant',
    'RpcEvent::MessageUpdate',
    '/synaps MessageUpdateEvent',
    GUARDED,
    'with `isMessageUpdate` as its guard',
  ],
  ...derived({
    Clone: ['clone', 'clone_from'],
    Debug: [],
    Deserialize: ['deserialize'],
    PartialEq: ['eq'],
    Serialize: [],
    StructuralPartialEq: [],
  }),
  auto('Freeze', 'RefUnwindSafe', 'Send', 'Sync', 'Unpin', 'UnsafeUnpin', 'UnwindSafe'),
  blanket('BorrowMut', 'CloneToUninit', 'DeserializeOwned', 'Downcast'),
]);
