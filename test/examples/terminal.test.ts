import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from, lastValueFrom, map, toArray } from 'rxjs';
import { PROMPT, recordingOf, script } from '../../examples/terminal/script.js';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { gemini } from '../../src/gemini.js';
import { encode, toMessage } from '../../src/index.js';
import { ollama } from '../../src/ollama.js';
import { openaiChat } from '../../src/openai.js';
import { mockResponse } from '../../src/testing/network/mockResponse.js';
import { mockServer } from '../../src/testing/network/mockServer.js';
import { isThorough } from '../thorough.js';

const LONGEST_RUN = 30_000;

/** Each case starts a process, which takes a second: where nobody has time for all of a kind, the first says most. */
const few = <T>(cases: readonly T[]): readonly T[] => (isThorough ? cases : cases.slice(0, 1));

const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCE = 'examples/terminal/main.ts';

/** The program in one file of JavaScript, which starts in a fifth of the time. */
const BUNDLE = join(folder, 'main.mjs');

beforeAll(() => {
  const options = ['--bundle', '--platform=node', '--format=esm', '--log-level=warning'];
  execFileSync('node_modules/.bin/esbuild', [SOURCE, ...options, `--outfile=${BUNDLE}`]);
}, LONGEST_RUN);

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Start {
  readonly program?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

interface Watch extends Start {
  /** Called once, with what came first. */
  readonly onFirst?: (child: ReturnType<typeof start>) => void;
}

/** Whoever runs the tests may have keys of their own. */
const NO_KEYS = Object.fromEntries(
  ['ANTHROPIC', 'OPENAI', 'GEMINI', 'GOOGLE', 'OLLAMA'].flatMap((name) => [
    [`${name}_API_KEY`, ''],
    [`${name}_BASE_URL`, ''],
  ]),
);

function start(args: readonly string[], { program = [BUNDLE], env = {} }: Start) {
  return spawn(process.execPath, [...program, ...args], {
    env: { ...process.env, ...NO_KEYS, FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_RUN,
  });
}

async function run(args: readonly string[], watch: Watch = {}): Promise<Run> {
  const { onFirst } = watch;
  const child = start(args, watch);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  if (onFirst) child.stdout.once('data', () => onFirst(child));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

async function recordedText(): Promise<string> {
  const frames = from(script).pipe(
    map(({ event }) => event),
    encode(anthropic),
    map(({ event, data }) => `event: ${event ?? ''}\ndata: ${data}\n\n`),
    toArray(),
  );
  return (await lastValueFrom(frames)).join('');
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const message = await lastValueFrom(
  from(script).pipe(
    map(({ event }) => event),
    toMessage(),
  ),
);

/** What a body has that asks the example's own question. */
const ASKED = { messages: [{ role: 'user', content: PROMPT }] };

const STARTED =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m1","usage":{"input_tokens":1,"output_tokens":1}}}\n\n';

const FORM = `● tool plan_trip
│ title: 京都 – three calm days
│ travellers: 2
│ from: 2025-11-17
│ days:
│   - theme: moss and silver 🍁
│     stops:
│       - time: 08:00
│         place: 苔寺 Saihō-ji
│         minutes: 90
│         booked: true
│       - time: 14:30
│         place: 銀閣寺 Ginkaku-ji
│         minutes: 75
│         booked: false
│   - theme: tea 🍵
│     stops:
│       - time: 09:12
│         place: 宇治 Uji, whisking 抹茶
│         minutes: 120
│         booked: true
│       - time: 13:00
│         place: Byōdō-in
│         minutes: 60
│         booked: false
│   - theme: the slow train 🚃
│     stops:
│       - time: 10:05
│         place: 鞍馬 Kurama
│         minutes: 180
│         booked: false
│ budget:
│   currency: JPY
│   perDay: 18500.5
│   includes:
│     - ryokan
│     - tea
│     - trains
│ notes: null
│ ✓ valid by its schema
`;

describe('the terminal example, run as a program', () => {
  it('shows the recorded answer, its summary and the marble diagram', async () => {
    const { code, out, err } = await run(['--speed', '200']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const block of message.content) {
      if (block.type === 'text') for (const line of block.text.split('\n')) expect(out).toContain(line);
    }
    expect(out).toContain(FORM);
    expect(out).toContain('tool_use: the model waits');
    expect(out).toContain('642 in, 487 out');
    expect(out).toMatch(/first token after [\d.]+ s/);
    expect(out).toMatch(/^── dropPings\(\) ─+$/m);
    expect(out).toMatch(/completes/);
    expect(out).not.toContain('\x1b');
    expect(out).not.toContain('\ufffd');
  });

  it('shows a file', async () => {
    const { code, out } = await run(['--file', file('whole.sse', await recordedText())]);
    expect(code).toBe(0);
    expect(out).toContain('紅葉');
    expect(out).toContain('642 in, 487 out');
    expect(out).toContain(FORM.replace('valid by its schema', 'complete'));
    expect(out).toContain('A file has no times');
  });

  it('shows what had arrived of a file that is cut off, then fails', async () => {
    const text = await recordedText();
    const cut = text.slice(0, text.indexOf('input_json_delta') + 2000);
    const { code, out, err } = await run(['--file', file('cut.sse', cut)]);
    expect(code).toBe(1);
    expect(out).toContain('The little Eizan railway');
    expect(out).toMatch(/^◌ tool plan_trip, cut off: .*\n│ title: 京都 – three calm days\n/m);
    expect(out).not.toMatch(/[▌✓]/);
    expect(err).toMatch(/^truncated: [^\n]+\n$/);
  });

  it('shows a file of another protocol and framing, and says which', async () => {
    const lines = from(script).pipe(
      map(({ event }) => event),
      encode(gemini),
      map(({ data }) => `${data}\n`),
      toArray(),
    );
    const { code, out } = await run(['--file', file('lines.txt', (await lastValueFrom(lines)).join(''))]);
    expect(code).toBe(0);
    expect(out).toContain('a file: gemini, as JSON lines');
    expect(out).toContain('紅葉');
    expect(out).toContain(FORM.replace('valid by its schema', 'complete'));
  });

  it.each(
    few<[what: string, text: string, line: RegExp]>([
      ['a page', '<!doctype html><p>Sorry', /^not-a-stream: [^\n]+ a page; it begins: <!doctype[^\n]+\n$/],
      ['broken JSON', `${STARTED}event: content_block_start\ndata: {"type":\n\n`, /^malformed: [^\n]+\n$/],
      ['nothing', '', /^not-a-stream: [^\n]+: it is empty\n$/],
    ]),
  )('says in one line what is wrong with %s', async (name, text, line) => {
    const { code, err } = await run(['--file', file(`${name}.sse`, text)]);
    expect(code).toBe(1);
    expect(err).toMatch(line);
  });

  it('says in one line that there is no such file', async () => {
    const path = join(folder, 'none.sse');
    expect(await run(['--file', path])).toMatchObject({
      code: 1,
      err: `Cannot read ${path}: there is no such file\n`,
    });
  });

  it('asks for a key before it asks the API', async () => {
    const { code, out, err } = await run(['--live', 'Hello']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^--live needs [^\n]*ANTHROPIC_API_KEY[^\n]*\n$/);
  });

  it.each(
    few<[provider: string, codec: Codec, path: string, env: NodeJS.ProcessEnv, header: string, body: object]>(
      [
        ['anthropic', anthropic, '/v1/messages', { ANTHROPIC_API_KEY: 'a-key' }, 'x-api-key', ASKED],
        ['openai', openaiChat, '/chat/completions', { OPENAI_API_KEY: 'a-key' }, 'authorization', ASKED],
        [
          'gemini',
          gemini,
          '/v1beta/models/m-1:streamGenerateContent?alt=sse',
          { GOOGLE_API_KEY: 'a-key' },
          'x-goog-api-key',
          { contents: [{ role: 'user', parts: [{ text: PROMPT }] }] },
        ],
        ['ollama', ollama, '/api/chat', {}, '', ASKED],
      ],
    ),
  )('shows a live answer of %s, from another address', async (provider, codec, path, env, header, body) => {
    const server = await mockServer(({ url }) =>
      url === path
        ? mockResponse(recordingOf(script), { codec, speed: 1000 })
        : new Response(null, { status: 404 }),
    );
    const args = ['--live', '--provider', provider, '--model', 'm-1', '--base-url', server.url];
    const { code, out, err } = await run(args, { env });
    await server.close();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('a live answer of m-1');
    expect(out).toContain('紅葉');
    expect(out).toContain('487 out');
    expect(out).not.toContain('a-key');
    const [request] = server.requests;
    expect(request?.headers.get(header || 'authorization') ?? '').toMatch(
      header === '' ? /^$/ : /^(?:Bearer )?a-key$/,
    );
    expect(JSON.parse(request?.body ?? '')).toMatchObject(body);
  });

  it('ends well when nobody reads on', async () => {
    const { code, err } = await run(['--speed', '50'], { onFirst: ({ stdout }) => stdout.destroy() });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('ends the request on Ctrl-C', async () => {
    const { code, out } = await run(['--speed', '0.1'], { onFirst: (child) => child.kill('SIGINT') });
    expect(code).toBe(130);
    expect(out).not.toContain('What flowed');
  });

  it.runIf(isThorough)('explains itself, run as npm start does', async () => {
    const program = ['--import', 'tsx', SOURCE];
    expect(await run(['--help'], { program })).toMatchObject({
      code: 0,
      out: expect.stringContaining('--file'),
    });
  });
});
