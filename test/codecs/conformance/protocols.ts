import { anthropic } from '../../../src/anthropic.js';
import type { Codec } from '../../../src/codecs/codec.js';
import type { Carries } from '../../../src/codecs/features.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { llmWorker } from '../../../src/llm-worker.js';
import { modelrelay, modelrelayDialect } from '../../../src/modelrelay.js';
import { synaps } from '../../../src/synaps.js';

/** A protocol, and what only it could tell of itself. */
export interface Protocol {
  readonly codec: Codec & { readonly carries: Carries };
  /** Whether events are decoded as they stand: what is wrong in a stream is then left to the operators. */
  readonly passesOn: boolean;
  /** An event of an unknown type, as the protocol spells it. */
  stranger(name: string, fields: object): StreamEvent;
  /** What this event stands in. */
  readonly strange: string;
  /** Data of known kinds with the wrong shape, and data of no kind. */
  readonly malformed: readonly (readonly [what: string, data: string])[];
}

/** Every protocol of the library. */
export const PROTOCOLS: readonly Protocol[] = [
  {
    codec: carrying(anthropic),
    passesOn: true,
    stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
    strange: '{"type":"heartbeat","n":1}',
    malformed: [
      ['no type', '{"index":0}'],
      ['a delta without its text', '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}'],
      ['a start without a message', '{"type":"message_start"}'],
    ],
  },
  ...[modelrelay, modelrelayDialect('v1')].map((dialect): Protocol => ({
    codec: carrying(dialect),
    passesOn: false,
    stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
    strange: '{"type":"heartbeat","n":1}',
    malformed: [
      ['neither a type nor an event', '{"delta":"Hi"}'],
      ['a delta that is a number', '{"type":"update","delta":7}'],
      ['a call that is not named', '{"type":"tool_use_start"}'],
    ],
  })),
  {
    codec: carrying(modelrelayDialect('event')),
    passesOn: false,
    stranger: (name, fields) => events.unknown(name, { event: name, ...fields }),
    strange: '{"event":"heartbeat","n":1}',
    malformed: [
      ['neither a type nor an event', '{"text_delta":"Hi"}'],
      ['a delta that is a number', '{"event":"message_delta","text_delta":7}'],
      ['a call that is not named', '{"event":"tool_use_start"}'],
    ],
  },
  {
    codec: carrying(llmWorker),
    passesOn: false,
    stranger: events.unknown,
    strange: '{"heartbeat":{"n":1}}',
    malformed: [
      ['two names', '{"Ping":{},"Usage":{}}'],
      [
        'a call without its id',
        '{"BlockStart":{"index":0,"block_type":"ToolUse","metadata":{"ToolUse":{"name":"f"}}}}',
      ],
      ['a delta without its text', '{"BlockDelta":{"index":0,"delta":{"Text":null}}}'],
      ['a status that is a number', '{"Status":{"status":1}}'],
    ],
  },
  {
    codec: carrying(synaps),
    passesOn: false,
    stranger: (name, fields) => events.unknown(name, { type: name, ...fields }),
    strange: '{"type":"heartbeat","n":1}',
    malformed: [
      ['no type', '{"event":{"type":"text_delta","delta":"Hi"}}'],
      ['a delta without its text', '{"type":"message_update","event":{"type":"text_delta"}}'],
      ['an update without a type', '{"type":"message_update","event":{}}'],
      ['a response that does not say how it went', '{"type":"response","id":"1","command":"prompt"}'],
    ],
  },
];

function carrying(codec: Codec): Protocol['codec'] {
  const { carries } = codec;
  if (carries === undefined) throw new Error(`The codec ${codec.name} does not say what it carries`);
  return { ...codec, carries };
}
