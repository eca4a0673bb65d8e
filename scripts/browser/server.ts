import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { defer, filter, firstValueFrom, from, map, merge, Subject, type Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { ANSWER, CODECS, CONTENT_TYPES, bytesOf } from './answers.js';
import { interruptedRun, type InterruptedRun } from './run.js';

/** Nothing but its own script and its own server; no code made of text. What is forbidden is told. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; report-uri /violation";

const HTML =
  '<!doctype html><html lang="en"><title>checks</title><script type="module" src="/page.js"></script>';

/** Bytes in one write: fewer than any character or event may be cut at. */
const CHUNK = 11;

/** A request or how it ended. */
interface Occurrence {
  readonly path: string;
  readonly what: 'asked' | 'left by the client' | 'answered';
}

/** A server of a page and of answers. */
export interface PageServer {
  readonly url: string;
  /** The reports of violations that browsers sent. */
  readonly reports: readonly string[];
  /** Each time that this happens to a path, from the call on. */
  next(path: string, what: Occurrence['what']): Observable<void>;
  /** Begins an answer whose connection can be cut: the next that is asked for at `/chat`. */
  begin(): InterruptedRun;
  /** What a page tells next, at `/told`. */
  told(): Promise<string>;
  /** Ends it, with all that is connected to it. */
  close(): Promise<void>;
}

/**
 * Starts it on a port of its own.
 *
 * @param script - the page's
 */
export async function servePage(script: Uint8Array): Promise<PageServer> {
  const answers = new Map<string, Uint8Array>();
  for (const [name, codec] of CODECS) answers.set(name, await bytesOf(codec));
  const reports: string[] = [];
  const occurrences: Occurrence[] = [];
  const told = new Subject<Occurrence>();
  const words = new Subject<string>();
  let run: InterruptedRun | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const tell = (what: Occurrence['what']): void => {
      occurrences.push({ path: pathname, what });
      told.next({ path: pathname, what });
    };
    response.once('close', () => tell(response.writableFinished ? 'answered' : 'left by the client'));
    tell('asked');
    if (pathname === '/chat' || pathname.startsWith('/runs/')) {
      run?.answer(request, response);
      return;
    }
    const whole = answers.get(searchParams.get('in') ?? anthropic.name) ?? new Uint8Array();
    switch (pathname) {
      case '/':
        response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': POLICY }).end(HTML);
        return;
      case '/page.js':
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
        return;
      case '/violation':
        reports.push(await text(request));
        response.writeHead(204).end();
        return;
      case '/begun':
        response.writeHead(204).end();
        return;
      case '/told':
        words.next(await text(request));
        response.writeHead(204).end();
        return;
      case '/answer':
      case '/v1/messages':
        await write(response, whole, searchParams.get('in') ?? anthropic.name);
        response.end();
        return;
      // Neither of these ends: a piece of an answer, a whole one, nothing at all.
      case '/open':
        await write(response, whole.subarray(0, whole.length / 2), anthropic.name);
        return;
      case '/finished':
        await write(response, whole, anthropic.name);
        return;
      case '/silent':
        return;
      default:
        response.writeHead(404).end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    next(path, what) {
      const before = occurrences.length;
      return defer(() => merge(from(occurrences.slice(before)), told)).pipe(
        filter((occurrence) => occurrence.path === path && occurrence.what === what),
        map(() => undefined),
      );
    },
    begin() {
      run = interruptedRun(ANSWER);
      return run;
    },
    told: () => firstValueFrom(words),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Writes bytes in pieces that cut events and characters, as long as somebody reads them. */
async function write(response: ServerResponse, bytes: Uint8Array, protocol: string): Promise<void> {
  const framing = CODECS.get(protocol)?.framing ?? 'sse';
  response.writeHead(200, { 'content-type': CONTENT_TYPES[framing], 'cache-control': 'no-store' });
  for (let start = 0; start < bytes.length && !response.destroyed; start += CHUNK) {
    response.write(bytes.subarray(start, start + CHUNK));
    await setImmediate();
  }
}
