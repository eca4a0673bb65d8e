import { bedrockConverse, bedrockInvoke } from '../../../src/bedrock.js';
import * as events from '../../../src/events/make.js';
import { UNREPEATED } from '../conformance/carries.js';
import type { Presented } from '../conformance/presented.js';
import { protocol as messages } from './anthropic.js';

function chunk(json: string): string {
  return JSON.stringify({ bytes: btoa(json) });
}

export const protocol: Presented = {
  entry: 'bedrock',
  what: 'the streams of Amazon Bedrock’s `ConverseStream`, of any model',
  imported: 'bedrockConverse',
  use: 'fromResponse(response, { codec: bedrockConverse }).pipe(textDeltas())',
  codec: bedrockConverse,
  carries: {
    messageId: 'left out: it is a header of the response',
    model: 'left out: it is in the address of the request',
    inputUsage: 'the tokens are told at the end, where the end does not tell them itself',
    text: true,
    citations: 'the title, the passage and the address of each',
    thinking: true,
    signatures: true,
    redactedThinking: 'data in base64 alone',
    toolUse: true,
    inputPieces: true,
    emptyInput: true,
    serverToolUse: 'those of an MCP server are left out',
    providerResults: 'only images in base64',
    toolResults: 'left out: they are sent with the next request',
    toolResultValues: 'left out',
    toolResultErrors: 'left out',
    toolApprovals: 'left out',
    toolProgress: 'left out',
    cancelledCalls: 'left out',
    boundaries: 'a text or thinking begins with its first piece',
    emptyBlocks: 'a text or thinking of no pieces has an empty one',
    emptyPieces: true,
    interleaving: 'a text or thinking begins with its first piece',
    stopReason: 'end_turn arrives as tool_use after a call; the others, cancelled too, are carried',
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
    unknown: true,
  },
  order: true,
  stranger: (name, fields) => events.unknown(name, fields),
  strange: '{"n":1}',
  strangeName: 'heartbeat',
  isEnd: (data) => 'stopReason' in (JSON.parse(data) as object),
  malformed: [
    ['a text that is a number', '{"contentBlockIndex":0,"delta":{"text":7}}', 'contentBlockDelta'],
    ['a block without a number', '{"delta":{"text":"Hi"}}', 'contentBlockDelta'],
    [
      'an input that is an object',
      '{"contentBlockIndex":0,"delta":{"toolUse":{"input":{}}}}',
      'contentBlockDelta',
    ],
    ['a reason that is a number', '{"stopReason":7}', 'messageStop'],
    ['a name in its body and the wrong shape there', '{"contentBlockStop":{"contentBlockIndex":-1}}'],
    ['an event that nothing names', '{"contentBlockIndex":0,"delta":{"text":"Hi"}}'],
  ],
  beside: [
    {
      name: 'bedrockInvoke(codec)',
      what: 'the streams of Amazon Bedrock’s `InvokeModelWithResponseStream`: the model’s own protocol, `anthropic` by default',
      imported: 'bedrockInvoke',
      use: 'fromResponse(response, { codec: bedrockInvoke() }).pipe(textDeltas())',
    },
    {
      name: 'titanAnswer()',
      what: 'what Amazon Titan says in them',
      imported: 'bedrockInvoke, titanAnswer',
      use: 'fromResponse(response, { codec: bedrockInvoke(titanAnswer()) }).pipe(textDeltas())',
    },
  ],
  dialects: [
    {
      call: 'bedrockInvoke()',
      codec: bedrockInvoke(),
      carries: messages.carries,
      order: messages.order,
      stranger: (name, fields) => messages.stranger(name, fields),
      strange: chunk(messages.strange),
      malformed: [
        ['bytes that are a number', '{"bytes":7}'],
        ['bytes that are no base64', '{"bytes":"!"}'],
      ],
    },
  ],
};
