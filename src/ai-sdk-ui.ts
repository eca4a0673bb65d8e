/** The UI message stream of the AI SDK: `rxjs-llm-stream/ai-sdk-ui`. */
export { aiSdkUi, aiSdkUiDialect } from './codecs/aiSdkUi/codec.js';
export { AI_SDK_UI_HEADERS } from './codecs/aiSdkUi/headers.js';
export { uiMessageChunkSchema } from './codecs/aiSdkUi/schemas.js';
export { turnMessagesOf, type UiMessage } from './codecs/aiSdkUi/turnMessages.js';
export type { FrontHistoryOptions } from './codecs/kit/frontHistory.js';
export type { UiDialect } from './codecs/aiSdkUi/encoder.js';
export type {
  UiApprovalFields,
  UiBlockFields,
  UiMessageChunk,
  UiMessageFields,
} from './codecs/aiSdkUi/wire.js';
