import type { Codec } from '../../../src/codecs/codec.js';
import type { Frame } from '../../../src/wire/frame.js';
import { policed } from '../../../src/codecs/policed.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { PROTOCOLS } from '../conformance/protocols.js';
import { eventsOf, framesOf } from '../conformance/spelling.js';
import { answersIn, outcomeOf, timely } from './variants.js';

const WORDS = 'The prompt has 130001 tokens, at most 128000 fit';

/** How others spell a failure, and the status that it names. */
const SPELLINGS: readonly (readonly [body: unknown, status?: number])[] = [
  [{ error: { message: WORDS } }],
  [{ error: { message: WORDS, type: 'invalid_request_error', param: null, code: null } }, 400],
  [{ error: { code: 400, message: WORDS, status: 'INVALID_ARGUMENT' } }, 400],
  [{ error: { code: '503', message: WORDS } }, 503],
  [{ error: { message: { error: WORDS, action: 'GUARDRAIL_INTERVENED' } } }],
  [{ error: { type: 'overloaded_error', message: WORDS } }, 529],
  [{ error: { error: { message: WORDS } } }],
  [{ error: WORDS }],
  [{ error: [WORDS] }],
  [{ error: WORDS, statusCode: 429 }, 429],
  [{ error: 'invalid_client', error_description: WORDS }],
  [{ object: 'error', message: WORDS, param: null, code: 400 }, 400],
  [{ detail: WORDS }],
  [{ detail: [{ loc: ['body'], msg: WORDS }] }],
  [{ detail: { error: { message: WORDS } } }],
  [{ errors: [{ code: 7000, message: WORDS }] }],
  [{ errors: [WORDS], success: false }],
  [{ success: false, message: WORDS }],
  [{ success: false, message: { error: WORDS } }],
  [{ success: false, error: WORDS }],
  [{ success: false, error: { message: WORDS, code: 503 } }, 503],
  [{ success: false, detail: WORDS }],
  [{ success: false, detail: { message: WORDS } }],
  [{ success: false, errors: [{ message: WORDS }], messages: [], result: null }],
  [{ code: 402, message: WORDS }, 402],
  [{ status: 413, title: WORDS }, 413],
];

/** Those with a type of their own. A type that the `synaps` child does not know is a later version's, not a failure. */
const TYPED: typeof SPELLINGS = [
  [{ object: 'error', message: WORDS, type: 'BadRequestError', param: null, code: 400 }, 400],
  [{ type: 'server_error', message: WORDS, code: 500 }, 500],
  [{ type: 'ThrottlingException', message: WORDS, code: 429 }, 429],
  [{ type: 'guardrail', error: { message: WORDS } }],
];

