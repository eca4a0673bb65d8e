import { aiSdkUi, aiSdkUiDialect } from '../../../src/ai-sdk-ui.js';
import * as events from '../../../src/events/make.js';
import { UNREPEATED, type Carries } from '../conformance/carries.js';
import type { Presented, Protocol } from '../conformance/presented.js';

const SIX: Carries = {
  messageId: true,
  model: true,
  inputUsage: true,
  text: true,
  citations: 'the address and title of each cited page, once; citations of what has no address are left out',
  thinking: true,
  signatures: true,
  redactedThinking: true,
  toolUse: true,
  inputPieces: true,
  emptyInput: true,
  serverToolUse: true,
  providerResults:
    'what a tool of the provider gave arrives as its result, of a call in the stream alone; images and documents are files; other blocks are left out',
  toolResults: true,
  toolResultValues: true,
  toolResultErrors:
    'carried; that a result is none is left out, and what only says that a call was not approved arrives as `denied`',
  toolApprovals: 'requests are carried; what was decided shows in the result of a call that was denied',
  toolProgress: true,
  cancelledCalls: 'arrive as errors',
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
  pings: 'left out: the protocol has none; a comment keeps the connection alive',
  errors: true,
  errorTypes: 'left out: every error arrives as `api_error`',
  requestIds: 'left out',
  blockAborts:
    'a call that was given up arrives as it was, and a whole one whose input the client would refuse (a member `__proto__`, a number beyond 1.8e308) is shown by it as failed, with its text; a text or thinking ends like any other',
  resets: UNREPEATED,
  unknown: true,
};

const SEVEN: Carries = {
  ...SIX,
  toolApprovals: true,
  resets: 'carried; what caused them is not, and the message keeps its id',
};

const SHARED: Omit<Protocol, 'codec' | 'carries'> = {
  order: true,
  answersEarlier: true,
  stranger: events.unknown,
  strange: '{"type":"data-event","transient":true,"data":{"name":"heartbeat","data":{"n":1}}}',
  isEnd: (data) => /^\{"type":"(?:finish|abort|error)"/.test(data),
  malformed: [
    ['no type', '{"delta":"Hi"}'],
    ['a delta that is a number', '{"type":"text-delta","id":"0","delta":7}'],
    ['a text without an id', '{"type":"text-start"}'],
    ['a decision that says neither yes nor no', '{"type":"tool-approval-response","approvalId":"a"}'],
    ['a file that is nowhere', '{"type":"file","mediaType":"image/png"}'],
  ],
};

export const protocol: Presented = {
  entry: 'ai-sdk-ui',
  what: 'the UI message stream of the AI SDK, which `useChat` reads',
  imported: 'aiSdkUi',
  use: "streamEvents('/api/chat', { codec: aiSdkUi, method: 'POST', headers, body }).pipe(textDeltas())",
  codec: aiSdkUi,
  carries: SIX,
  ...SHARED,
  dialects: [
    {
      call: 'aiSdkUiDialect({ version: 7 })',
      codec: aiSdkUiDialect({ version: 7 }),
      carries: SEVEN,
      ...SHARED,
    },
  ],
};
