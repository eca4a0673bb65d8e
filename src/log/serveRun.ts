import type { Codec } from '../codecs/codec.js';
import { requireCodec } from '../codecs/requireCodec.js';
import { isStreamError, type StreamError } from '../errors/streamError.js';
import { BEGINNING, idOf } from '../events/id.js';
import { markOfLog } from '../server/ofLog.js';
import { PlacedEncoder } from '../server/placedEncoder.js';
import { refusal, statusFor, unanswered } from '../server/refusal.js';
import { respond } from '../server/respond.js';
import type { Frame } from '../wire/frame.js';
import { fromLog } from './fromLog.js';
import { compare, idAt, positionOf, type Position } from './position.js';
import type { Ask, RunLog } from './runLog.js';
import { standingFor, type Standing } from './standing.js';

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

const NO_ID = 'The header Last-Event-ID is no id of a run, such as 1-7.';
const NO_ASK = 'The body has to be JSON such as {"approve": "toolu_1", "approved": true, "reason": "…"}.';

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
 * run, 410 for a run, or a part of it, that is not there any more, and for an id that the run does not have, 503 where the
 * producer has died. Where the log refuses the server, by a 401 or a 413, that is a 500, and a 503 where the log may take it later.
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
 * @returns a promise of the response. It is rejected only with what `authorize` throws, with an error of the log that is no
 *   StreamError, and with a TypeError where the `codec` is missing
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
 */
export async function serveRun(request: Request, options: ServeRunOptions): Promise<Response> {
  const { log, run, authorize, heartbeatMs } = options;
  const codec = requireCodec(options);
  if (!(await authorize(request, run))) return bare(403);
  try {
    switch (request.method) {
      case 'GET': {
        const after = cursorOf(request);
        if (after === undefined) return unanswered(400, NO_ID);
        const standing = await standingFor(request, log, run, after);
        const response = await respond(fromLog(log, run), {
          codec: resuming(codec, after, standing),
          signal: request.signal,
          heartbeatMs,
          status: statusOf,
        });
        return standing.hasAll && response.ok ? await rest(response) : response;
      }
      case 'DELETE':
        await log.ask(run, { stop: true });
        return bare(202);
      case 'POST': {
        const ask = askIn(await request.json().catch(() => undefined));
        if (ask === undefined) return unanswered(400, NO_ASK);
        await log.ask(run, ask);
        return bare(202);
      }
      default:
        return new Response(null, { status: 405, headers: { allow: 'GET, DELETE, POST' } });
    }
  } catch (error) {
    if (!isStreamError(error)) throw error;
    markOfLog(error);
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

/** An answer that is over: 204 where nothing is left to say. */
async function rest(response: Response): Promise<Response> {
  const text = await response.text();
  return text === '' ? bare(204) : new Response(text, response);
}

/** Writes as the codec does, without what the client has, and without the attempts that were given up before it came. */
function resuming(codec: Codec, after: Position, standing: Standing): Codec {
  const known = idAt(after);
  return {
    ...codec,
    encoder() {
      const encoder = new PlacedEncoder(codec);
      // The client may stand at an event that no frame was written for.
      const behind = (frame: Frame): Frame =>
        frame.id !== undefined && compare(positionOf(frame.id), after) < 0 ? { ...frame, id: known } : frame;
      /** @param own - the id that makes it known; else it is known if something behind it is */
      const missing = (frames: readonly Frame[], own: string | undefined): readonly Frame[] => {
        const id = own ?? frames.at(-1)?.id;
        const from = id === undefined ? 1 : compare(positionOf(id), after);
        return from < 0 || (from === 0 && own !== undefined) ? [] : frames.map(behind);
      };
      return {
        next(event) {
          const id = idOf(event);
          if (id !== undefined && standing.isDropped(positionOf(id))) return [];
          return missing(encoder.next(event), id);
        },
        end() {
          const frames = encoder.end();
          return missing(frames, frames.at(-1)?.id);
        },
      };
    },
  };
}

function askIn(body: unknown): Ask | undefined {
  const { approve, approved, reason } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof approve !== 'string' || typeof approved !== 'boolean') return undefined;
  return { approve, approved, ...(typeof reason === 'string' && { reason }) };
}
