import { base64Of, bytesOfBase64 } from './base64.js';
import type { Step } from './chain.js';
import type { Edit } from './edits.js';

/** All that a link carries. */
export interface Linked {
  /** The text of the source; `undefined` where it is too long for a link. */
  readonly source: string | undefined;
  /** What to read it as, if not what it is recognised as. */
  readonly codec?: string | undefined;
  readonly body?: number | undefined;
  readonly edits: readonly Edit[];
  readonly chains: readonly (readonly Step[])[];
}

/** Of this file. A link of another is not read: its words may mean something else. */
export const VERSION = 1;

/** Longer texts are left out of a link, in UTF-16 units. */
export const LONGEST_SOURCE = 256 * 1024;

/** No link of ours holds more once it is decompressed, in bytes; one that was made to fill the memory would. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Why a link says nothing, for a person. */
export class NotLinked extends Error {
  override readonly name = 'NotLinked';
}

/** @returns what stands behind the `#` of a link: its version and the compressed rest */
export async function fragmentOf(linked: Linked): Promise<string> {
  const { source } = linked;
  const kept = { ...linked, source: (source?.length ?? 0) <= LONGEST_SOURCE ? source : undefined };
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  return `${VERSION}.${base64Of(await piped(bytes, new CompressionStream('deflate-raw')))}`;
}

/**
 * Reads what stands behind the `#` of a link.
 *
 * @returns `undefined` for a fragment that is none of ours: an anchor of the page
 * @throws NotLinked for one of another version, and for one that is broken
 */
export async function linkedIn(fragment: string): Promise<Linked | undefined> {
  const [, version, data] = /^#?(\d+)\.([A-Za-z0-9_-]*)$/.exec(fragment) ?? [];
  if (version === undefined || data === undefined) return undefined;
  if (Number(version) !== VERSION) {
    throw new NotLinked(
      `This link is of version ${version}, and this page reads version ${VERSION}: nothing is loaded`,
    );
  }
  const bytes = bytesOfBase64(data);
  const broken = new NotLinked(
    'This link is broken: nothing is loaded. It may have been cut when it was copied',
  );
  if (!bytes) throw broken;
  let linked: Linked | undefined;
  try {
    const text = new TextDecoder().decode(await piped(bytes, new DecompressionStream('deflate-raw')));
    linked = checked(JSON.parse(text) as unknown);
  } catch {
    throw broken;
  }
  if (!linked) throw broken;
  return linked;
}

/** The parts of a link that are what they should be. Options of operators are checked where they are used. */
function checked(value: unknown): Linked | undefined {
  if (!isObject(value)) return undefined;
  const { source, codec, body, edits, chains } = value;
  if (source !== undefined && typeof source !== 'string') return undefined;
  if (!Array.isArray(edits) || !edits.every(isEdit)) return undefined;
  if (!Array.isArray(chains) || chains.length === 0 || chains.length > 2) return undefined;
  if (!chains.every((chain): chain is Step[] => Array.isArray(chain) && chain.every(isStep)))
    return undefined;
  return {
    source,
    edits,
    chains,
    ...(typeof codec === 'string' && { codec }),
    ...(typeof body === 'number' && { body }),
  };
}

function isStep(value: unknown): value is Step {
  return isObject(value) && typeof value['name'] === 'string' && isObject(value['options']);
}

const MEMBERS: Readonly<Record<Edit['do'], readonly (readonly [name: string, type: string])[]>> = {
  move: [
    ['part', 'number'],
    ['by', 'number'],
  ],
  stall: [
    ['part', 'number'],
    ['by', 'number'],
  ],
  insert: [
    ['at', 'number'],
    ['what', 'string'],
  ],
  cut: [
    ['bytes', 'number'],
    ['how', 'string'],
  ],
  split: [['bytes', 'number']],
};

function isEdit(value: unknown): value is Edit {
  if (!isObject(value) || typeof value['do'] !== 'string' || !Object.hasOwn(MEMBERS, value['do']))
    return false;
  if (value['do'] === 'insert' && !['ping', 'error', 'reset'].includes(String(value['what']))) return false;
  if (value['do'] === 'cut' && !['complete', 'lost'].includes(String(value['how']))) return false;
  return MEMBERS[value['do'] as Edit['do']].every(([name, type]) => typeof value[name] === type);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function piped(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  let length = 0;
  const bounded = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      length += chunk.length;
      if (length > MOST_BYTES) controller.error(new RangeError(`More than ${MOST_BYTES} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const body = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(through)
    .pipeThrough(bounded);
  return new Uint8Array(await new Response(body).arrayBuffer());
}
