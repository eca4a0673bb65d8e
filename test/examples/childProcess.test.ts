import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { toTranscript, turn, type Command } from '../../examples/childProcess/turn.js';
import { accumulateToolCalls, isEvent, toText } from '../../src/index.js';
import { isThorough } from '../thorough.js';

const SCRIPTED: Command = { file: process.execPath, args: ['examples/childProcess/child.mjs'] };

const READY = { type: 'ready', session_id: 's1', model: 'm', protocol_version: 1 };
const TEXT = { type: 'message_update', event: { type: 'text_delta', delta: 'Hi' } };
const END = [
  { type: 'agent_end', usage: { input_tokens: 1, output_tokens: 1 } },
  { type: 'response', id: 'prompt-1', command: 'prompt', ok: true },
];

/** A child that says this, and lives on. */
function saying(...frames: readonly object[]): Command {
  const lines = frames.map((frame) => `${JSON.stringify(frame)}\n`).join('');
  return running(`process.stdout.write(${JSON.stringify(lines)}); setInterval(() => {}, 1e6);`);
}

function running(code: string): Command {
  return { file: process.execPath, args: ['--eval', code] };
}

/** Hears of the lives of children: each holds a connection for as long as it lives. */
class Register {
  readonly #server: Server;
  readonly #births: Promise<unknown[]>;

  private constructor(server: Server) {
    this.#server = server;
    this.#births = once(server, 'connection');
  }

  static async open(): Promise<Register> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Register(server);
  }

  /** The same child, registered before it says anything. */
  watching({ file, args: [flag = '', code = ''] }: Command): Command {
    const { port } = this.#server.address() as AddressInfo;
    return { file, args: [flag, `require('net').connect(${port}, '127.0.0.1', () => { ${code} });`] };
  }

  /** Settles once the child lives. */
  async birth(): Promise<Socket> {
    const [socket] = (await this.#births) as [Socket];
    return socket;
  }

  /** Settles when the child is gone. */
  async death(): Promise<void> {
    const socket = await this.birth();
    // A child that is killed may reset its connection.
    socket.on('error', () => undefined).resume();
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

let register: Register;
beforeEach(async () => {
  register = await Register.open();
});
afterEach(() => register.close());

describe('a turn of a child process', () => {
  it('is read until it ends, and shown with the results of its calls', async () => {
    const shown = await lastValueFrom(turn(SCRIPTED, 'What is here?').pipe(toTranscript(), toArray()));
    expect(shown.slice(0, 3)).toEqual(['Let me', ' see what', ' is here.']);
    expect(shown.join('')).toBe(`Let me see what is here.
● read_file {}
  Tool execution failed: no path

● bash {"command":"ls"}
  README.md
  src
  test
A library, by the looks of it: sources and their tests.`);
  });

  it('joins calls and results, whatever order they come in', async () => {
    const calls = await lastValueFrom(turn(SCRIPTED, 'What is here?').pipe(accumulateToolCalls()));
    expect(calls).toMatchObject([
      {
        id: 'call-1',
        name: 'bash',
        status: 'done',
        input: { command: 'ls' },
        result: 'README.md\nsrc\ntest\n',
      },
      {
        id: 'call-2',
        name: 'read_file',
        status: 'done',
        input: {},
        result: 'Tool execution failed: no path',
      },
    ]);
  });

  it('starts nothing before it is subscribed to, and a child for each subscription', async () => {
    const answer = turn(saying(READY, TEXT, ...END), 'Hi').pipe(toText());
    expect(await Promise.all([lastValueFrom(answer), lastValueFrom(answer)])).toEqual(['Hi', 'Hi']);
  });

  it('is asked for once the child is ready, in one line', async () => {
    const echo = `
      const say = (frame) => process.stdout.write(JSON.stringify(frame) + '\\n');
      process.stdin.once('data', (line) => {
        say({ type: 'message_update', event: { type: 'text_delta', delta: String(line) } });
        say({ type: 'response', id: 'prompt-1', command: 'prompt', ok: true });
      });
      say(${JSON.stringify(READY)});`;
    const line = await lastValueFrom(turn(running(echo), 'two\nlines').pipe(toText()));
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      type: 'prompt',
      id: 'prompt-1',
      message: 'two\nlines',
      attachments: [],
    });
  });
});

describe('the child', () => {
  it('is gone after the subscription is', async () => {
    const child = register.watching(saying(READY, TEXT));
    await firstValueFrom(turn(child, 'Hi').pipe(filter(isEvent('content_block_delta')), take(1)));
    await register.death();
  });

  it('is gone when it is unsubscribed from before it is ready', async () => {
    const subscription = turn(register.watching(running('')), 'Hi').subscribe();
    const death = register.death();
    await register.birth();
    subscription.unsubscribe();
    await death;
  });

  it('is gone after its turn', async () => {
    await lastValueFrom(turn(register.watching(saying(READY, TEXT, ...END)), 'Hi'));
    await register.death();
  });

  it('is gone after an error', async () => {
    const failed = { type: 'response', id: 'prompt-1', command: 'prompt', ok: false, error: 'Overloaded' };
    const child = register.watching(saying(READY, TEXT, failed));
    await expect(lastValueFrom(turn(child, 'Hi'))).rejects.toMatchObject({
      code: 'api',
      message: 'api_error: Overloaded',
    });
    await register.death();
  });

  it.each([
    ['says something before it is ready', saying(TEXT), 'protocol'],
    ['speaks another version', saying({ ...READY, protocol_version: 2 }), 'protocol'],
    [
      'ends before its turn does',
      running(`console.log('${JSON.stringify(READY)}'); process.stdin.destroy();`),
      'truncated',
    ],
    [
      'reads no prompt',
      running(`process.stdin.destroy(); console.log('${JSON.stringify(READY)}');`),
      'truncated',
    ],
    ['is no program', { file: './no-such-program', args: [] }, 'network'],
  ])('that %s is an error', async (_, command, code) => {
    await expect(lastValueFrom(turn(command, 'x'.repeat(1024 * 1024)))).rejects.toMatchObject({ code });
  });
});

// A program takes seconds to start.
if (isThorough) {
  it('its program shows a turn and ends', async () => {
    const program = spawn(process.execPath, ['--import', 'tsx', 'examples/childProcess/main.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    const closed = once(program, 'close');
    expect(await text(program.stdout)).toMatch(/^Let me see[^]*● bash[^]*their tests\.\n$/);
    expect(await closed).toEqual([0, null]);
  }, 30_000);
}