/** The protocols' own errors, oddly spelled. */
const OWN: Readonly<Record<string, typeof SPELLINGS>> = {
  'ag-ui': [
    [{ type: 'RUN_ERROR', message: WORDS, code: 'overloaded' }],
    [{ type: 'RUN_ERROR', message: WORDS, code: '503', timestamp: 7 }, 503],
    [{ type: 'RUN_ERROR', message: { error: WORDS }, code: null }],
    [{ type: 'RUN_ERROR', error: { message: WORDS, code: 429 } }, 429],
    [{ type: 'RUN_ERROR', error: WORDS }],
    [{ type: 'RUN_ERROR', detail: WORDS }],
  ],
  'ai-sdk-ui': [
    [{ type: 'error', errorText: WORDS }],
    [{ type: 'error', errorText: { message: WORDS, status: 503 } }, 503],
    [{ type: 'error', errorText: null, message: WORDS }],
    [{ type: 'error', error: { message: WORDS, code: 429 } }, 429],
  ],
  anthropic: [
    [{ type: 'error', error: { type: 'guardrail_error', message: { error: WORDS } } }],
    [{ type: 'error', message: WORDS, status: 500 }, 500],
    [{ type: 'error', error: WORDS }],
    [{ type: 'error', error: { type: null, message: WORDS, code: 404 } }, 404],
  ],
  gemini: [
    [
      { error: { code: 503, message: WORDS, status: 'UNAVAILABLE' }, usageMetadata: { totalTokenCount: 7 } },
      503,
    ],
    [{ error: { code: 429, message: { text: WORDS, error: WORDS }, status: null } }, 429],
    [{ candidates: [{ index: 0 }], error: { code: 500, message: WORDS, status: 'INTERNAL' } }, 500],
    [{ error: { code: null, message: WORDS, status: 'PERMISSION_DENIED' } }],
  ],
  'gemini-interactions': [
    [{ event_type: 'error', error: { code: 'resource_exhausted', message: WORDS } }],
    [{ event_type: 'error', error: { code: 503, message: WORDS } }, 503],
    [{ event_type: 'error', error: { code: null, message: { error: WORDS } }, event_id: 'e1' }],
    [{ event_type: 'error', error: WORDS }],
  ],
  'llm-worker': [
    [{ Error: { code: null, message: { error: WORDS } } }],
    [{ Error: { code: 401, message: WORDS } }, 401],
    [{ Error: WORDS }],
    [{ Error: { error: { message: WORDS, code: 429 } } }, 429],
  ],
  modelrelay: [
    [{ type: 'error', code: 400, message: WORDS }, 400],
    [{ type: 'error', message: { error: WORDS } }],
    [{ event: 'error', error: { message: WORDS }, status: 503 }, 503],
    [{ type: 'error', detail: WORDS }],
  ],
  ollama: [
    [{ error: WORDS, done: true, done_reason: 'stop' }],
    [{ model: 'm', created_at: '2026-01-01T00:00:00Z', error: WORDS, done: false }],
    [{ error: WORDS, status_code: 503 }, 503],
    [{ StatusCode: 400, Status: '400 Bad Request', error: WORDS }],
  ],
  'openai-responses': [
    [{ type: 'error', code: 'server_error', message: WORDS, param: null, sequence_number: 7 }],
    [{ type: 'error', error: { type: 'server_error', code: 'server_error', message: WORDS, param: null } }],
    [{ type: 'error', error: { code: 503, message: WORDS } }, 503],
    [{ type: 'error', code: null, message: { error: WORDS }, status: 429 }, 429],
    [{ type: 'response.failed', response: { error: { code: 'server_error', message: WORDS } } }],
  ],
  synaps: [
    [{ type: 'response', id: '1', command: 'prompt', error: WORDS }],
    [{ type: 'response', id: '1', command: 'prompt', ok: null, error: { message: WORDS } }],
    [{ type: 'response', id: '1', command: 'prompt', success: false, message: WORDS }],
    [{ type: 'response', id: '1', command: 'prompt', ok: false, error: WORDS }],
    [{ type: 'response', id: '1', command: 'prompt', ok: false, error: { message: WORDS } }],
    [{ type: 'response', id: '1', command: 'prompt', ok: false, error: [WORDS], outcome: null }],
  ],
};

interface Failing {
  readonly what: string;
  readonly frames: readonly Frame[];
  readonly status: number | undefined;
}

function variantsOf(codec: Codec): readonly Failing[] {
  const name = codec.name.replace(/-(?:v1|event|generate)$/, '');
  const bodies = [...SPELLINGS, ...(name === 'synaps' ? [] : TYPED), ...(OWN[name] ?? [])];
  const names = codec.framing === 'sse' ? [undefined, 'error', 'message'] : [undefined];
  return answersIn(codec).flatMap((frames) =>
    frames.flatMap((_, at) =>
      bodies.flatMap(([body, status]) =>
        names.map((event): Failing => {
          const data = JSON.stringify(body);
          const failure: Frame = event === undefined ? { data } : { event, data };
          return { what: `${at} ${event ?? ''} ${data}`, frames: [...frames.slice(0, at), failure], status };
        }),
      ),
    ),
  );
}

