import fc from 'fast-check';
import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { bedrockConverse, bedrockInvoke, titanAnswer } from '../../src/bedrock.js';
import { detectCodec } from '../../src/detect.js';
import { gemini } from '../../src/gemini.js';
import { ollama } from '../../src/ollama.js';
import { openaiChat, openaiChatDialect, openaiResponses } from '../../src/openai.js';
import { answers } from '../codecs/conformance/answers.js';
import { PROTOCOLS } from '../codecs/conformance/protocols.js';
import { ALL, scopeOf } from '../codecs/conformance/scope.js';
import { bytesOf, eventsIn, framesOf } from '../codecs/conformance/spelling.js';
import { cpuTime } from '../cpuTime.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';

const CODECS: readonly Codec[] = [
  ...PROTOCOLS.map(({ codec }) => codec),
  openaiChatDialect({ reasoning: 'reasoning' }),
  bedrockInvoke(bedrockConverse),
  bedrockInvoke(openaiChat),
  bedrockInvoke(titanAnswer()),
];
const NAMED = CODECS.map((codec) => [codec.name, codec] as const);

function answerOf(text: string, input: object = { city: 'Oslo' }): readonly StreamEvent[] {
  return [
    events.messageStart({ id: 'm1', model: 'm-1' }),
    events.thinkingStart(0),
    events.thinkingDelta(0, text),
    events.blockStop(0),
    events.textStart(1),
    events.textDelta(1, text),
    events.blockStop(1),
    events.toolUseStart(2, 'call_1', 'look'),
    events.inputJsonDelta(2, JSON.stringify(input)),
    events.blockStop(2),
    events.messageDelta('tool_use', { output_tokens: 3 }),
    events.messageStop(),
  ];
}

const ANSWER = answerOf('Hm');

/** Whether it is the codec of a stream of this one's, whose dialect may not show yet. */
function isOf(found: Codec | undefined, codec: Codec): boolean {
  return found !== undefined && codec.name.startsWith(found.name) && found.framing === codec.framing;
}

