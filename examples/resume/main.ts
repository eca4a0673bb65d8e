/**
 * An answer that outlives the process that writes it: `npm run resume`. Two servers share a Redis; a client reads an answer from the
 * first, which is killed in the middle. The client goes on at the second, and has posted once.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, tap } from 'rxjs';
import { accumulateMessage, streamEvents, untilTerminal, type Fetch, type Message } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';
import { STORY } from './story.js';

/** How much of the answer has come when its producer is killed, in characters. */
const MIDDLE = 120;

const folder = mkdtempSync(join(tmpdir(), 'resume-'));
const processes: ChildProcess[] = [];
const asked: string[] = [];
const begun = performance.now();

function say(what: string): void {
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${what}`);
}

async function startRedis(): Promise<string> {
  const socket = join(folder, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''];
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  redis.on('error', () => {
    console.error('This needs a redis-server: apt-get install redis-server, or brew install redis');
    process.exitCode = 1;
  });
  processes.push(redis);
  for await (const line of createInterface({ input: redis.stdout }))
    if (/ready to accept connections/i.test(line)) return socket;
  throw new Error('Redis did not start');
}

interface Instance {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
}

async function startInstance(name: string, redis: string): Promise<Instance> {
  const child = fork(fileURLToPath(new URL('instance.ts', import.meta.url)), [redis]);
  processes.push(child);
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  child.on('message', () => say(`${name} finds the answer abandoned, and begins it anew`));
  return { name, process: child, port };
}

/** A balancer: it asks the first of the servers that is there. */
function balanced(instances: readonly Instance[]): Fetch {
  return async (input, init = {}) => {
    const after = new Headers(init.headers).get('last-event-id');
    const { pathname } = new URL(String(input));
    for (const { name, port } of instances) {
      const response = await fetch(`http://127.0.0.1:${port}${pathname}`, init).catch(() => undefined);
      if (response === undefined) continue;
      asked.push(init.method ?? 'GET');
      const behind = after === null ? '' : ` behind ${after}`;
      say(`${init.method} ${pathname.slice(0, 14)}${behind}: ${response.status} from ${name}`);
      // The address of the server is the balancer's own concern: its answers bear none.
      return new Response(response.body, response);
    }
    throw new TypeError('fetch failed');
  };
}

function textIn({ content: [block] }: Message): string {
  return block?.type === 'text' ? block.text : '';
}

async function show(): Promise<void> {
  const redis = await startRedis();
  const [first, second] = await Promise.all(['A', 'B'].map((name) => startInstance(name, redis)));
  if (first === undefined || second === undefined) throw new Error('There are two instances');
  let isKilled = false;
  const whole = await lastValueFrom(
    streamEvents('http://balancer/chat', {
      codec: anthropic,
      method: 'POST',
      fetch: balanced([first, second]),
      resume: { delay: 200 },
    }).pipe(
      untilTerminal(),
      accumulateMessage(),
      tap((message) => {
        const text = textIn(message);
        if (isKilled || text.length < MIDDLE) return;
        isKilled = true;
        say(`“${text} …”`);
        first.process.kill('SIGKILL');
        say('A, which writes the answer, is killed');
      }),
    ),
  );
  const posts = asked.filter((method) => method === 'POST').length;
  const isWhole = isKilled && textIn(whole) === STORY;
  say(`“${textIn(whole)}”`);
  say(`The answer is ${isWhole ? 'whole' : 'NOT whole'}: ${posts} POST, ${asked.length - posts} GET`);
  if (!isWhole || posts !== 1) process.exitCode = 1;
}

try {
  await show();
} finally {
  for (const child of processes) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
