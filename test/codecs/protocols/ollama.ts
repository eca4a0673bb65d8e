import * as events from '../../../src/events/make.js';
import { ollama, ollamaDialect } from '../../../src/ollama.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import { NO_FIELD, type Presented, type Protocol } from '../conformance/presented.js';

const NO_PROVIDER_TOOLS = 'left out: the server runs no tools';

const CHAT: Carries = {
  messageId: NO_FIELD,
  model: true,
  inputUsage: 'the tokens are told at the end, where the end does not tell them itself',
  text: true,
  citations: NO_FIELD,
  thinking: true,
  signatures: NO_FIELD,
  redactedThinking: NO_FIELD,
  toolUse: true,
  inputPieces: 'an input comes whole, as the JSON object that it is; a call with any other input is left out',
  emptyInput: 'an input of no text at all is written as `{}`',
  serverToolUse: NO_PROVIDER_TOOLS,
  providerResults: 'images in base64 alone: there is no field for anything else',
  toolResults: NO_FIELD,
  toolResultValues: NO_FIELD,
  toolResultErrors: NO_FIELD,
  toolApprovals: NO_FIELD,
  toolProgress: NO_FIELD,
  cancelledCalls: NO_FIELD,
  boundaries: 'text that follows text, or thinking that follows thinking, goes on in the same block',
  emptyBlocks: 'a text or thinking of no pieces is left out',
  emptyPieces: 'left out: lines without text say something else',
  interleaving: 'a text or thinking ends where something else begins, and a call is written where it ends',
  stopReason:
    'stop_sequence is read as end_turn, model_context_window_exceeded as max_tokens, and tool_use as end_turn where no call is whole; any other reason, cancelled too, is written as it is',
  toolUseReason: true,
  endTurnAfterCalls: 'read as tool_use: the reason is stop whether tools were called or not',
  stopSequence: NO_FIELD,
  usage: true,
  cacheUsage: NO_FIELD,
  pings: NO_FIELD,
  errors: true,
  errorTypes: 'left out: an error is a sentence',
  requestIds: NO_FIELD,
  blockAborts:
    'a call that was given up is left out; a text or thinking ends like any other, save before an error',
  resets: UNREPEATED,
  unknown: 'left out: the official client takes every line for one of the answer',
};

const GENERATE: Carries = {
  ...CHAT,
  toolUse: 'left out: only `/api/chat` calls tools',
  inputPieces: 'left out: only `/api/chat` calls tools',
  emptyInput: 'left out: only `/api/chat` calls tools',
  interleaving: 'a text or thinking ends where something else begins',
};

const LINES: Omit<Protocol, 'codec' | 'carries'> = {
  order: true,
  stranger: (name, fields) => events.unknown(name, { ...fields, event: name }),
  strange: '{"n":1,"event":"heartbeat"}',
  malformed: [
    ['neither a message nor a response', '{"model":"m","created_at":"2026-01-01T00:00:00Z"}'],
    ['a message that is a text', '{"message":"Hi","done":false}'],
    ['a content that is a number', '{"message":{"content":7},"done":false}'],
    ['calls that are no list', '{"message":{"tool_calls":{}},"done":false}'],
  ],
};

export const protocol: Presented = {
  entry: 'ollama',
  what: 'the streams of Ollama: chats and generations in, either of them out',
  imported: 'streamOllama',
  use: 'streamOllama({ model, messages }).pipe(textDeltas())',
  codec: ollama,
  carries: CHAT,
  ...LINES,
  dialects: [
    { call: "ollamaDialect('generate')", codec: ollamaDialect('generate'), carries: GENERATE, ...LINES },
  ],
};
