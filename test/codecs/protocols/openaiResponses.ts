import * as events from '../../../src/events/make.js';
import { openaiResponses } from '../../../src/openai.js';
import { UNREPEATED } from '../conformance/carries.js';
import { NO_FIELD, type Presented } from '../conformance/presented.js';

export const protocol: Presented = {
  entry: 'openai',
  what: 'the Responses API of OpenAI, and of the servers that speak it',
  imported: 'streamResponses',
  use: 'streamResponses({ model, input }, { apiKey }).pipe(textDeltas())',
  codec: openaiResponses,
  order: true,
  carries: {
    messageId: true,
    model: true,
    inputUsage: 'the input tokens are told at the end, where the end does not tell them itself',
    text: true,
    citations: 'the address and title of each cited page',
    thinking: true,
    signatures: 'told where the block ends',
    redactedThinking: 'it comes whole, where it ends',
    toolUse: true,
    inputPieces: true,
    emptyInput: true,
    serverToolUse:
      'a search of the web, a program that is run and the call of an MCP server; the input of the first two comes whole; others are left out',
    providerResults:
      'what an MCP server gave and what it offers, compaction, and the items of the protocol that have no other block; others are left out',
    toolResults: 'left out: the caller sends them with the next request',
    toolResultValues: 'left out: the caller sends them with the next request',
    toolResultErrors: 'left out: the caller sends them with the next request',
    toolApprovals: 'left out: there is no item for them',
    toolProgress: 'left out: the caller sends results with the next request',
    cancelledCalls: 'left out: the caller sends results with the next request',
    boundaries: true,
    emptyBlocks: true,
    emptyPieces: true,
    interleaving:
      'texts, thinking and calls may grow at the same time; what comes whole begins where it ends',
    stopReason:
      '`stop_sequence` arrives as `end_turn`, and `tool_use` without a call of the caller’s too; all others come back, `cancelled` too',
    toolUseReason: true,
    endTurnAfterCalls: 'arrives as `tool_use`',
    stopSequence: NO_FIELD,
    usage: true,
    cacheUsage: true,
    pings: true,
    errors: true,
    errorTypes: true,
    requestIds: true,
    blockAborts:
      'a call that was given up is incomplete, with a reason of its own; a text or thinking ends like any other',
    resets: UNREPEATED,
    unknown: 'only those named `response.…`: the official client fails at any other',
  },
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['neither a type nor an event', '{"delta":"Hi"}'],
    [
      'a delta that is a number',
      '{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":7}',
    ],
    ['a delta of no item', '{"type":"response.output_text.delta","content_index":0,"delta":"Hi"}'],
    [
      'an index that is none',
      '{"type":"response.output_item.added","output_index":-1,"item":{"type":"message"}}',
    ],
    ['an item without a type', '{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1"}}'],
    ['an answer that is a text', '{"type":"response.completed","response":"Hi"}'],
  ],
};
