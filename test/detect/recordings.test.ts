import { lastValueFrom, toArray } from 'rxjs';
import { detectCodec } from '../../src/detect.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { capturedIn, recordings, type Recording } from '../recordings/recordings.js';

/** The recordings whose kind the index does not say, by their folder: what an API beside the codecs' ones streams is nobody's. */
const BY_FOLDER: readonly (readonly [file: RegExp, name: string | undefined])[] = [
  [/^vercel-google\/.*google-live/, undefined],
  [/^vercel-google\/.*google-search/, 'gemini-interactions'],
  [/^(?:vercel-)?google\//, 'gemini'],
  [/^ollama\/.*generation/, 'ollama-generate'],
  [/^ollama\//, 'ollama'],
  [/^openai\/.*assistant/, undefined],
  [/^ag-ui\/.*forward-compatibility/, 'ag-ui'],
  [/^ag-ui\//, undefined],
];

const BY_KIND = { chat: 'openai-chat', responses: 'openai-responses', anthropic: 'anthropic' } as const;
const KINDS = [undefined, ...(Object.keys(BY_KIND) as (keyof typeof BY_KIND)[])];

const known = KINDS.flatMap((kind) =>
  recordings(kind).map((recording) => ({
    recording,
    name: kind ? BY_KIND[kind] : BY_FOLDER.find(([file]) => file.test(recording.file))?.[1],
  })),
);

function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

/** The places after the first, the second and the third frame, and some further on, within a line too. */
function prefixes(text: string, recording: Recording): readonly string[] {
  const isFramed = !/per-line|NDJSON/.test(recording.format);
  let length = 0;
  const ends: number[] = [];
  for (const line of linesOf(text)) {
    length += line.length;
    if (!isFramed || /^data: ?\{/.test(line)) ends.push(length);
  }
  const later = [3, 5, 8, 13].map((part) => Math.floor((text.length * part) / 13));
  return [...ends.slice(0, 3), ...later.filter((end) => end >= (ends[0] ?? 0))].map((end) =>
    text.slice(0, end),
  );
}

/** The protocol, whatever dialect it has been found to be in by then. */
function protocolOf(name: string | undefined): string | undefined {
  return name?.replace(/^openai-chat-reasoning$/, 'openai-chat');
}

if (known.length === 0) {
  it('there are no recordings here to be recognised', () => {
    expect(known).toEqual([]);
  });
} else {
  describe('a recorded stream', () => {
    const ours = known.filter(({ name }) => name !== undefined);
    const files = ours.map(({ recording, name }) => [recording.file, recording, name] as const);

    it.each(files)('%s is recognised by its first frames', (_, recording, name) => {
      const bytes = capturedIn(recording);
      const text = new TextDecoder().decode(bytes);
      const wholes = [text, bytes].map((whole) => protocolOf(detectCodec(whole)?.name));
      const begun = prefixes(text, recording).map((prefix) => protocolOf(detectCodec(prefix)?.name));
      expect(new Set([...wholes, ...begun])).toEqual(new Set([name]));
    });

    it.each(files)('%s is read as it was captured', async (_, recording) => {
      const bytes = capturedIn(recording);
      const codec = detectCodec(bytes);
      if (codec === undefined) throw new Error('It is not recognised');
      const events = await lastValueFrom(fromBytes([bytes], { codec }).pipe(toArray()));
      const known = events.filter(({ type }) => type !== 'unknown');
      expect(known.map(({ type }) => type).find((type) => type !== 'ping')).toMatch(
        /^(?:message_start|error)$/,
      );
      expect(known.some(({ type }) => type === 'message_stop' || type === 'error')).toBe(true);
    });

    const others = known
      .filter(({ name }) => name === undefined)
      .map(({ recording }) => [recording.file, recording] as const);

    it.each(others)('%s, of an API that no codec reads, is nobody’s', (_, recording) => {
      expect(detectCodec(capturedIn(recording))).toBeUndefined();
    });
  });
}