describe('detectCodec', () => {
  it.each(NAMED)('knows a stream that %s wrote by its first frames', (_, codec) => {
    const frames = framesOf(codec, ANSWER);
    const found = [1, 2, 3, frames.length].map((count) =>
      detectCodec(bytesOf(codec, frames.slice(0, count))),
    );
    expect(found.filter((each) => !isOf(each, codec))).toEqual([]);
    expect(found.at(-1)?.name).toBe(codec.name);
  });

  it.each(NAMED)('knows it by every beginning with a whole frame, wherever %s was cut', (_, codec) => {
    const frames = framesOf(codec, ANSWER);
    const whole = bytesOf(codec, frames);
    const first = bytesOf(codec, frames.slice(0, 1)).length;
    for (let end = first; end < whole.length; end += isThorough ? 3 : 41) {
      const begun = whole.subarray(0, end);
      expect([end, isOf(detectCodec(begun), codec)]).toEqual([end, true]);
    }
  });

  it.each(NAMED)('reads whatever %s writes', (_, codec) => {
    fc.assert(
      fc.property(answers(scopeOf(new Set(ALL))), (answer) => {
        expect(isOf(detectCodec(bytesOf(codec, framesOf(codec, answer))), codec)).toBe(true);
      }),
      { numRuns: runs(100) },
    );
  });

  it.each(NAMED)('does not take what an answer of %s quotes for the stream', (_, codec) => {
    for (const quoted of CODECS) {
      const frames = framesOf(quoted, ANSWER);
      const words = frames.map(({ event, data }) => `event: ${event ?? ''}\ndata: ${data}\n\n`).join('');
      const value = JSON.parse(frames[0]?.data ?? '{}') as object;
      const answer = answerOf(words, { ...value, frames: frames.map(({ data }) => data), nested: value });
      const written = framesOf(codec, answer);
      const counts = [1, 2, 3, written.length];
      const names = counts.map((count) => isOf(detectCodec(bytesOf(codec, written.slice(0, count))), codec));
      expect([quoted.name, ...names]).toEqual([quoted.name, true, true, true, true]);
    }
  });

  it.each(NAMED.filter(([, { framing }]) => framing !== 'eventstream'))(
    'reads a stream of %s in another framing',
    (_, codec) => {
      const frames = framesOf(codec, ANSWER).filter(({ data }) => data !== codec.terminator);
      const expected = eventsIn(codec, [bytesOf(codec, frames)]);
      const data = frames.map((frame) => frame.data);
      const captures = [
        `${data.join('\n')}\n`,
        `[${data.join(',\n')}]`,
        data.map((line) => `data: ${line}\n\n`).join(''),
      ];
      for (const capture of captures) {
        const found = detectCodec(capture);
        expect(found?.name).toBe(codec.name);
        if (found) expect(eventsIn(found, [new TextEncoder().encode(capture)])).toEqual(expected);
      }
    },
  );

  it.each([
    ['a byte order mark', '\uFEFF'],
    ['comments', ': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\r\n\r\n'],
    ['blank lines', '\r\n\n\n'],
    ['pings', 'event: ping\ndata: {"type":"ping"}\n\n'],
    ['a time to reconnect, and words', 'retry: 3000\n\ndata: connected\n\n'],
    ['data of nobody', 'data: {"hello":"world"}\n\ndata: [1]\n\ndata: 7\n\n'],
  ])('passes over %s before the first frame', (_, before) => {
    const text = new TextDecoder().decode(bytesOf(openaiChat, framesOf(openaiChat, ANSWER)));
    expect(detectCodec(before + text)).toBe(openaiChat);
    expect(detectCodec(before + text.replaceAll('\n', '\r\n'))).toBe(openaiChat);
    expect(detectCodec(new TextEncoder().encode(before + text.slice(0, -20)))).toBe(openaiChat);
  });

  it('looks at the beginning of a capture alone, however long it is', () => {
    const whole = new TextDecoder().decode(bytesOf(openaiChat, framesOf(openaiChat, ANSWER)));
    const noise = ': noise\n\n'.repeat(1_000_000);
    expect(detectCodec(whole + noise)).toBe(openaiChat);
    expect(detectCodec(noise + whole)).toBeUndefined();
  });

  it('passes over what a program writes before its first line', () => {
    const lines = framesOf(ollama, ANSWER).map(({ data }) => `${data}\r\n`);
    expect(detectCodec(`starting up …\n(node:7) Warning: old\n${lines.join('')}`)).toBe(ollama);
  });

  it('knows the array of Gemini, also where it is spread over lines and cut off', () => {
    const values = framesOf(gemini, ANSWER).map(({ data }) => JSON.parse(data) as object);
    const array = JSON.stringify(values, undefined, 2);
    expect(detectCodec(array)).toBe(gemini);
    expect(detectCodec(array.slice(0, -30))).toBe(gemini);
    expect(detectCodec(JSON.stringify(values[0], undefined, 2))).toBe(gemini);
  });

  it.each([
    ['gemini', '{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'],
    [
      'gemini',
      '{\n  "error": {\n    "code": 400,\n    "message": "No key",\n    "status": "INVALID_ARGUMENT"\n  }\n}',
    ],
    [
      'anthropic',
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n',
    ],
    [
      'anthropic',
      '{"type":"error","error":{"type":"not_found_error","message":"model: x"},"request_id":"req_1"}',
    ],
    [
      'openai-chat',
      '{"error":{"message":"No such model","type":"invalid_request_error","param":null,"code":"x"}}',
    ],
    [
      'openai-responses',
      'data: {"type":"error","sequence_number":0,"code":"server_error","message":"Busy","param":null}\n\n',
    ],
    ['gemini-interactions', 'data: {"event_type":"error","error":{"code":"x","message":"Busy"}}\n\n'],
  ])('knows an error of %s that comes alone', (name, text) => {
    expect(detectCodec(text)?.name).toBe(name);
  });

  it('knows an error by the stream that it stands in', () => {
    const error = 'data: {"type":"error","error":{"type":"server_error","message":"Busy"}}\n\n';
    const failed = 'data: {"type":"response.failed","response":{"id":"r1","status":"failed"}}\n\n';
    expect(detectCodec(error + failed)).toBe(openaiResponses);
  });

  it('knows an event that its frame alone names', () => {
    const text = 'event: message_start\ndata: {"message":{"id":"m1","role":"assistant","content":[]}}\n\n';
    expect(detectCodec(text)?.name).toBe('anthropic');
  });

  it.each([
    [
      'claude-code',
      '{"type":"system","subtype":"init","session_id":"s1","model":"m-1","tools":[],"uuid":"u0"}\n',
    ],
    [
      'claude-code',
      '{"type":"assistant","message":{"id":"m1","content":[]},"parent_tool_use_id":null,"session_id":"s1"}\n',
    ],
    ['synaps', '{"type":"ready","session_id":"s1","model":"m-1","protocol_version":1}\n'],
    ['synaps', '{"type":"response","id":"1","command":"prompt","ok":true}\n'],
    ['modelrelay', '{"type":"update","delta":"Hi"}\n'],
    ['modelrelay-v1', '{"type":"update","payload":{"content":"Hi"}}\n'],
    ['modelrelay-event', '{"event":"message_delta","text_delta":"Hi"}\n'],
    [
      'llm-worker',
      '{"elapsed_ms":12,"event_type":"Status","data":"{\\"Status\\":{\\"status\\":\\"Started\\"}}"}\n',
    ],
    ['openai-chat', 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'],
    [
      'openai-chat',
      'data: {"id":"","model":"","choices":[],"object":"","prompt_filter_results":[],"usage":null}\n\n',
    ],
    ['ag-ui', 'data: {"threadId":"t","runId":"r","type":"RUN_STARTED"}\n\n'],
    ['ag-ui', 'data: {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "Hi"}\n\n'],
    ['openai-responses', 'data: {"response":{"id":"r1","output":[]},"type":"response.created"}\n\n'],
  ])('knows %s by %s', (name, text) => {
    expect(detectCodec(text)?.name).toBe(name);
  });

  it.each([
    ['nothing', ''],
    ['blank text', ' \n\n'],
    ['a page', '<!doctype html><html><body>"type":"message_start" "choices": [</body></html>'],
    ['words', 'The answer is {"type":"message_start"}, or "choices": [1]'],
    ['a page in an event', 'data: <p>"type":"content_block_start"</p>\n\n'],
    ['JSON of nobody', '{"name":"rxjs","version":"7.8.2","dependencies":{"tslib":"^2.1.0"}}'],
    ['a list of nobody', '[{"id":1,"created_at":"2026-01-01","done":false},{"id":2,"done":true}]'],
    ['a task', '{"id":1,"created_at":"2026-01-01T00:00:00Z","done":false,"title":"Tea"}'],
    ['a poll', '{"question":"Tea?","choices":["yes","no"]}'],
    ['an election', '{"candidates":[{"name":"Ann"},{"name":"Bo"}]}'],
    ['a log', '{"type":"start","at":7}\n{"type":"update","id":5}\n{"type":"error","message":"no"}\n'],
    ['an error of nobody', '{"error":"not found"}'],
    ['another error of nobody', '{"Error":{"Code":"NoSuchKey"}}'],
    ['a heartbeat', 'event: ping\ndata: {"type":"ping"}\n\n'],
    ['the end alone', 'data: [DONE]\n\n'],
    ['a frame that is cut off', 'data: {"id":"c1","object":"chat.completion.chunk","choices":[{"del'],
    ['a chunk with words for choices', 'data: {"object":"chat.completion.chunk","choices":["yes"]}\n\n'],
  ])('knows nothing by %s', (_, text) => {
    expect(detectCodec(text)).toBeUndefined();
    expect(detectCodec(new TextEncoder().encode(text))).toBeUndefined();
  });

  it.each([
    ['zeros', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['a frame with a wrong checksum', [0, 0, 0, 16, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['gzip', [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]],
  ])('knows nothing by %s', (_, bytes) => {
    expect(detectCodec(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('never throws, and takes no noise for a stream', () => {
    const scrap = fc.constantFrom(
      'data: ',
      'event: ',
      '\n',
      '\r\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      ' ',
    );
    const noise = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(scrap).map((parts) => parts.join('')),
      fc.json(),
    );
    fc.assert(
      fc.property(noise, (text) => detectCodec(text) === undefined),
      { numRuns: runs(3000) },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => detectCodec(bytes) === undefined),
      { numRuns: runs(1000) },
    );
  });

  it('of a document with very many blank lines behind it is found at once', () => {
    const text = JSON.stringify({ type: 'message_stop' }) + '\n'.repeat(100_000);
    expect(cpuTime(() => detectCodec(text))).toBeLessThan(500);
  });
});
