import { itemsOf, type Shown } from '../item.js';
import { auto, blanket, derived, READ } from './plainData.js';

const SPELLED: Shown = {
  file: 'test/codecs/llmWorker/events.test.ts',
  name: 'is made as serde writes it: %s',
};
const STOP_REASON: Shown = {
  file: 'test/codecs/llmWorker/decoding.test.ts',
  name: 'after %s has the stop reason %s',
};

/** The crate's names have `Worker` before them here, for the canonical events have the short ones. */
export const llmWorker = itemsOf('llm-worker', [
  ['type', 'Event', '/llm-worker WorkerEvent', SPELLED],
  ['variant', 'Event::Ping', '/llm-worker WorkerEvent.Ping', SPELLED],
  ['variant', 'Event::Usage', '/llm-worker WorkerEvent.Usage', SPELLED],
  ['variant', 'Event::Status', '/llm-worker WorkerEvent.Status', SPELLED],
  ['variant', 'Event::Error', '/llm-worker WorkerEvent.Error', SPELLED],
  ['variant', 'Event::BlockStart', '/llm-worker WorkerEvent.BlockStart', SPELLED],
  ['variant', 'Event::BlockDelta', '/llm-worker WorkerEvent.BlockDelta', SPELLED],
  ['variant', 'Event::BlockStop', '/llm-worker WorkerEvent.BlockStop', SPELLED],
  ['variant', 'Event::BlockAbort', '/llm-worker WorkerEvent.BlockAbort', SPELLED],
  ['type', 'PingEvent', '/llm-worker WorkerPing', SPELLED],
  ['type', 'UsageEvent', '/llm-worker WorkerUsage', SPELLED],
  ['type', 'StatusEvent', '/llm-worker WorkerStatus', SPELLED],
  ['type', 'ErrorEvent', '/llm-worker WorkerError', SPELLED],
  ['type', 'BlockStart', '/llm-worker WorkerBlockStart', SPELLED],
  ['type', 'BlockDelta', '/llm-worker WorkerBlockDelta', SPELLED],
  ['type', 'BlockStop', '/llm-worker WorkerBlockStop', SPELLED],
  ['type', 'BlockAbort', '/llm-worker WorkerBlockAbort', SPELLED],
  ['type', 'StopReason', '/llm-worker WorkerStopReason', STOP_REASON],
  ['function', 'Event::text_block_start', '/llm-worker workerEvents.textBlockStart', SPELLED],
  ['function', 'Event::text_delta', '/llm-worker workerEvents.textDelta', SPELLED],
  ['function', 'Event::text_block_stop', '/llm-worker workerEvents.textBlockStop', SPELLED],
  ['function', 'Event::tool_use_start', '/llm-worker workerEvents.toolUseStart', SPELLED],
  ['function', 'Event::tool_input_delta', '/llm-worker workerEvents.toolInputDelta', SPELLED],
  ['function', 'Event::tool_use_stop', '/llm-worker workerEvents.toolUseStop', SPELLED],
  ['function', 'Event::usage', '/llm-worker workerEvents.usage', SPELLED],
  ['function', 'Event::ping', '/llm-worker workerEvents.ping', SPELLED],
  ...derived({
    Clone: ['clone', 'clone_from'],
    Debug: ['fmt'],
    Deserialize: ['deserialize'],
    PartialEq: ['eq', 'ne'],
    Serialize: ['serialize'],
    StructuralPartialEq: [],
  }),
  [
    'trait',
    'From<Event> for Event',
    '/llm-worker llmWorker',
    READ,
    'the crate’s event as the one of its own public API; here as a `StreamEvent`, and back',
    ['from'],
  ],
  auto('Freeze', 'RefUnwindSafe', 'Send', 'Sync', 'Unpin', 'UnwindSafe'),
  blanket(
    'Any',
    'Borrow',
    'BorrowMut',
    'CloneToUninit',
    'From',
    'Instrument',
    'Into',
    'PolicyExt',
    'ToOwned',
    'TryFrom',
    'TryInto',
    'WithSubscriber',
    'DeserializeOwned',
  ),
]);
