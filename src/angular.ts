/** Signals, resources and providers for Angular: `rxjs-llm-stream/angular`. */
export type { AnswerSignals, AnswerState, BlockSignal, IdleState } from './angular/answerSignals.js';
export type { Asked, StreamRequest } from './sources/angular/asked.js';
export { injectAnswer, type Answer, type AnswerOptions, type AnswerSource } from './angular/injectAnswer.js';
export {
  injectConversation,
  type ApproveCalls,
  type ChatTurn,
  type ConversationOptions,
  type ConversationSignals,
} from './angular/injectConversation.js';
export type { ServerOptions } from './angular/serverRender.js';
export { provideStreams, type StreamSetting, type StreamsOptions } from './sources/angular/streams.js';
export { streamResource, type StreamResource, type StreamResourceOptions } from './angular/streamResource.js';
