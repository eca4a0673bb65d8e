import * as events from '../../../src/events/make.js';
import { synaps } from '../../../src/synaps.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';

const CARRIES: Carries = {
  messageId:
    'written as the id of the turn’s response; a message read has the id of its prompt, where that is given',
  model: 'written in the usage of agent_end, and in ready where a session id is given; read from ready',
  inputUsage: 'counted in the usage at the end',
  text: true,
  citations: 'left out: a text is its text alone',
  thinking: true,
  signatures: 'left out',
  redactedThinking: 'left out',
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: 'left out, because a reader would take them for calls of the caller’s tools',
  providerResults: 'left out',
  toolResults: true,
  toolResultValues: 'written as the text of their JSON',
  toolResultErrors: 'left out: only the text of a result tells',
  toolApprovals: 'left out',
  toolProgress: 'left out: only results are written',
  cancelledCalls: 'left out: only the text of a result tells',
  boundaries: 'a text that follows a text goes on with it, and so does thinking',
  emptyBlocks: 'texts and thinking without a delta leave no trace; calls do',
  emptyPieces: true,
  interleaving:
    'texts and thinking that grow side by side are cut into blocks of their own; calls stay whole',
  stopReason: 'only whether the turn was cancelled: any other reason is read as end_turn',
  toolUseReason: 'read as end_turn',
  endTurnAfterCalls: true,
  stopSequence: 'left out',
  usage:
    'carried, but for an unknown number of input tokens, which is written as 0, and 0 is read as unknown',
  cacheUsage: true,
  pings: 'left out: the protocol has none',
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts:
    'left out for texts and thinking; a call that was given up has an input that is not JSON, or none where the turn fails',
  resets: UNREPEATED,
  unknown:
    'carried whole; where nothing was written of a block’s start or a text’s end yet, it comes before that',
};

export const protocol: Presented = {
  entry: 'synaps',
  what: 'the turns of a SynapsCLI child, `synaps rpc`',
  imported: 'synaps',
  use: 'fromBytes(child.stdout, { codec: synaps }).pipe(textDeltas())',
  codec: synaps,
  carries: CARRIES,
  order: true,
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['no type', '{"event":{"type":"text_delta","delta":"Hi"}}'],
    ['a delta that is a number', '{"type":"message_update","event":{"type":"text_delta","delta":7}}'],
    ['an update without a type', '{"type":"message_update","event":{}}'],
    ['a response that does not say how it went', '{"type":"response","id":"1","command":"prompt"}'],
  ],
};
