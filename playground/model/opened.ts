import type { Codec } from '../../src/codecs/codec.js';
import { detectCodec } from '../../src/detect.js';
import { bytesOfBase64 } from './base64.js';
import { Cutter, joined } from './cutter.js';
import type { Feed, Part } from './feed.js';
import { bodiesOf, isHar } from './har.js';
import { jsonIn } from './jsonIn.js';
import { outOfLog } from './logs.js';
import { isMarbles, marbleFeed } from './marbleSource.js';
import { codecNamed, protocolOf } from './protocols.js';
import { isRecording, recordedFeed } from './recordingSource.js';
import { isScript, scriptFeed } from './scriptSource.js';
import { beginningOf, firstLines, isBinary, textIn } from './sniff.js';
import type { Turns } from './slices.js';

/** What somebody gives: a text, or the bytes of a file in pieces. */
export type Given = string | readonly Uint8Array[];

/** What it was taken for. */
export interface Opened {
  readonly feed: Feed;
  /** What it is, for a person: `a row of marbles`, `server-sent events of Gemini`. */
  readonly kind: string;
  /** What else is to be known: log lines that were passed over, times that were made up. */
  readonly notes: readonly string[];
  /** The streams of an archive, of which one is read. */
  readonly bodies: readonly string[];
}

/** What to read it as, where somebody knows better. */
export interface OpenOptions {
  /** The name of a codec. Default: recognised. */
  readonly codec?: string | undefined;
  /** Which stream of an archive. Default: the first. */
  readonly body?: number | undefined;
}

/** Why it cannot be read, for a person. */
export class NotOpened extends Error {
  override readonly name = 'NotOpened';
}

/** So much is looked at to tell what it is, in bytes. */
const HEAD = 256 * 1024;

/** So many lines of that: to try each of thousands that are none of any protocol would freeze the page. */
const HEAD_LINES = 1_500;

/** So many frames get a time of their own; what follows comes in the pieces in which it was read. */
const MOST_PARTS = 20_000;

/** Between two frames of a capture, which has no times, in ms. */
const BETWEEN = 10;

/**
 * Makes a feed of whatever was given.
 *
 * @throws NotOpened saying what it is not; Superseded
 */