describe.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
  'what %s says of a failure',
  (_, codec) => {
    it('is said in the error, wherever it comes and however it is spelled', () => {
      const all = variantsOf(codec);
      for (const { what, frames, status } of timely(all)) {
        const { error, calls } = outcomeOf(codec, frames);
        const { code, message = '', status: found, retryable } = error ?? {};
        expect({ what, code, words: message.includes(WORDS), status: found ?? status }).toEqual({
          what,
          code: 'api',
          words: true,
          status: status ?? found,
        });
        if (status !== undefined)
          expect({ what, retryable }).toEqual({ what, retryable: status === 429 || status >= 500 });
        expect(calls.filter((call) => call.status === 'complete' && call.id === '')).toEqual([]);
      }
    });

    it('keeps what had come', () => {
      for (const frames of answersIn(codec)) {
        const { error } = outcomeOf(codec, [
          ...frames.slice(0, -1),
          { data: JSON.stringify({ error: { message: WORDS } }) },
        ]);
        expect(JSON.stringify(error?.partial)).toMatch(/are you\?|it up\./);
      }
    });
  },
);

/** The protocols that say where an answer begins. In the others what follows may be of the next one. */
const BEGUN = PROTOCOLS.filter(({ codec }) =>
  /^(?:ag-ui|ai-sdk-ui|bedrock-converse|claude-code|gemini|gemini-interactions|openai-chat|openai-responses)$/.test(
    codec.name,
  ),
);

it.each(BEGUN.map(({ codec }) => [codec.name, codec] as const))(
  'of %s nothing follows a failure: neither the rest of the answer, nor its end, nor the same failure again',
  (name, codec) => {
    for (const body of [{ error: { message: WORDS } }, OWN[name]?.[0]?.[0]].filter(Boolean)) {
      const failure: Frame = { data: JSON.stringify(body) };
      for (const frames of answersIn(codec))
        for (let at = 1; at < frames.length; at++) {
          const decoder = policed(codec);
          const all = [...frames.slice(0, at), failure, failure, ...frames.slice(at)];
          const found = [...all.flatMap((frame) => decoder.next(frame)), ...decoder.end()];
          const failed = found.findIndex(({ type }) => type === 'error');
          const after = found.slice(failed + 1).filter(({ type }) => type !== 'ping');
          expect({ at, body, failed: failed >= 0, after }).toEqual({ at, body, failed: true, after: [] });
        }
    }
  },
);

/** A failure that says what was used, in the words of each protocol. */
const COUNTED = {
  error: { message: WORDS },
  usage: { prompt_tokens: 97, completion_tokens: 7, total_tokens: 104, input_tokens: 97, output_tokens: 7 },
  usageMetadata: { promptTokenCount: 97, candidatesTokenCount: 7, totalTokenCount: 104 },
};

const FAILED: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'model-1' }),
  events.textStart(0),
  events.textDelta(0, 'Good'),
  events.error('api_error', WORDS),
];
const NEXT: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_2', model: 'model-2' }),
  events.textStart(0),
  events.textDelta(0, 'Good morning.'),
  events.blockStop(0),
  events.messageDelta('end_turn'),
  events.messageStop(),
];

/** A turn of claude-code fails with its last line: what fails behind it is another turn. */
const SAID_AGAIN = BEGUN.filter(({ codec }) => codec.name !== 'claude-code');

it.each(SAID_AGAIN.map(({ codec }) => [codec.name, codec] as const))(
  'of %s nothing of an answer that failed is in the next one, however often its failure is said',
  (_, codec) => {
    const all = framesOf(codec, [...FAILED, ...NEXT]);
    const decoder = policed(codec);
    const failed = all.findIndex((frame) => decoder.next(frame).some(({ type }) => type === 'error')) + 1;
    const again: Frame = { data: JSON.stringify(COUNTED) };
    const said = eventsOf(codec, [...all.slice(0, failed), again, again, ...all.slice(failed)]);
    expect(said).toEqual(eventsOf(codec, all));
    expect(said.at(-1)?.type).toBe('message_stop');
  },
);
