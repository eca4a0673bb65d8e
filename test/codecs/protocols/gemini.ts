import * as events from '../../../src/events/make.js';
import { gemini } from '../../../src/gemini.js';
import { UNREPEATED } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';

export const protocol: Presented = {
  entry: 'gemini',
  what: 'the streams of Gemini’s `generateContent`, of the Gemini API and of Vertex AI',
  imported: 'streamGemini',
  use: 'streamGemini({ model, contents }, { apiKey }).pipe(textDeltas())',
  codec: gemini,
  carries: {
    messageId: true,
    model: true,
    inputUsage:
      'the input tokens are told at the start, and at the end where the end does not tell them itself',
    text: true,
    citations: 'the address and title of each cited page, at the end',
    thinking: true,
    signatures: 'carried, but for an empty one',
    redactedThinking: 'an empty thinking, with the data as its signature',
    toolUse: true,
    inputPieces:
      'an input comes whole, where the call ends; a call whose input is no JSON object is left out, and the reason is MALFORMED_FUNCTION_CALL',
    emptyInput: 'an input of no text is `{}`',
    serverToolUse: 'left out: a reader would take it for a call of a tool of its own',
    providerResults: 'only images, documents, and blocks that the protocol has itself',
    toolResults: 'left out: an answer has no part for what a tool of the caller’s gave',
    toolResultValues: 'left out',
    toolResultErrors: 'left out',
    toolApprovals: 'left out',
    toolProgress: 'left out',
    cancelledCalls: 'left out',
    boundaries:
      'text that follows text, or thinking that follows thinking, goes on in the same block, unless either is signed',
    emptyBlocks: 'a text or thinking of no pieces is left out, unless it is signed',
    emptyPieces: 'left out',
    interleaving:
      'calls and signed texts come whole, where they end; other blocks end where something else begins',
    stopReason:
      'end_turn, max_tokens, tool_use, refusal and cancelled come back, and so does any reason that is not of the Messages API; pause_turn and stop_sequence come back as end_turn, model_context_window_exceeded as max_tokens',
    toolUseReason: true,
    endTurnAfterCalls: 'tool_use: the protocol has one word for both',
    stopSequence: 'left out',
    usage: true,
    cacheUsage: 'only the tokens that were read from the cache',
    pings: 'left out',
    errors: true,
    errorTypes: true,
    requestIds: true,
    blockAborts: 'a call that was given up is left out; a text or thinking ends like any other',
    resets: UNREPEATED,
    unknown: true,
  },
  order: true,
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['a text that is a number', '{"candidates":[{"content":{"parts":[{"text":7}]}}]}'],
    [
      'an input that is a list',
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":[]}}]}}]}',
    ],
    ['candidates that are an object', '{"candidates":{"index":0}}'],
    [
      'a path that leads nowhere',
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","partialArgs":[{"jsonPath":"a"}]}}]}}]}',
    ],
  ],
};