export async function opened(given: Given, turns: Turns, options: OpenOptions = {}): Promise<Opened> {
  const chunks = typeof given === 'string' ? await encoded(given, turns) : given;
  const head = beginningOf(chunks, HEAD);
  if (head.length === 0) throw new NotOpened('There is nothing in it: paste a row, a capture or a recording');
  if (isBinary(head)) return binary(chunks, head, options, turns);
  const text = textIn(head);
  const isWhole = chunks.reduce((length, { length: more }) => length + more, 0) === head.length;
  if (isWhole && isMarbles(text)) return drawn('a row of marbles', () => marbleFeed(text));
  if (isWhole && isScript(text)) return drawn('a script', () => scriptFeed(text));
  if (isRecording(text)) {
    return { feed: await recordedFeed(chunks, turns), kind: 'a recording', notes: [], bodies: [] };
  }
  if (/^\s*\{\s*"log"\s*:/.test(text)) return archived(chunks, options, turns);
  if (isWhole && /^\s*AAA[A-Za-z0-9+/=\s]+$/.test(text)) {
    const bytes = bytesOfBase64(text);
    if (bytes) return binary([bytes], beginningOf([bytes], HEAD), options, turns);
  }
  return captured(chunks, text, options, turns);
}

function drawn(kind: string, feedOf: () => Feed): Opened {
  try {
    return { feed: feedOf(), kind, notes: [], bodies: [] };
  } catch (error) {
    throw new NotOpened(error instanceof Error ? error.message : String(error));
  }
}

async function archived(chunks: readonly Uint8Array[], options: OpenOptions, turns: Turns): Promise<Opened> {
  const har = await jsonIn(chunks, turns).catch((error: unknown) => {
    if (error instanceof SyntaxError) throw new NotOpened(`The archive is broken: ${error.message}`);
    throw error;
  });
  if (!isHar(har)) throw new NotOpened('It looks like an HTTP archive, and has no entries');
  const bodies = bodiesOf(har);
  const body = bodies[options.body ?? 0] ?? bodies[0];
  if (!body) throw new NotOpened('The archive has no body of text/event-stream or of JSON lines');
  const found = await opened([body.bytes], turns, options);
  const kind = `${found.kind}, ${bodies.length > 1 ? `one of ${bodies.length} streams` : 'the stream'} of an HTTP archive`;
  return { ...found, kind, bodies: bodies.map(({ title }) => title) };
}

function chosen({ codec }: OpenOptions): Codec | undefined {
  if (codec === undefined || codec === '') return undefined;
  const found = codecNamed(codec);
  if (!found) throw new NotOpened(`There is no protocol ${codec}`);
  return found;
}

async function binary(
  chunks: readonly Uint8Array[],
  head: Uint8Array,
  options: OpenOptions,
  turns: Turns,
): Promise<Opened> {
  const codec = chosen(options) ?? detectCodec(head);
  if (codec?.framing !== 'eventstream')
    throw new NotOpened(`${signatureOf(head)} Give the plain body of the response.`);
  return cut(chunks, codec, [], turns);
}

const SIGNATURES: readonly (readonly [bytes: string, what: string])[] = [
  ['1f8b', 'It is compressed by gzip.'],
  ['28b52ffd', 'It is compressed by zstd.'],
  ['504b', 'It is a zip file.'],
  ['89504e47', 'It is a picture (PNG).'],
  ['ffd8ff', 'It is a picture (JPEG).'],
  ['25504446', 'It is a PDF.'],
];

function signatureOf(head: Uint8Array): string {
  const begun = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const known = SIGNATURES.find(([bytes]) => begun.startsWith(bytes));
  return known?.[1] ?? `It is binary, and no AWS event stream: it begins with the bytes ${begun}.`;
}

async function captured(
  chunks: readonly Uint8Array[],
  head: string,
  options: OpenOptions,
  turns: Turns,
): Promise<Opened> {
  const lines = firstLines(head, HEAD_LINES);
  const codec = chosen(options) ?? detectCodec(lines);
  if (turns.isDue) await turns.next();
  const log = outOfLog(lines);
  if (log && (codec === undefined || !/^(?:data|event|id|retry):|^\s*[{[]/m.test(lines))) {
    const found = chosen(options) ?? detectCodec(log.text);
    if (found) return cut(await withoutLog(chunks, turns), found, [logNote(log)], turns);
  }
  if (codec) return cut(chunks, codec, [], turns);
  if (turns.isDue) await turns.next();
  const begun = JSON.stringify(head.trim().slice(0, 40));
  throw new NotOpened(
    `No protocol that the library knows begins like this: ${begun}. Choose one, if you know which it is.`,
  );
}

function logNote({ others, example }: NonNullable<ReturnType<typeof outOfLog>>): string {
  const lines =
    others === 0 ? '' : `; ${others} other lines are passed over, such as ${JSON.stringify(example)}`;
  return `It stands in a log: what is before the stream in each line is left out${lines}.`;
}

/** A log is taken off line by line, so many bytes at a time. */
async function withoutLog(chunks: readonly Uint8Array[], turns: Turns): Promise<readonly Uint8Array[]> {
  const cutter = new Cutter('ndjson');
  const out: Uint8Array[] = [];
  for (const lines of [...chunks.map((chunk) => cutter.next(chunk)), cutter.end()]) {
    for (let at = 0; at < lines.length; at += 500) {
      const text = lines
        .slice(at, at + 500)
        .map(textIn)
        .join('');
      const found = outOfLog(text);
      out.push(new TextEncoder().encode(found?.text ?? text));
      if (turns.isDue) await turns.next();
    }
  }
  return out;
}

async function cut(
  chunks: readonly Uint8Array[],
  codec: Codec,
  notes: readonly string[],
  turns: Turns,
): Promise<Opened> {
  const isUnpacked = codec.unpacker !== undefined && codec.framing !== 'eventstream';
  const framing = codec.framing === 'eventstream' && chunks[0]?.[0] !== 0 ? 'sse' : codec.framing;
  const cutter = new Cutter(isUnpacked ? 'ndjson' : framing);
  const parts: Part[] = [];
  let rest: Uint8Array = new Uint8Array();
  const add = (bytes: Uint8Array): void => void parts.push({ at: (parts.length + 1) * BETWEEN, bytes });
  for (const chunk of chunks) {
    if (parts.length >= MOST_PARTS) {
      add(joined(rest, chunk));
      rest = new Uint8Array();
    } else {
      cutter.next(chunk).forEach(add);
      if (parts.length >= MOST_PARTS) rest = cutter.end()[0] ?? rest;
    }
    if (turns.isDue) await turns.next();
  }
  (parts.length >= MOST_PARTS ? [rest] : cutter.end()).filter(({ length }) => length > 0).forEach(add);
  const kind = `${FRAMINGS[isUnpacked ? 'array' : codec.framing]} of ${protocolOf(codec).title}`;
  const timeless = `A capture has no times: each of its frames comes ${BETWEEN} ms after the one before.`;
  const end = { at: parts.at(-1)?.at ?? 0, how: 'complete' } as const;
  return { feed: { codec, parts, end }, kind, notes: [...notes, timeless], bodies: [] };
}

const FRAMINGS = {
  sse: 'server-sent events',
  ndjson: 'JSON lines',
  eventstream: 'an AWS event stream',
  array: 'a JSON array',
} as const;

/** So much text is encoded at once, in UTF-16 units. */
const AT_ONCE = 256 * 1024;

async function encoded(text: string, turns: Turns): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + AT_ONCE, text.length);
    // Never between the two halves of a character.
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    chunks.push(new TextEncoder().encode(text.slice(at, end)));
    at = end;
    if (turns.isDue) await turns.next();
  }
  return chunks;
}
