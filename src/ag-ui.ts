/** The events of AG-UI, the protocol between agents and their front ends: `rxjs-llm-stream/ag-ui`. */
export { agUi, agUiRun } from './codecs/agUi/codec.js';
export { agUiEventSchema, agUiEventSchemas } from './codecs/agUi/schemas.js';
export { turnMessagesOf, type AgUiMessage } from './codecs/agUi/turnMessages.js';
export type { FrontHistoryOptions } from './codecs/kit/frontHistory.js';
export type { AgUiRun } from './codecs/agUi/encoder.js';
export type {
  AgUiAsideEvent,
  AgUiBlockFields,
  AgUiContentEvent,
  AgUiEvent,
  AgUiFields,
  AgUiInterrupt,
  AgUiOutcome,
  AgUiRunError,
  AgUiUsage,
} from './codecs/agUi/wire.js';
