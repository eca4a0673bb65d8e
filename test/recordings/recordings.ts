import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded stream, as the folder's `index.json` lists it. */
export interface Recording {
  readonly file: string;
  readonly provider: string;
  readonly format: string;
  readonly kind?: string | null;
  /** The last event of it. */
  readonly terminal?: string;
  readonly notes: readonly string[];
  readonly golden?: string;
  readonly goldenError?: string;
}

const FOLDER = process.env['RECORDINGS'] ?? '../shared/recordings';

/** Examples of events, which are no stream together. */
const EXAMPLES = /^ag-ui\/.*(?:message|tool-call)-events/;

/** The recordings of a kind; none where the folder is not there. */
export function recordings(kind: string | undefined): readonly Recording[] {
  const index = join(FOLDER, 'index.json');
  if (!existsSync(index)) return [];
  return (JSON.parse(readFileSync(index, 'utf8')) as Recording[]).filter(
    (recording) => (recording.kind ?? undefined) === kind && !EXAMPLES.test(recording.file),
  );
}

/** The bytes of a recording as they lie in the folder. */
export function capturedIn({ file }: Recording): Uint8Array {
  return readFileSync(join(FOLDER, file));
}

/** The bytes of a recording; one without framing gets that of SSE. */
export function bytesOf(recording: Recording): Uint8Array {
  const bytes = capturedIn(recording);
  if (!recording.format.startsWith('json-per-line')) return bytes;
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '');
  return new TextEncoder().encode(lines.map((line) => `data: ${line}\n\n`).join(''));
}

/** The final message that the provider's SDK builds of it, without what the SDK adds of its own. */
export function goldenOf({ golden }: Recording): object | undefined {
  if (golden === undefined) return undefined;
  const { parsed_output: _ours, ...message } = JSON.parse(readFileSync(join(FOLDER, golden), 'utf8')) as {
    parsed_output?: unknown;
  };
  return message;
}

/** The bytes in pieces of 1 to 200, the same ones for the same seed. */
export function randomPieces(bytes: Uint8Array, seed: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let state = seed;
  for (let at = 0; at < bytes.length;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const end = at + 1 + (state % 200);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}
