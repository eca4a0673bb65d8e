import { concatenated } from './bytes.js';

/** A request of `node:http`, and of what is built on it. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether somebody has read the body, to its end. */
  readonly readableEnded: boolean;
  destroy(): unknown;
  /** What a parser that has read the body made of it. */
  readonly body?: unknown;
  /** The bytes that a parser has read, where it keeps them. */
  readonly rawBody?: unknown;
}

/** The most that is taken of a request, in bytes. */
export const MOST = 1024 * 1024;

/** Up to here the rest is read and thrown away, in bytes: who still writes does not read an answer. Then it is broken off. */
const MOST_THROWN_AWAY = 64 * MOST;

/** What a request asks, its body in memory. */
export interface Asked {
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** What the headers say of the body that is no longer so; of all others they say what they said. */
  readonly changed: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the body of a request, or takes what a parser made of it.
 *
 * @param incoming - a request whose body nobody reads at this moment
 * @returns the body; `undefined` where there is more of it than {@link MOST}
 * @throws TypeError where the body was read, and what came of it is not there
 */
export async function askedBy(incoming: NodeRequest): Promise<Asked | undefined> {
  return incoming.readableEnded ? parsed(incoming) : read(incoming);
}

async function read(incoming: NodeRequest): Promise<Asked | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length <= MOST) chunks.push(chunk);
    else if (length > MOST_THROWN_AWAY) incoming.destroy();
  }
  return length > MOST ? undefined : { body: concatenated(chunks), changed: {} };
}

/** Of what was read it is too late to know the very bytes, its length and how it was packed. */
function parsed({ headers, body, rawBody }: NodeRequest): Asked {
  const given = rawBody ?? body;
  const changed = { 'content-length': undefined, 'content-encoding': undefined };
  if (typeof given === 'string') return { body: given, changed };
  if (given instanceof Uint8Array) return { body: concatenated([given]), changed };
  const isJson = /\bjson\b/i.test(String(headers['content-type']));
  if (given !== undefined) {
    return {
      body: JSON.stringify(given),
      changed: isJson ? changed : { ...changed, 'content-type': 'application/json' },
    };
  }
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    throw new TypeError(
      'The body was read before nodeHandler() and stands in neither request.body nor request.rawBody: set one of them, or let no parser read it',
    );
  }
  return { body: '', changed };
}

/**
 * @param host - what the client says that it asks
 * @param target - what it asks for: a path, or a whole address, as one that asks through a proxy writes it
 * @throws TypeError for a host in which a path would begin, and for a target that names nothing
 */
function addressOf(host: string, target: string): string {
  if (/^https?:\/\//i.test(target)) return target;
  if (!target.startsWith('/') || /[/\\?#@]/.test(host)) throw new TypeError('This is no address');
  return `http://${host}${target}`;
}

/**
 * @param incoming - a request
 * @param asked - its body
 * @param signal - aborted when the client leaves
 * @returns the same as web standards have it; `undefined` where it is none there
 */
export function requestOf(
  { method = 'GET', url = '/', headers: given }: NodeRequest,
  { body, changed }: Asked,
  signal: AbortSignal,
): Request | undefined {
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries({ ...given, ...changed })) {
      // What HTTP/2 says of the request itself stands among the headers there.
      if (!name.startsWith(':')) for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const hasBody = method !== 'GET' && method !== 'HEAD';
    return new Request(addressOf(headers.get('host') || 'localhost', url), {
      method,
      headers,
      signal,
      ...(hasBody && { body }),
    });
  } catch {
    return undefined;
  }
}
