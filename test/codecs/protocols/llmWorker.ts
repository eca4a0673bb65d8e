import * as events from '../../../src/events/make.js';
import { llmWorker } from '../../../src/llm-worker.js';
import type { Carries } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';

const CARRIES: Carries = {
  messageId: 'left out; a message arrives without an id',
  model: 'left out; a message arrives without a model',
  inputUsage: true,
  text: true,
  citations: 'left out',
  thinking: true,
  signatures:
    'carried by the stop of the block: arrives right before it, whatever came between, and the last one only',
  redactedThinking:
    'arrives as thinking without text; its data is written beside the stop, and not read again',
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: 'left out, because a worker would run the call itself',
  providerResults: 'left out',
  toolResults: true,
  toolResultValues: 'arrive as the text of their JSON',
  toolResultErrors: 'left out; the text of the result is all there is',
  toolApprovals: 'left out',
  toolProgress: 'left out: only results are written',
  cancelledCalls: 'left out; the text of the result is all there is',
  boundaries: true,
  emptyBlocks: true,
  interleaving: true,
  stopReason:
    'end_turn, max_tokens, stop_sequence and tool_use are carried; cancelled arrives after the usage, in a message_delta of its own; any other arrives as null',
  toolUseReason: true,
  endTurnAfterCalls: true,
  emptyPieces: true,
  stopSequence: 'left out; the stop reason tells that one was met',
  usage: true,
  cacheUsage: true,
  pings: true,
  errors: true,
  errorTypes: true,
  requestIds: 'left out',
  blockAborts: true,
  resets:
    'carried as a second start, with the open blocks aborted before it; attempts are counted anew, what caused them is lost',
  unknown: true,
};

export const protocol: Presented = {
  entry: 'llm-worker',
  what: 'the events of the Rust crate `llm-worker`',
  imported: 'llmWorker',
  use: 'fromBytes(child.stdout, { codec: llmWorker }).pipe(textDeltas())',
  codec: llmWorker,
  carries: CARRIES,
  order: true,
  stranger: events.unknown,
  strange: '{"heartbeat":{"n":1}}',
  malformed: [
    ['two names', '{"Ping":{},"Usage":{}}'],
    ['a delta without its index', '{"BlockDelta":{"delta":{"Text":""}}}'],
    ['a delta that is a number', '{"BlockDelta":{"index":0,"delta":{"Text":7}}}'],
    ['a status that is a number', '{"Status":{"status":1}}'],
  ],
};
