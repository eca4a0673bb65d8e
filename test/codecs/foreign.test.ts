import { from } from 'rxjs';
import { decode } from '../../src/codecs/decode.js';
import { protocolIn } from '../../src/codecs/kit/protocols.js';
import { isStreamError, type StreamError } from '../../src/errors/streamError.js';
import { PROTOCOLS } from './conformance/protocols.js';
import { answersIn } from './tolerance/variants.js';

/** How the name of a codec says which dialect it writes. */
const DIALECT = /(?<=modelrelay|openai-chat|ollama)-.*$/;

const CODECS = PROTOCOLS.map(({ codec }) => codec);

/** The pairs of a stream and a codec of another protocol, where that of the stream is one that is known by its looks. */
const PAIRS = CODECS.flatMap((written) =>
  CODECS.map((read) => ({ written, read, known: protocolIn(answersIn(written)[0]?.[0]?.data ?? '') })),
).flatMap(({ written, read, known }) =>
  known === undefined || read.name.startsWith(known[0]) ? [] : [[written, read, known] as const],
);

function errorOf(source: (typeof CODECS)[number], codec: (typeof CODECS)[number]): StreamError | undefined {
  let error: unknown;
  const [frames = []] = answersIn(source);
  from(frames)
    .pipe(decode(codec, { malformed: 'skip', unknown: 'skip' }))
    .subscribe({ error: (failure: unknown) => (error = failure) });
  return isStreamError(error) ? error : undefined;
}

describe('a stream of another protocol', () => {
  it('is known by its looks, of the protocols that many servers speak', () => {
    const known = new Set(PAIRS.map(([, , [name]]) => name));
    expect(known.size).toBeGreaterThan(4);
  });

  it.each(PAIRS.map(([written, read, known]) => [written.name, read.name, written, read, known] as const))(
    '%s, read as %s, is an error that names it',
    (_, __, written, read, [, codec]) => {
      const error = errorOf(written, read);
      expect(error).toMatchObject({ code: 'not-a-stream', retryable: false });
      expect(error?.message).toBe(`This is no stream of ${read.name.replace(DIALECT, '')}; use ${codec}`);
    },
  );

  it.each(CODECS.map((codec) => [codec.name, codec] as const))('is none that is of %s', (_, codec) => {
    expect(errorOf(codec, codec)).toBeUndefined();
  });
});
