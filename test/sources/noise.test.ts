import { gzipSync } from 'node:zlib';
import { lastValueFrom } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { Skip } from '../../src/codecs/skip.js';
import type { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { toText } from '../../src/operators/toText.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { isThorough } from '../thorough.js';
import { cpuTimeOf } from '../cpuTime.js';
import { ANSWER, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

const WHOLE = wire(...ANSWER);
const BEGUN = wire(...ANSWER.slice(0, 3));

/** A text in one piece, in pieces of 7 bytes, and, if there is time, byte by byte. */
function cuts(text: string | Uint8Array): readonly (readonly Uint8Array[])[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const pieces = (length: number) =>
    Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
      bytes.subarray(at * length, at * length + length),
    );
  return [[bytes], pieces(7), ...(isThorough ? [pieces(1)] : [])];
}

async function failures(text: string): Promise<readonly StreamError[]> {
  const all = cuts(text).map((chunks) =>
    failureOf(fromBytes(chunks, { codec: anthropic }).pipe(untilTerminal(), toMessage())),
  );
  return Promise.all(all);
}

const WORDS = 'the prompt does not fit';

/** Spellings of an error document. */
const DOCUMENTS: readonly (readonly [document: unknown, more: object])[] = [
  [
    { code: 400, message: WORDS, type: 'invalid_request_error' },
    { status: 400, retryable: false },
  ],
  [{ error: { code: 400, message: WORDS, status: 'prohibited_content' } }, { status: 400, retryable: false }],
  [{ error: { type: 'overloaded_error', message: WORDS } }, { status: 529, retryable: true }],
  [
    { error: WORDS, code: 503 },
    { status: 503, retryable: true },
  ],
  [
    { type: 'error', error: { type: 'api_error', message: WORDS }, request_id: 'req_1' },
    { requestId: 'req_1' },
  ],
  [
    { object: 'error', message: WORDS, code: 413 },
    { status: 413, retryable: false },
  ],
  [
    { detail: WORDS, status: 422 },
    { status: 422, retryable: false },
  ],
  [{ detail: [{ loc: ['body'], msg: WORDS, type: 'missing' }] }, {}],
  [[{ error: { code: 429, message: WORDS } }], { status: 429, retryable: true }],
  [{ error: { message: { text: WORDS, message: WORDS } } }, {}],
];

/** How a document may stand in a stream. */
const PLACES: Readonly<Record<string, (json: string) => string>> = {
  'a bare line': (json) => `${json}\n\n`,
  'a bare line without an end': (json) => json,
  'a field error': (json) => `error: ${json}\n\n`,
  'a field error without a space': (json) => `error:${json}\n\n`,
  'a field ERROR': (json) => `ERROR: ${json}\n\n`,
  'a field error without an end': (json) => `error: ${json}`,
  'a field error before other fields': (json) => `error: ${json}\nid: 7\n\n`,
  'a line among comments': (json) => `: ping\n${json}\n: ping\n\n`,
  'lines with CRLF': (json) => `${json}\r\n\r\n`,
  'JSON over many lines': (json) => `${JSON.stringify(JSON.parse(json), null, 2)}\n\n`,
  'JSON over many lines without an end': (json) => JSON.stringify(JSON.parse(json), null, 2),
};

const BEFORE: Readonly<Record<string, string>> = {
  nothing: '',
  'the beginning of an answer': BEGUN,
  heartbeats: ': ping\n\n: ping\n\n',
  'a time to reconnect': 'retry: 3000\n\n',
};

const AFTER = ['', 'data: [DONE]\n\n', ': bye\n\n'];

describe.each(Object.entries(PLACES))('what went wrong, as %s', (_, place) => {
  it.each(Object.entries(BEFORE).filter(([what]) => isThorough || what.startsWith('the beginning')))(
    'after %s is an error with those words, its status and whether to retry',
    async (__, before) => {
      for (const [document, more] of DOCUMENTS) {
        for (const after of AFTER) {
          const json = place(JSON.stringify(document));
          // What stands right behind a line that has no end is a part of it.
          if (after !== '' && !/\n$/.test(json)) continue;
          for (const error of await failures(before + json + after)) {
            expect(error).toMatchObject({ code: 'api', ...more });
            expect(error.message).toContain(WORDS);
            expect(error.partial === undefined).toBe(before !== BEGUN);
          }
        }
      }
    },
  );
});

describe('words in a field error', () => {
  it('say why an answer did not end', async () => {
    for (const error of await failures(`${BEGUN}error: ${WORDS}\n\n`)) {
      expect(error).toMatchObject({ code: 'api', message: `api_error: ${WORDS}` });
      expect(error.partial).toMatchObject({ content: [{ text: 'Hel' }] });
    }
  });

  it('change nothing in an answer that ends', async () => {
    expect(
      await outcomeOf(fromBytes(BEGUN + `error: none\n\n${wire(...ANSWER.slice(3))}`, { codec: anthropic })),
    ).toEqual({
      values: ANSWER,
    });
  });
});

/** Lines that no event can be made of. */
const NOISE = [
  'foo: bar',
  'foo',
  'datax: 1',
  'DATA: {}',
  ' data: {}',
  '\uFEFFdata: {}',
  '{"status":"ok"}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"no"}}',
  '{',
  '}{',
  '[]',
  'error',
  'error:',
  'error: null',
  'retry: soon',
  'id',
  'null',
  '<br>',
  '{"error":null}',
  '{"error":false}',
];

describe.each(NOISE)('%j between the frames', (line) => {
  it('changes nothing, and is reported where no field begins it', async () => {
    const places = ANSWER.map(
      (_, at) => wire(...ANSWER.slice(0, at)) + `${line}\n\n` + wire(...ANSWER.slice(at)),
    );
    // A document or a byte order mark may stand at the beginning.
    const sound = /^[{[<\uFEFF]/.test(line) ? places.slice(1) : places;
    const isField = /^(?:retry|id)/.test(line);
    for (const text of [...sound, sound.at(-1)?.replace(`${line}\n\n`, `${line}\n`) ?? '']) {
      for (const chunks of cuts(text)) {
        const skipped: Skip[] = [];
        const source = fromBytes(chunks, { codec: anthropic, onSkip: (skip) => skipped.push(skip) });
        const values: StreamEvent[] = [...(await outcomeOf(source)).values];
        expect(values).toEqual(ANSWER);
        expect(skipped).toEqual(isField ? [] : [{ kind: 'line', codec: 'anthropic', raw: line }]);
      }
    }
  });
});

describe('a sound stream', () => {
  const types = [
    'text/event-stream',
    'application/json',
    'application/problem+json; charset=utf-8',
    'text/plain',
    'text/html',
    'application/xml',
    'application/octet-stream',
    '',
  ];
  const heads = [
    '',
    '\uFEFF',
    '\n',
    '\r\n\r\n',
    ': hello\n\n',
    ':\n',
    'retry: 5\n\n',
    'id: 1\n',
    'data:\n\n',
  ];

  it.each(types)('is read although it calls itself %j', async (type) => {
    for (const head of heads) {
      for (const chunks of cuts(head + WHOLE)) {
        const body = new ReadableStream({
          start(controller) {
            for (const chunk of chunks) controller.enqueue(chunk);
            controller.close();
          },
        });
        const response = new Response(body, { headers: { 'content-type': type } });
        const text = fromResponse(response, { codec: anthropic }).pipe(untilTerminal(), toText());
        expect(await lastValueFrom(text)).toBe('Hello');
      }
    }
  });
});

/** The frame of an AWS event stream. */
function awsFrame(payload: string): Uint8Array {
  const headers = Buffer.from(
    '\x0b:event-type\x07\x00\x05chunk\x0d:content-type\x07\x00\x10application/json',
  );
  const frame = Buffer.alloc(16 + headers.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(0xdeadbeef, 8);
  headers.copy(frame, 12);
  frame.write(payload, 12 + headers.length);
  return frame;
}

describe('what is no event stream', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['gzip', gzipSync(WHOLE), 'gzip without content-encoding'],
    [
      'frames of AWS',
      Buffer.concat([awsFrame('{"bytes":"e30="}'), awsFrame('{"bytes":"e30="}')]),
      'an AWS event stream',
    ],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13), 'binary data'],
    ['zeros', new Uint8Array(64), 'binary data'],
    ['a page', '<!doctype html><title>Sign in</title>', 'a page'],
    ['a page after heartbeats', ': ping\n\n<html>Sign in</html>', 'a page'],
    [
      'a whole message',
      JSON.stringify({ id: 'msg_1', type: 'message', role: 'assistant', content: [] }),
      'a whole answer',
    ],
    ['a whole chat completion', JSON.stringify({ id: 'chatcmpl-1', choices: [] }), 'a whole answer'],
    ['what Gemini says at once', JSON.stringify({ candidates: [] }), 'a whole answer'],
    [
      'a whole message after heartbeats',
      `: ping\n\n${JSON.stringify({ id: 'msg_1', type: 'message' })}`,
      'a document',
    ],
    ['words', 'upstream connect error or disconnect', 'plain text'],
    ['words and a line feed', 'no healthy upstream\n', 'plain text'],
  ])('%s is named, and not worth another try', async (_, body, named) => {
    const advice = named === 'a whole answer' ? ': the request has to ask for one, as stream: true does' : '';
    for (const chunks of cuts(body)) {
      const error = await failureOf(fromBytes(chunks, { codec: anthropic }).pipe(untilTerminal()));
      expect(error).toMatchObject({
        code: 'not-a-stream',
        retryable: false,
        message: `The server sent ${named} instead of a stream${advice}`,
      });
    }
  });

  it.each(['', 'd', 'dat', 'event', 'ret', 'data: {"type":"pi', 'event: ping'])(
    'is not what ends inside its first event: %j',
    async (text) => {
      const error = await failureOf(fromBytes(text, { codec: anthropic }).pipe(untilTerminal()));
      expect(error).toMatchObject({ code: 'truncated', retryable: true });
    },
  );
});

describe('a megabyte of lines that are passed over', () => {
  it.each(['x\n\n', '{\n\n', '{"a":1}\n\n', 'error: {\n\n', '{"error":null}\n', '{\n'])(
    '%j takes little time',
    async (line) => {
      const text = BEGUN + line.repeat((isThorough ? 1_000_000 : 100_000) / line.length);
      const time = await cpuTimeOf(() => outcomeOf(fromBytes(text, { codec: anthropic })));
      expect(time).toBeLessThan(isThorough ? 3_000 : 1_000);
    },
  );
});
