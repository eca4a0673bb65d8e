import * as events from '../../../src/events/make.js';
import { openaiChat } from '../../../src/openai.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import { NO_FIELD, type Presented } from '../conformance/presented.js';

const CARRIES: Carries = {
  messageId: true,
  model: true,
  inputUsage: 'the input tokens are told at the end, where the end does not tell them itself',
  text: true,
  citations: 'the address and title of each cited page; a passage of a document is left out',
  thinking: true,
  signatures: true,
  redactedThinking: true,
  toolUse: true,
  inputPieces: true,
  emptyInput: 'arrives as `{}`',
  serverToolUse: 'left out: a reader would take it for a call of a tool of its own',
  providerResults: NO_FIELD,
  toolResults: 'left out: they are sent with the next request',
  toolResultValues: NO_FIELD,
  toolResultErrors: NO_FIELD,
  toolApprovals: NO_FIELD,
  toolProgress: NO_FIELD,
  cancelledCalls: NO_FIELD,
  boundaries: 'text that follows text, or thinking that follows thinking, goes on in the same block',
  emptyBlocks: 'texts and thinking without a piece leave no trace',
  emptyPieces: 'left out: they say nothing',
  interleaving:
    'calls that are not whole may grow at the same time; all else ends where something else begins',
  stopReason:
    'pause_turn arrives as end_turn, and model_context_window_exceeded as max_tokens; the others, cancelled too, are carried',
  toolUseReason: true,
  endTurnAfterCalls: 'arrives as tool_use',
  stopSequence: true,
  usage: true,
  cacheUsage: true,
  pings: 'left out: the protocol has none',
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts:
    'a call that was given up has an input that is not JSON; a text or thinking ends like any other, save before an error',
  resets: UNREPEATED,
  unknown: 'carried; comes before the end of the text, thinking or call that it follows',
};

export const protocol: Presented = {
  entry: 'openai',
  what: 'OpenAI’s chat completions, and all that speak like them: Azure, OpenRouter, Groq, DeepSeek, Mistral, vLLM, llama.cpp …',
  imported: 'streamChat',
  use: 'streamChat({ model, messages }, { apiKey }).pipe(textDeltas())',
  codec: openaiChat,
  carries: CARRIES,
  order: true,
  stranger: (name, fields) => events.unknown(name, { object: name, ...fields }),
  isEnd: (data) => /"finish_reason":"/.test(data),
  strange: '{"object":"heartbeat","n":1,"choices":[]}',
  malformed: [
    ['neither choices nor an object', '{"id":"c1","delta":{"content":"Hi"}}'],
    ['a text that is a number', '{"choices":[{"index":0,"delta":{"content":7}}]}'],
    ['choices that are no list', '{"object":"chat.completion.chunk","choices":{"index":0}}'],
    ['arguments that are a number', '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":7}}]}}]}'],
  ],
};
