import { anthropic } from '../../../src/anthropic.js';
import * as events from '../../../src/events/make.js';
import type { Carries } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';

/** The canonical events are spelled as they are here, so that nothing is lost. */
const CARRIES: Carries = {
  messageId: true,
  model: true,
  inputUsage: true,
  text: true,
  citations: true,
  thinking: true,
  signatures: true,
  redactedThinking: true,
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: true,
  providerResults: true,
  toolResults: true,
  toolResultValues: true,
  toolResultErrors: true,
  toolApprovals: true,
  toolProgress: true,
  cancelledCalls: true,
  boundaries: true,
  emptyBlocks: true,
  interleaving: true,
  stopReason: true,
  stopSequence: true,
  usage: true,
  cacheUsage: true,
  pings: true,
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts: true,
  resets: 'carried; what caused them arrives as its JSON',
  toolUseReason: true,
  endTurnAfterCalls: true,
  emptyPieces: true,
  unknown: true,
};

export const protocol: Presented = {
  entry: 'anthropic',
  what: 'the Anthropic Messages API and the gateways that speak it',
  imported: 'streamMessages',
  use: 'streamMessages({ model, max_tokens, messages }, { apiKey }).pipe(textDeltas())',
  codec: anthropic,
  carries: CARRIES,
  order: 'events pass as they came, because a stream that is resumed in its middle has no start',
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['no type', '{"index":0}'],
    ['a delta without its index', '{"type":"content_block_delta","delta":{"type":"text_delta"}}'],
    ['a start without a message', '{"type":"message_start"}'],
  ],
};
