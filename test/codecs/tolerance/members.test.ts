import type { Codec } from '../../../src/codecs/codec.js';
import type { Frame } from '../../../src/wire/frame.js';
import { PROTOCOLS } from '../conformance/protocols.js';
import { emptied, put } from './emptied.js';
import { answersIn, LEAST, outcomeOf, said, spliced, timely, type Variant } from './variants.js';

/** Members that a frame of a protocol may have, and this one has not. */
const OPTIONAL: Readonly<Record<string, (frame: Json) => readonly string[]>> = {
  'ag-ui': ({ type }) => [
    ...['timestamp', 'rawEvent', 'metadata', 'subagentRunId', 'later'],
    ...(type === 'RUN_STARTED' ? ['parentRunId', 'protocolVersion', 'input'] : []),
    ...(type === 'RUN_FINISHED' ? ['outcome', 'usage', 'result'] : []),
  ],
  'ai-sdk-ui': () => [
    ...['messageId', 'messageMetadata', 'providerMetadata', 'finishReason', 'reason', 'title', 'later'],
    ...['providerExecuted', 'dynamic', 'inputEncoding', 'citations', 'preliminary', 'transient'],
  ],
  anthropic: ({ type }) => (type === 'message_delta' ? ['context_management'] : []),
  'bedrock-invoke': () => ['p', 'later'],
  'bedrock-converse': (body) => [
    'p',
    ...('usage' in body ? ['metrics', 'trace', 'serviceTier', 'performanceConfig'] : []),
    ...('stopReason' in body ? ['additionalModelResponseFields'] : []),
  ],
  gemini: () => ['usageMetadata', 'modelVersion', 'responseId', 'promptFeedback', 'answer', 'createTime'],
  'gemini-interactions': ({ event_type }) => [
    ...['event_id', 'metadata', 'interaction_id', 'continuation_token'],
    ...(event_type === 'step.stop' ? ['usage', 'step_usage'] : []),
  ],
  'llm-worker': () => [],
  'openai-chat': ({ choices }) => [
    ...['id', 'model', 'usage', 'x_groq', 'service_tier', 'system_fingerprint', 'provider', 'citations'],
    ...(choices === undefined ? [] : ['obfuscation', 'error']),
  ],
  modelrelay: () => [
    ...[
      'model',
      'stop_reason',
      'usage',
      'tool_call_delta',
      'tool_calls',
      'state_id',
      'provider',
      'citations',
    ],
    ...[
      'stream_mode',
      'complete_fields',
      'tool_call',
      'index',
      'id',
      'name',
      'arguments',
      'tool_type',
      'patch',
    ],
  ],
  ollama: () => [
    ...[
      'model',
      'created_at',
      'message',
      'response',
      'thinking',
      'image',
      'done_reason',
      'context',
      'logprobs',
    ],
    ...['total_duration', 'load_duration', 'prompt_eval_count', 'eval_count', 'remote_model', 'remote_host'],
    'error',
  ],
  'openai-responses': () => ['item_id', 'obfuscation', 'service_tier'],
  synaps: ({ type }) => (type === 'response' ? ['cancelled', 'error', 'outcome'] : ['id', 'error']),
};

type Json = Readonly<Record<string, unknown>>;

/** A frame with a member that it does not have, `null` and `''`. */
function extended(
  value: Json,
  names: readonly string[],
): readonly (readonly [what: string, value: unknown])[] {
  return names
    .filter((name) => !Object.hasOwn(value, name))
    .flatMap((name) =>
      [null, ''].map((empty) => [`+${name}: ${String(empty)}`, put(value, name, empty)] as const),
    );
}

/** One frame with one member that says nothing. */
interface Change {
  readonly at: number;
  readonly what: string;
  readonly frame: Frame;
}

function changesOf({ name, terminator }: Codec, frames: readonly Frame[]): readonly Change[] {
  const optional = OPTIONAL[name.replace(/-(?:v1|event|generate)$/, '')] ?? (() => []);
  return frames.flatMap((frame, at) => {
    if (frame.data === terminator) return [];
    const value = JSON.parse(frame.data) as Json;
    return [...emptied(value), ...extended(value, optional(value))].map(([what, other]) => ({
      at,
      what: `${at} ${what}`,
      frame: { ...frame, data: JSON.stringify(other) },
    }));
  });
}

/** Each change by itself, and beside others of other frames. */
function variantsOf(codec: Codec, frames: readonly Frame[]): readonly Variant[] {
  const changes = changesOf(codec, frames);
  const pairs = Array.from({ length: 8 }, (_, times) =>
    changes.flatMap((one, place) => {
      const other = changes[(place + 3 + 7 * times) % changes.length];
      return other === undefined || other.at === one.at ? [] : [[one, other]];
    }),
  ).flat();
  return [...changes.map((change) => [change]), ...pairs.slice(0, 2 * LEAST)].map((chosen) => ({
    what: chosen.map(({ what }) => what).join(', '),
    frames: chosen.reduce((changed, { at, frame }) => spliced(changed, at, 1, frame), frames),
  }));
}

describe.each(PROTOCOLS.map((protocol) => [protocol.codec.name, protocol.codec] as const))(
  'what is absent, null or empty in %s',
  (_, codec) => {
    it('means the same, whichever it is', () => {
      const all = answersIn(codec).flatMap((frames) => {
        const { message, calls } = outcomeOf(codec, frames);
        return variantsOf(codec, frames).map((variant) => ({
          ...variant,
          message: said(message),
          calls: calls.length,
        }));
      });
      for (const { what, frames, message, calls } of timely(all)) {
        const found = outcomeOf(codec, frames);
        expect({ what, message: said(found.message), calls: found.calls.length, error: found.error }).toEqual(
          {
            what,
            message,
            calls,
            error: undefined,
          },
        );
      }
    });
  },
);
