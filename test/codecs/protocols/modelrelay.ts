import * as events from '../../../src/events/make.js';
import { modelrelay, modelrelayDialect } from '../../../src/modelrelay.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import { NO_FIELD, type Presented, type Protocol } from '../conformance/presented.js';

const V2: Carries = {
  messageId: true,
  model: true,
  inputUsage: 'the input tokens are told at the end, where the end does not tell them itself',
  text: true,
  citations: 'the address and title of each cited page, at the end',
  thinking: true,
  signatures: NO_FIELD,
  redactedThinking: NO_FIELD,
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: 'left out: a reader would take it for a call of a tool of its own',
  providerResults: NO_FIELD,
  toolResults: true,
  toolResultValues: true,
  toolResultErrors: NO_FIELD,
  toolApprovals: NO_FIELD,
  toolProgress: NO_FIELD,
  cancelledCalls: NO_FIELD,
  boundaries: 'text that follows text, or thinking that follows thinking, goes on in the same block',
  emptyBlocks: 'a text or thinking of no pieces is left out',
  emptyPieces: true,
  interleaving: 'calls may grow at the same time; a text or thinking ends where something else begins',
  stopReason: true,
  stopSequence: NO_FIELD,
  usage: true,
  cacheUsage: NO_FIELD,
  pings: true,
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts:
    'a call that was given up is missing among the finished calls at the end, so that it is given up there; a text or thinking ends like any other, save before an error or when the answer was cancelled',
  toolUseReason: true,
  endTurnAfterCalls: true,
  resets: UNREPEATED,
  unknown: true,
};

const NO_THINKING = 'left out: the dialect has no record for it';

const V1: Carries = {
  ...V2,
  citations: NO_FIELD,
  thinking: NO_THINKING,
  toolResults: NO_FIELD,
  toolResultValues: NO_FIELD,
};

const TYPED: Omit<Protocol, 'codec' | 'carries'> = {
  order: true,
  stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
  strange: '{"type":"heartbeat","n":1}',
  malformed: [
    ['neither a type nor an event', '{"delta":"Hi"}'],
    ['a delta that is a number', '{"type":"update","delta":7}'],
    ['a call that is not named', '{"type":"tool_use_start"}'],
  ],
};

export const protocol: Presented = {
  entry: 'modelrelay',
  what: 'the streams of ModelRelay: three dialects in, any of them out',
  imported: 'modelrelay',
  use: "streamEvents(url, { codec: modelrelay, method: 'POST', headers, body }).pipe(textDeltas())",
  codec: modelrelay,
  carries: V2,
  ...TYPED,
  dialects: [
    { call: "modelrelayDialect('v1')", codec: modelrelayDialect('v1'), carries: V1, ...TYPED },
    {
      call: "modelrelayDialect('event')",
      codec: modelrelayDialect('event'),
      carries: V1,
      order: true,
      stranger: (name, fields) => events.unknown(name, { event: name, ...fields }),
      strange: '{"event":"heartbeat","n":1}',
      malformed: [
        ['neither a type nor an event', '{"text_delta":"Hi"}'],
        ['a delta that is a number', '{"event":"message_delta","text_delta":7}'],
        ['a call that is not named', '{"event":"tool_use_start"}'],
      ],
    },
  ],
};
