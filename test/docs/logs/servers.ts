import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isThorough } from '../../thorough.js';

/** A server of its own, in a folder of its own. */
export interface Started {
  /** Where it listens: an address, or the folder of its socket. */
  readonly at: string;
  close(): Promise<void>;
}

/** Where everything has to be tried there must be a server. */
export const HAS_NATS = isThorough || spawnSync('nats-server', ['--version']).status === 0;
export const HAS_POSTGRES = isThorough || postgres('initdb') !== undefined;

export async function startNats(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-'));
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', folder]);
  const said = await until(child, /Server is ready/);
  const [, at = ''] = /client connections on (\S+)/.exec(said) ?? [];
  return { at, close: () => ended(child, folder) };
}

export async function startPostgres(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const user = userOf(folder);
  const data = join(folder, 'data');
  const made = spawnSync(
    postgres('initdb') ?? 'initdb',
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-N'],
    user,
  );
  if (made.status !== 0)
    throw new Error(`No database could be made: ${made.error ?? made.stderr.toString()}`);
  const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'];
  const child = spawn(postgres('postgres') ?? 'postgres', options, user);
  await until(child, /ready to accept connections/);
  return { at: folder, close: () => ended(child, folder) };
}

/** Debian keeps the programs of each version in a folder that is not searched. */
function postgres(name: string): string | undefined {
  const versions = '/usr/lib/postgresql';
  const paths = existsSync(versions)
    ? readdirSync(versions).map((version) => join(versions, version, 'bin', name))
    : [];
  return (
    paths.find((path) => existsSync(path)) ?? (spawnSync(name, ['--version']).status === 0 ? name : undefined)
  );
}

/** Postgres does not run as root. */
function userOf(folder: string): SpawnOptions & { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString());
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(folder, uid, gid);
  return { uid, gid, cwd: folder };
}

/** What a server says until it is ready. */
async function until(child: ChildProcess, isReady: RegExp): Promise<string> {
  const said: string[] = [];
  if (child.stderr)
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (isReady.test(line)) {
        child.stderr.resume();
        return said.join('\n');
      }
    }
  throw new Error(`The server did not start:\n${said.join('\n')}`);
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
}
