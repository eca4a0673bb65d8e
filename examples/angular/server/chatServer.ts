import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { catchError, concatMap, EMPTY, fromEvent, ignoreElements, map, of, take } from 'rxjs';
import { encode, events, frameText, StreamError, untilTerminal } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import { guide, type Answers, type Message } from './answers.js';
import type { Page } from './pages.js';

/** Angular puts the styles of its components into the page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'self'";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Failures of the API that the reader can do something about. Any other is the server's own business. */
const TOLD = new Set(['invalid_request_error', 'request_too_large', 'rate_limit_error', 'overloaded_error']);

export interface ChatServerOptions {
  readonly answers: Answers;
  /** The model that answers, where it is a real one. */
  readonly model?: string | undefined;
  /** The files of the app, by path. */
  readonly pages: ReadonlyMap<string, Page>;
  /** Renders the page. */
  readonly render: (request: IncomingMessage, response: ServerResponse, next: () => void) => unknown;
  /** Greets. */
  readonly greet: Answers;
  /** Told why an answer failed, which the browser is not. */
  readonly report?: (error: unknown) => void;
}

/** Serves the app, and relays answers to it as they come. It does not listen yet. */
export function createChatServer(options: ChatServerOptions): Server {
  /** The answers that are being sent, by conversation. */
  const open = new Map<string, Set<ServerResponse>>();
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/' && request.method === 'GET' && isLoopback(request)) {
      response.setHeader('content-security-policy', POLICY);
      return void options.render(request, response, () => response.writeHead(404).end());
    }
    if (!pathname.startsWith('/api/')) return sendPage(request, response, options.pages, pathname);

    // Pages elsewhere can neither set this header nor come under our name, so none of them spends the key.
    const conversation = request.headers['x-conversation'];
    if (typeof conversation !== 'string' || !isLoopback(request)) return void response.writeHead(403).end();

    switch (`${request.method ?? ''} ${pathname}`) {
      case 'GET /api/about':
        return sendJson(response, { model: options.model });
      case 'POST /api/break':
        open.get(conversation)?.forEach((answer) => answer.destroy());
        return sendJson(response, {});
      case 'POST /api/chat':
        return void answer(request, response, conversation, open, options);
      case 'POST /api/guide':
        return void answer(request, response, conversation, open, { ...options, answers: () => guide() });
      case 'POST /api/greeting':
        return void answer(request, response, conversation, open, { ...options, answers: options.greet });
      default:
        return void response.writeHead(404).end();
    }
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  conversation: string,
  open: Map<string, Set<ServerResponse>>,
  { answers, report }: ChatServerOptions,
): Promise<void> {
  const messages = await messagesOf(request).catch(() => undefined);
  if (messages === undefined) return void response.writeHead(400).end();
  if (response.destroyed) return;

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();

  const texts = answers(messages).pipe(
    untilTerminal(),
    catchError((error: unknown) => {
      report?.(error);
      const type = error instanceof StreamError ? (error.errorType ?? '') : '';
      return of(events.error(TOLD.has(type) ? type : 'api_error', 'The model did not finish its answer'));
    }),
    encode(anthropic),
    map(frameText('sse')),
    concatMap((text) =>
      response.write(text) ? EMPTY : fromEvent(response, 'drain').pipe(take(1), ignoreElements()),
    ),
  );
  const sending = texts.subscribe({ complete: () => response.end(), error: () => response.destroy() });

  const answersHere = open.get(conversation) ?? new Set();
  open.set(conversation, answersHere.add(response));
  // The browser has left, or has all: either way the request to the API ends.
  response.once('close', () => {
    sending.unsubscribe();
    answersHere.delete(response);
    if (answersHere.size === 0) open.delete(conversation);
  });
}

async function messagesOf(request: IncomingMessage): Promise<readonly Message[] | undefined> {
  const { 'content-length': length, 'content-type': type } = request.headers;
  if (type !== 'application/json' || length === undefined || Number(length) > MAX_BODY_BYTES)
    return undefined;
  const body: unknown = await json(request);
  const messages = typeof body === 'object' && body !== null && 'messages' in body ? body.messages : [];
  return Array.isArray(messages) && messages.every(isMessage) ? messages : undefined;
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'role' in value &&
    (value.role === 'user' || value.role === 'assistant') &&
    'content' in value &&
    (typeof value.content === 'string' ||
      (Array.isArray(value.content) &&
        value.content.every((part: unknown) => typeof part === 'object' && part !== null && 'type' in part)))
  );
}

/** A name that leads to this machine can be anybody's; these cannot. */
function isLoopback({ headers }: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(headers.host ?? '');
}

function sendPage(
  { method }: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<string, Page>,
  path: string,
): void {
  const page = pages.get(path);
  if (page === undefined || (method !== 'GET' && method !== 'HEAD'))
    return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': page.type,
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : page.bytes);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
