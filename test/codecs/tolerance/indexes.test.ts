import { anthropic } from '../../../src/anthropic.js';
import type { Codec } from '../../../src/codecs/codec.js';
import { policed } from '../../../src/codecs/policed.js';
import { llmWorker } from '../../../src/llm-worker.js';
import { modelrelay } from '../../../src/modelrelay.js';
import type { Frame } from '../../../src/wire/frame.js';
import { answersIn, outcomeOf, spliced, timely, type Variant } from './variants.js';

const BLOCK_TYPES = ['Text', 'Thinking', 'ToolUse', 'ToolResult'] as const;

/** A stop of nothing, in the words of each protocol. synaps has neither stops nor indexes: each event names its call. */
const STRAYS: readonly (readonly [
  codec: Codec,
  stops: readonly (readonly [index: number, stop: object])[],
])[] = [
  [anthropic, [0, 1, 2, 3, 4, 7, 9, 99].map((index) => [index, { type: 'content_block_stop', index }])],
  [
    llmWorker,
    [0, 1, 2, 3, 9].flatMap((index) =>
      BLOCK_TYPES.map(
        (type) => [index, { BlockStop: { index, block_type: type, stop_reason: null } }] as const,
      ),
    ),
  ],
  [
    modelrelay,
    [4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((index) => [
      index,
      { type: 'tool_use_stop', tool_call_delta: { index } },
    ]),
  ],
];

function frameOf(codec: Codec, value: object): Frame {
  const data = JSON.stringify(value);
  return codec.framing === 'sse' && 'type' in value ? { event: String(value.type), data } : { data };
}

/** The indexes of the blocks that are open after these frames. */
function openAfter(codec: Codec, frames: readonly Frame[]): ReadonlySet<number> {
  const decoder = policed(codec);
  const open = new Set<number>();
  for (const event of frames.flatMap((frame) => decoder.next(frame))) {
    if (event.type === 'content_block_start') open.add(event.index);
    if (event.type === 'content_block_stop') open.delete(event.index);
  }
  return open;
}

/** Stops of blocks that are not open, at each place; of those that cannot say which, where none is. */
function strays(
  codec: Codec,
  stops: readonly (readonly [index: number, stop: object])[],
  frames: readonly Frame[],
): readonly Variant[] {
  return frames.flatMap((_, at) => {
    const open = openAfter(codec, frames.slice(0, at));
    return stops
      .filter(([index]) => at > 0 && !open.has(index))
      .map(([, stop]) => ({
        what: `${at} ${JSON.stringify(stop)}`,
        frames: spliced(frames, at, 0, frameOf(codec, stop)),
      }));
  });
}

/** A value with the indexes in it that a function gives. */
function reindexed(frame: Frame, of: (index: number) => number): Frame {
  return {
    ...frame,
    data: frame.data.replace(/"index":(\d+)/, (_, index) => `"index":${of(Number(index))}`),
  };
}

/** Each block at the index of any that has ended before it, or at one beyond. */
function reused(frames: readonly Frame[]): readonly Variant[] {
  // Of the three that a protocol has for its calls alone, these are more than two hundred ways.
  const indexes = [0, 1, 2, 3, 4, 5];
  return indexes.flatMap((a) =>
    indexes.flatMap((b) =>
      indexes.flatMap((c) =>
        indexes.map((d) => ({
          what: `${a} ${b} ${c} ${d}`,
          frames: frames.map((frame) => reindexed(frame, (index) => [a, b, c, d][index] ?? index)),
        })),
      ),
    ),
  );
}

describe.each(STRAYS.map(([codec, stops]) => [codec.name, codec, stops] as const))(
  'the order of %s',
  (_, codec, stops) => {
    it('holds a stop of nothing', () => {
      const all = answersIn(codec).flatMap((frames) => {
        const { message, calls } = outcomeOf(codec, frames);
        return strays(codec, stops, frames).map((variant) => ({ ...variant, message, calls }));
      });
      for (const { what, frames, message, calls } of timely(all)) {
        const found = outcomeOf(codec, frames);
        expect({ what, message: found.message, calls: found.calls, error: found.error }).toEqual({
          what,
          message,
          calls,
          error: undefined,
        });
      }
    });

    it('holds an index that is used again', () => {
      const [, frames = []] = answersIn(codec);
      const { message, calls } = outcomeOf(codec, frames);
      for (const { what, frames: others } of timely(reused(frames))) {
        const found = outcomeOf(codec, others);
        expect({ what, error: found.error }).toEqual({ what, error: undefined });
        expect({ what, content: [...(found.message?.content ?? [])].map(keyOf).sort() }).toEqual({
          what,
          content: [...(message?.content ?? [])].map(keyOf).sort(),
        });
        expect(found.calls.map(({ id, status }) => [id, status])).toEqual(
          calls.map(({ id, status }) => [id, status]),
        );
      }
    });
  },
);

function keyOf(block: object): string {
  return JSON.stringify(block);
}

describe('two blocks of one index that are open at once', () => {
  const [, frames = []] = answersIn(anthropic);
  const starts = frames.flatMap(({ event }, at) => (event === 'content_block_start' ? [at] : []));

  it('are an error', () => {
    for (const at of starts.slice(1)) {
      const open = frames.slice(0, (starts[0] as number) + 2);
      const { error } = outcomeOf(anthropic, [
        ...open,
        reindexed(frames[at] as Frame, () => 0),
        ...frames.slice(at + 1),
      ]);
      expect(error).toMatchObject({ code: 'protocol', message: 'Block 0 began twice' });
    }
  });

  it('are one where the start is plainly repeated, which is reported', () => {
    const { message } = outcomeOf(anthropic, frames);
    for (const at of starts) {
      const found = outcomeOf(anthropic, spliced(frames, at, 0, frames[at] as Frame));
      expect(found.message).toEqual(message);
      expect(found.skips).toMatchObject([{ kind: 'stray' }]);
    }
  });
});

it('a call without an id or a name costs its block, and the answer goes on', () => {
  const frames = answersIn(anthropic)[1] ?? [];
  for (const [name, value] of [
    ['id', 'call_1'],
    ['name', 'find'],
  ] as const) {
    for (const empty of ['""', 'null']) {
      const { calls, error } = outcomeOf(
        anthropic,
        frames.map((frame) =>
          frame.data.includes('call_1')
            ? { ...frame, data: frame.data.replace(`"${name}":"${value}"`, `"${name}":${empty}`) }
            : frame,
        ),
      );
      expect(error).toBeUndefined();
      expect(calls.map(({ status }) => status)).toEqual(['invalid', 'complete', 'complete']);
      expect(calls[0]).toMatchObject({ error: { message: `The call has no ${name}` } });
    }
  }
  const { calls } = outcomeOf(
    llmWorker,
    answersIn(llmWorker)[1]?.map((frame) => ({ data: frame.data.replace('"name":"now"', '"name":null') })) ??
      [],
  );
  expect(calls.at(-1)).toMatchObject({ status: 'invalid', error: { message: 'The call has no name' } });
});
