import type { Frame } from '../../../src/wire/frame.js';
import { PROTOCOLS } from '../conformance/protocols.js';
import { answersIn, outcomeOf, spliced, timely, type Outcome, type Variant } from './variants.js';

/** What the way may do to the data of a frame. */
const DAMAGE: readonly (readonly [what: string, of: (data: string) => string])[] = [
  ['cut in half', (data) => data.slice(0, data.length / 2)],
  ['cut at its end', (data) => data.slice(0, -1)],
  ['cut at its beginning', (data) => data.slice(1)],
  ['without a quote', (data) => data.replace(/"$|"(?=[^"]*$)/, '')],
  ['with a quote too many', (data) => `${data.slice(0, data.length / 3)}"${data.slice(data.length / 3)}`],
  ['with a control character', (data) => data.replace('"', '"\u0000')],
  ['cut in its last quarter', (data) => data.slice(0, Math.ceil(data.length * 0.8))],
  ...[0.1, 0.2, 0.35, 0.6, 0.7, 0.9].map(
    (part) => [`cut after ${part} of it`, (data: string) => data.slice(0, data.length * part)] as const,
  ),
  ['with a bracket too many', (data) => data.replace('{', '{{')],
  ['with a bracket too many at its end', (data) => `${data}}`],
  ['without a colon', (data) => data.replace(':', '')],
  ['twice', (data) => data + data],
  ['without its last bracket but one', (data) => data.replace(/}}$/, '}')],
  ['garbled', () => '\uFFFD\uFFFD{'],
  [
    'with a number for a text',
    (data) =>
      data.replace(
        /"(delta|text|partial_json|Text|InputJson|thinking|arguments|response)":"[^"]*"/,
        '"$1":7',
      ),
  ],
  [
    'with a number for the content of a message',
    (data) => data.replace(/"role":"assistant","content":"[^"]*"/, '"role":"assistant","content":7'),
  ],
  ['with an index that is none', (data) => data.replace(/"(index|contentBlockIndex)":\d+/, '"$1":-1')],
];

function variantsOf(frames: readonly Frame[]): readonly Variant[] {
  return frames.flatMap((frame, at) =>
    DAMAGE.flatMap(([what, of]) => {
      const data = of(frame.data);
      return data === frame.data
        ? []
        : [{ what: `${at} ${what}`, frames: spliced(frames, at, 1, { ...frame, data }) }];
    }),
  );
}

/** What is said to be complete, without its place. */
function complete({ blocks, calls }: Outcome): readonly string[] {
  return [
    ...blocks
      .filter(({ status }) => status === 'complete')
      .map(({ index: _, ...block }) => JSON.stringify(block)),
    ...calls
      .filter(({ status }) => status === 'complete')
      .map(({ index: _, ...call }) => JSON.stringify(call)),
  ];
}

describe.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
  'a damaged frame of %s that is skipped',
  (_, codec) => {
    const all = answersIn(codec).flatMap((frames) => {
      const whole = new Set(complete(outcomeOf(codec, frames)));
      const { message } = outcomeOf(codec, frames);
      return variantsOf(frames).map((variant) => ({ ...variant, whole, message }));
    });

    it('makes nothing that is incomplete complete', () => {
      for (const { what, frames, whole, message } of timely(all)) {
        const found = outcomeOf(codec, frames, { malformed: 'skip' });
        const wrong = complete(found).filter((one) => !whole.has(one));
        expect({ what, wrong }).toEqual({ what, wrong: [] });
        if (found.error === undefined && found.skips.length === 0)
          expect({ what, message: found.message }).toEqual({ what, message });
      }
    });

    it('is an error otherwise, unless nothing was lost with it', () => {
      for (const { what, frames, whole, message } of timely(all)) {
        const found = outcomeOf(codec, frames);
        const wrong = complete(found).filter((one) => !whole.has(one));
        expect({ what, wrong }).toEqual({ what, wrong: [] });
        if (found.error === undefined) expect({ what, message: found.message }).toEqual({ what, message });
        else expect(found.error.code).toMatch(/^(?:malformed|protocol|api|not-a-stream)$/);
      }
    });
  },
);

it('costs the block that it was a piece of, and the answer goes on', () => {
  for (const { codec } of PROTOCOLS.filter(
    ({ codec: { name } }) => name === 'anthropic' || name === 'llm-worker',
  )) {
    const [, frames = []] = answersIn(codec);
    const at = frames.findIndex(({ data }) => data.includes('Ber'));
    const { calls, message, error } = outcomeOf(
      codec,
      spliced(frames, at, 1, { ...(frames[at] as Frame), data: '{"half' }),
      { malformed: 'skip' },
    );
    expect(error).toBeUndefined();
    expect(message?.stop_reason).toBe('tool_use');
    expect(calls.map(({ status }) => status)).toEqual(['invalid', 'complete', 'complete']);
    expect(calls[0]).toMatchObject({
      error: { message: 'A piece of this block was malformed' },
    });
  }
});
