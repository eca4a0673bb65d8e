import { lastValueFrom, takeWhile } from 'rxjs';
import type { Codec, Encoder } from '../codecs/codec.js';
import { isStreamError, type StreamError } from '../errors/streamError.js';
import { idOf } from '../events/id.js';
import { refusal, statusFor } from '../server/refusal.js';
import { respond } from '../server/respond.js';
import type { Frame } from '../wire/frame.js';
import { fromLog } from './fromLog.js';
import { BEGINNING, compare, positionOf, type Position } from './position.js';
import type { Ask, RunLog } from './runLog.js';

/** Options of {@link serveRun}. */
export interface ServeRunOptions {
  /** Where the run is kept. */
  readonly log: RunLog;
  /** The id of the run, as the address of the request names it. */
  readonly run: string;
  /** The protocol that the client reads. */
  readonly codec: Codec;
  /** Whether whoever asks may see the run, and steer it. Asked before anything is read; no is a 403. */
  readonly authorize: (request: Request, run: string) => boolean | Promise<boolean>;
  /** The time between two signs of life, in ms, as `respond` has it. Default 15,000. */
  readonly heartbeatMs?: number | undefined;
}

/**
 * Serves a run over HTTP, on any server that takes a `Response`:
 *
 * | request | answer |
 * | --- | --- |
 * | GET | the events of the run, each with its id; behind that of `Last-Event-ID`, where the request names one |
 * | DELETE | 202; the run is asked to stop |
 * | POST | 202; the body `{"approve": id, "approved": boolean, "reason"?: string}` says of a call whether it may run |
 *
 * A GET is answered with 204 where the client has all of a run that is over, 400 for a `Last-Event-ID` that is no id of a
 * run, 410 for a run, or a part of it, that is not there any more, and 503 where the producer has died.
 *
 * In a protocol whose encoder has a state, a client that resumes gets the very frames that it would have got: the encoder is
 * given the run from its beginning, and the frames that the client has are left out.
 *
 * ```ts
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { serveRun } from 'rxjs-llm-stream/log';
 *
 * const authorize = (request: Request, run: string) => maySee(request.headers.get('cookie'), run);
 * const handler = (request: Request) =>
 *   serveRun(request, { log, run: new URL(request.url).pathname.slice(6), codec: anthropic, authorize });
 * ```
 *
 * @param request - what the client asks
 * @param options - the log, the run, the protocol, and who may see it
 * @returns a promise of the response; rejected only by what `authorize` throws
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
 */
export async function serveRun(
  request: Request,
  { log, run, codec, authorize, heartbeatMs }: ServeRunOptions,
): Promise<Response> {
  if (!(await authorize(request, run))) return bare(403);
  try {
    switch (request.method) {
      case 'GET': {
        const after = cursorOf(request);
        if (after === undefined) return bare(400);
        if (await hasAll(log, run, after)) return bare(204);
        return await respond(fromLog(log, run), {
          codec: resuming(codec, after),
          signal: request.signal,
          heartbeatMs,
          status: statusOf,
        });
      }
      case 'DELETE':
        await log.ask(run, { stop: true });
        return bare(202);
      case 'POST': {
        const ask = askIn(await request.json().catch(() => undefined));
        if (ask === undefined) return bare(400);
        await log.ask(run, ask);
        return bare(202);
      }
      default:
        return new Response(null, { status: 405, headers: { allow: 'GET, DELETE, POST' } });
    }
  } catch (error) {
    if (!isStreamError(error)) throw error;
    return refusal(error, statusOf(error));
  }
}

function bare(status: number): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store' } });
}

/** 404 and 410 are how a client knows that asking again is no use. */
function statusOf(error: StreamError): number {
  return error.code === 'gone' || error.code === 'gap'
    ? 410
    : error.code === 'abandoned'
      ? 503
      : statusFor(error);
}

/** Where the client stands; `undefined` for what is no id. */
function cursorOf({ headers }: Request): Position | undefined {
  try {
    return positionOf(headers.get('last-event-id') ?? BEGINNING);
  } catch {
    return undefined;
  }
}

/** Whether the run is over, and the client has all of it. */
async function hasAll(log: RunLog, run: string, after: Position): Promise<boolean> {
  const standing = log.read(run).pipe(takeWhile(({ more }) => more === true, true));
  const end = await lastValueFrom(standing, { defaultValue: undefined });
  if (end?.outcome === undefined) return false;
  const { id, first, events } = end;
  const { epoch, seq } = positionOf(id);
  // An end without events has an id that no event bears.
  return compare(after, { epoch, seq: events.length > 0 ? seq : first - 1 }) >= 0;
}

/** Writes as the codec does, without what the client has. Every frame says where the client stands then. */
function resuming(codec: Codec, after: Position): Codec {
  return {
    ...codec,
    encoder() {
      const encoder: Encoder = codec.encoder();
      let id = `${after.epoch}-${after.seq}`;
      const placed = (frames: readonly Frame[]): readonly Frame[] =>
        frames.map((frame) => ({ ...frame, id }));
      return {
        next(event) {
          const own = idOf(event);
          const frames = encoder.next(event);
          if (own !== undefined && compare(positionOf(own), after) <= 0) return [];
          const written = placed(frames);
          // What writes nothing is not heard of: what the encoder holds back of it comes with a later event.
          if (frames.length > 0) id = own ?? id;
          return written;
        },
        end: () => placed(encoder.end()),
      };
    },
  };
}

function askIn(body: unknown): Ask | undefined {
  const { approve, approved, reason } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof approve !== 'string' || typeof approved !== 'boolean') return undefined;
  return { approve, approved, ...(typeof reason === 'string' && { reason }) };
}
