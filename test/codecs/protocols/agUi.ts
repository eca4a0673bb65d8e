import { agUi } from '../../../src/ag-ui.js';
import * as events from '../../../src/events/make.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import { NO_FIELD, type Presented } from '../conformance/presented.js';

const NOT_OURS = 'left out: a front end would take it for a call of a tool of its own';

const CARRIES: Carries = {
  messageId: true,
  model: true,
  inputUsage: 'the input tokens are told at the end, where the end does not tell them itself',
  text: true,
  citations: NO_FIELD,
  thinking: true,
  signatures: true,
  redactedThinking: 'an empty thinking, with the data as its signature',
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: NOT_OURS,
  providerResults: NO_FIELD,
  toolResults: true,
  toolResultValues: 'lists of texts come back; any other value arrives as the text of its JSON',
  toolResultErrors: true,
  toolApprovals: true,
  toolProgress: true,
  cancelledCalls: true,
  boundaries: true,
  emptyBlocks: true,
  emptyPieces: 'left out, because readers before 1.0 refuse them',
  interleaving: true,
  stopReason: true,
  toolUseReason: true,
  endTurnAfterCalls: true,
  stopSequence: true,
  usage: true,
  cacheUsage: true,
  pings: 'left out: the protocol has none',
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts: true,
  resets: UNREPEATED,
  unknown:
    'events of this protocol come back, any other within a CUSTOM event; one before the first message comes after its start, one between two messages before the end of the first',
};

export const protocol: Presented = {
  entry: 'ag-ui',
  what: 'the events of AG-UI, between agents and their front ends',
  imported: 'agUi',
  use: "streamEvents(url, { codec: agUi, method: 'POST', headers, body }).pipe(textDeltas())",
  codec: agUi,
  carries: CARRIES,
  order: true,
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['no type', '{"messageId":"m","delta":"Hi"}'],
    ['a text without its message', '{"type":"TEXT_MESSAGE_CONTENT","delta":"Hi"}'],
    ['a piece that is a number', '{"type":"TOOL_CALL_ARGS","toolCallId":"c","delta":7}'],
    ['an outcome that is a word', '{"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":"success"}'],
  ],
};
