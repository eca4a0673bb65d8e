import { claudeCode } from '../../../src/claude-code.js';
import * as events from '../../../src/events/make.js';
import type { Carries } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';

const BETWEEN = 'carried; between two messages it comes before the end of the first, which is held back';

/** The events within its lines are the canonical ones. */
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
  toolResultValues: 'arrive as the text of their JSON, save lists of blocks',
  toolResultErrors: true,
  toolApprovals: true,
  toolProgress: 'left out: no line says what a tool has so far',
  cancelledCalls: 'left out: such a result is an error like any other',
  boundaries: true,
  emptyBlocks: true,
  emptyPieces: true,
  interleaving: true,
  stopReason: true,
  toolUseReason: true,
  endTurnAfterCalls: true,
  stopSequence: true,
  usage: true,
  cacheUsage: true,
  pings: BETWEEN,
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts: true,
  resets: 'carried; what caused them is not',
  unknown: BETWEEN,
};

export const protocol: Presented = {
  entry: 'claude-code',
  what: 'the turns of Claude Code as `stream-json`, and of its agent SDK; sub-agents in lanes',
  imported: 'claudeCode',
  use: 'fromBytes(child.stdout, { codec: claudeCode }).pipe(textDeltas())',
  codec: claudeCode,
  carries: CARRIES,
  order: true,
  stranger: (name, fields) => events.unknown(name, { ...fields, type: name }),
  strange: '{"n":1,"type":"heartbeat"}',
  malformed: [
    ['no type', '{"event":{"type":"ping"}}'],
    ['an event that is none', '{"type":"stream_event","event":7}'],
    ['an event of the wrong shape', '{"type":"stream_event","event":{"type":"content_block_stop"}}'],
    ['a message without its blocks', '{"type":"assistant","message":{"content":7}}'],
    ['a user that says nothing', '{"type":"user"}'],
  ],
};
