import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { llmWorker, workerEvents as worker, workerEventSchema } from '../../../src/llm-worker.js';

/** The values of the lines that these events are written as. */
function written(sequence: readonly StreamEvent[]): readonly unknown[] {
  const encoder = llmWorker.encoder();
  const frames = [...sequence.flatMap((event) => encoder.next(event)), ...encoder.end()];
  return frames.map(({ data }): unknown => {
    expect(data).not.toMatch(/[\r\n]/);
    return JSON.parse(data);
  });
}

/** What arrives of these events. */
function arrived(sequence: readonly StreamEvent[]): readonly StreamEvent[] {
  const decoder = llmWorker.decoder();
  return written(sequence).flatMap((line) => decoder.next({ data: JSON.stringify(line) }));
}

const START = events.messageStart();
const STARTED = worker.status('Started');
const COMPLETED = worker.status('Completed');
const END = [events.messageDelta('end_turn'), events.messageStop()];
const HI = [events.textStart(0), events.textDelta(0, 'Hi'), events.blockStop(0)];
const NO_TOKENS = {
  Usage: {
    input_tokens: null,
    output_tokens: 0,
    total_tokens: null,
    cache_read_input_tokens: null,
    cache_creation_input_tokens: null,
  },
};

const CARRIED: readonly (readonly [what: string, sequence: readonly StreamEvent[]])[] = [
  ['nothing', [START, ...END]],
  ['text', [START, ...HI, ...END]],
  [
    'line ends',
    [START, events.textStart(0), events.textDelta(0, 'a\r\nb\u2028'), events.blockStop(0), ...END],
  ],
  [
    'empty blocks in a row',
    [START, events.textStart(0), events.blockStop(0), events.textStart(1), events.blockStop(1), ...END],
  ],
  [
    'usage at the start and at the end',
    [
      events.messageStart({ usage: { input_tokens: 25, output_tokens: 1, cache_read_input_tokens: 0 } }),
      ...HI,
      events.messageDelta('end_turn', { output_tokens: 71, cache_creation_input_tokens: 5 }),
      events.messageStop(),
    ],
  ],
  ['nothing but the cache', [events.messageStart({ usage: { cache_creation_input_tokens: 0 } }), ...END]],
  [
    'usage in between',
    [
      START,
      events.messageDelta(null, { output_tokens: 1 }),
      ...HI,
      events.messageDelta(null, { output_tokens: 2 }),
      ...END,
    ],
  ],
  [
    'a signature',
    [
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      ...END,
    ],
  ],
  [
    'a call and what it gave, and the next round',
    [
      START,
      events.toolUseStart(0, 'a', 'f'),
      events.inputJsonDelta(0, ''),
      events.inputJsonDelta(0, '{"a":'),
      events.inputJsonDelta(0, '1}'),
      events.blockStop(0),
      events.toolUseStart(1, 'b', 'f'),
      events.blockStop(1),
      events.toolResult('b', ''),
      events.toolResult('a', 'one'),
      events.textStart(2),
      events.toolResult('a', 'two'),
      events.textDelta(2, 'Hi'),
      events.blockStop(2),
      ...END,
    ],
  ],
  [
    'blocks side by side, one given up',
    [
      START,
      events.textStart(0),
      events.thinkingStart(1),
      events.toolUseStart(2, 'a', 'f'),
      events.textDelta(0, 'Hi'),
      events.thinkingDelta(1, 'Hm'),
      events.blockStop(1),
      events.inputJsonDelta(2, '{'),
      events.blockAbort(2, 'Cancelled'),
      events.blockStop(0),
      ...END,
    ],
  ],
  ['a stop reason that comes later than the last stop', [START, ...HI, events.ping(), ...END]],
  [
    'a stop reason that is told twice',
    [START, ...HI, events.messageDelta('end_turn', { output_tokens: 1 }), ...END],
  ],
  [
    'pings and strangers anywhere',
    [events.ping(), START, events.unknown('New', { a: [1] }), ...HI, events.ping(), ...END, events.ping()],
  ],
  [
    'a failure',
    [START, events.textStart(0), events.blockAbort(0, 'No'), events.error('overloaded_error', 'No')],
  ],
  ['a failure at once', [events.error('api_error', 'No')]],
  ['messages in a row', [START, ...HI, ...END, events.error('x', 'No'), START, ...HI, ...END]],
  ['no stop reason', [START, ...HI, events.messageDelta(null), events.messageStop()]],
  ['max_tokens', [START, ...HI, events.messageDelta('max_tokens'), events.messageStop()]],
  ['stop_sequence', [START, ...HI, events.messageDelta('stop_sequence'), events.messageStop()]],
  ['tool_use', [START, ...HI, events.messageDelta('tool_use'), events.messageStop()]],
];

describe('what the crate has a place for', () => {
  it.each(CARRIED)('arrives as it was: %s', (_what, sequence) => {
    expect(arrived(sequence)).toEqual(sequence);
  });

  it.each(CARRIED)('is written in events of the crate: %s', (_what, sequence) => {
    for (const line of written(sequence)) {
      const isStrange = Object.keys(line as object).includes('New');
      expect([line, workerEventSchema.safeParse(line).success || isStrange]).toEqual([line, true]);
    }
  });
});

describe('a stop', () => {
  it('waits for the next event, and tells the stop reason if that is one', () => {
    const encoder = llmWorker.encoder();
    for (const event of [START, ...HI.slice(0, 2)]) encoder.next(event);
    expect(encoder.next(events.blockStop(0))).toEqual([]);
    expect(
      encoder.next(events.messageDelta('end_turn')).map(({ data }): unknown => JSON.parse(data)),
    ).toEqual([worker.textBlockStop(0, 'EndTurn'), NO_TOKENS]);
  });

  it('goes before whatever else comes next, and is not lost at the end', () => {
    expect(written([START, ...HI, events.ping()]).slice(-2)).toEqual([
      worker.textBlockStop(0),
      worker.ping(),
    ]);
    expect(written([START, ...HI])).toEqual([
      STARTED,
      worker.textBlockStart(0),
      worker.textDelta(0, 'Hi'),
      worker.textBlockStop(0),
    ]);
  });

  it('of no block tells a stop reason that comes without one', () => {
    expect(written([START, ...HI, events.ping(), ...END]).slice(-3)).toEqual([
      worker.textBlockStop(1, 'EndTurn'),
      NO_TOKENS,
      COMPLETED,
    ]);
  });
});

describe('a stop reason', () => {
  it('that is told twice is written once', () => {
    expect(written([START, ...HI, ...END.slice(0, 1), ...END]).slice(-4)).toEqual([
      worker.textBlockStop(0, 'EndTurn'),
      NO_TOKENS,
      NO_TOKENS,
      COMPLETED,
    ]);
  });
});

describe('the whole of an answer', () => {
  it('is written as the crate would', () => {
    expect(
      written([
        events.messageStart({ id: 'msg_1', model: 'claude', usage: { input_tokens: 25, output_tokens: 1 } }),
        events.thinkingStart(0),
        events.thinkingDelta(0, 'Hm'),
        events.signatureDelta(0, 'c2ln'),
        events.blockStop(0),
        events.toolUseStart(1, 'a', 'f'),
        events.inputJsonDelta(1, '{}'),
        events.blockStop(1),
        events.messageDelta('tool_use', { output_tokens: 71 }),
        events.messageStop(),
      ]),
    ).toEqual([
      worker.usage(25, 1),
      STARTED,
      worker.thinkingBlockStart(0),
      worker.thinkingDelta(0, 'Hm'),
      worker.thinkingBlockStop(0, { signature: 'c2ln' }),
      worker.toolUseStart(1, 'a', 'f'),
      worker.toolInputDelta(1, '{}'),
      worker.toolUseStop(1),
      {
        Usage: {
          input_tokens: null,
          output_tokens: 71,
          // The total is that of all numbers so far.
          total_tokens: 96,
          cache_read_input_tokens: null,
          cache_creation_input_tokens: null,
        },
      },
      COMPLETED,
    ]);
  });

  it('that failed has one terminal status', () => {
    expect(written([START, events.error('overloaded_error', 'Overloaded', 'req_1')])).toEqual([
      STARTED,
      worker.error('overloaded_error', 'Overloaded'),
      worker.status('Failed'),
    ]);
  });

  it('that was cancelled says so', () => {
    const sequence = [
      START,
      events.textStart(0),
      events.blockAbort(0, 'Stop'),
      events.messageDelta('cancelled' as 'end_turn'),
      events.messageStop(),
    ];
    expect(written(sequence)).toEqual([
      STARTED,
      worker.textBlockStart(0),
      worker.blockAbort(0, 'Text', 'Stop'),
      NO_TOKENS,
      worker.status('Cancelled'),
    ]);
    // The usage comes before the status tells what it was.
    expect(arrived(sequence)).toEqual([
      ...sequence.slice(0, 3),
      events.messageDelta(null),
      ...sequence.slice(3),
    ]);
  });

  it('that ended inside a block gives that one up', () => {
    expect(written([START, events.textStart(0), ...END]).slice(-2)).toEqual([
      worker.blockAbort(0, 'Text', 'The message ended inside this block'),
      COMPLETED,
    ]);
  });

  it('that was cut off has no end', () => {
    expect(written([START, events.textStart(0)])).toEqual([STARTED, worker.textBlockStart(0)]);
  });

  it('may come with its start', () => {
    const content = [
      { type: 'text', text: 'Hi', citations: null },
      { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
    ] satisfies AnyContentBlock[];
    expect(arrived([events.messageStart({ content }), ...END])).toEqual([
      START,
      ...HI,
      events.toolUseStart(1, 'a', 'f'),
      events.inputJsonDelta(1, '{"a":1}'),
      events.blockStop(1),
      ...END,
    ]);
  });

  it('has the input of the pieces, where a call comes with one and with pieces', () => {
    const call = [events.inputJsonDelta(0, '{"a":2}'), events.blockStop(0)];
    expect(arrived([START, events.toolUseStart(0, 'a', 'f', { a: 1 }), ...call])).toEqual([
      START,
      events.toolUseStart(0, 'a', 'f'),
      ...call,
    ]);
  });

  it('starts once, also where a gateway repeats its start', () => {
    expect(arrived([START, START, ...HI, ...END])).toEqual([START, ...HI, ...END]);
  });
});

describe('a repeated attempt', () => {
  it('is a second start, after what is open was given up', () => {
    const sequence = [START, events.textStart(0), events.reset(7, new Error('Gone')), START, ...HI, ...END];
    expect(written(sequence).slice(0, 5)).toEqual([
      STARTED,
      worker.textBlockStart(0),
      worker.blockAbort(0, 'Text', 'Gone'),
      STARTED,
      STARTED,
    ]);
    expect(arrived(sequence)).toEqual([
      START,
      events.textStart(0),
      events.blockAbort(0, 'Gone'),
      expect.objectContaining({ type: 'reset', attempt: 2 }),
      START,
      ...HI,
      ...END,
    ]);
  });

  it('keeps the usage of its start apart', () => {
    const again = events.messageStart({ usage: { input_tokens: 9 } });
    expect(arrived([START, events.reset(2, null), again])).toEqual([
      START,
      expect.objectContaining({ type: 'reset' }),
      again,
    ]);
  });

  it('of nothing is none', () => {
    expect(written([events.reset(2, null), START])).toEqual([STARTED]);
  });
});

describe('what the crate has no place for', () => {
  it('is left out: a block and all of it', () => {
    const blocks: AnyContentBlock[] = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {}, caller: { type: 'direct' } },
      { type: 'mcp_tool_use', id: 'm', name: 'search', server_name: 'web', input: {} },
      { type: 'container_upload', file_id: 'file_1' },
      { type: 'hologram' } as unknown as AnyContentBlock,
    ];
    const others = blocks.flatMap((block, index) => [
      events.blockStart(index, block),
      events.inputJsonDelta(index, '{}'),
      index % 2 === 0 ? events.blockStop(index) : events.blockAbort(index, 'No'),
    ]);
    const text = [events.textStart(4), events.textDelta(4, 'Hi'), events.blockStop(4)];
    expect(arrived([START, ...others, ...text, ...END])).toEqual([START, ...HI, ...END]);
  });

  it('is left out: what stands beside text, and a delta of another type', () => {
    const citation = {
      type: 'web_search_result_location',
      cited_text: 'Hi',
      encrypted_index: 'RW5j',
      title: null,
      url: 'https://example.com/',
    } as const;
    const [start, ...rest] = HI;
    const deltas = [
      events.citationsDelta(0, citation),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 's'),
    ];
    expect(arrived([START, ...(start ? [start] : []), ...deltas, ...rest, ...END])).toEqual([
      START,
      ...HI,
      ...END,
    ]);
  });

  it('becomes text: a result that is a value', () => {
    const call = [events.toolUseStart(0, 'a', 'f'), events.blockStop(0)];
    expect(arrived([START, ...call, events.toolResult('a', { celsius: 15 }, true)]).at(-1)).toEqual(
      events.toolResult('a', '{"celsius":15}'),
    );
  });

  it('becomes thinking without text: redacted thinking, its data beside its stop', () => {
    const redacted = [events.redactedThinkingStart(0, 'c2VjcmV0'), events.blockStop(0)];
    expect(written([START, ...redacted]).at(-1)).toEqual(
      worker.thinkingBlockStop(0, { encrypted_content: 'c2VjcmV0' }),
    );
    expect(arrived([START, ...redacted])).toEqual([START, events.thinkingStart(0), events.blockStop(0)]);
  });

  it('becomes null: another stop reason', () => {
    expect(arrived([START, ...HI, events.messageDelta('refusal'), events.messageStop()]).slice(-2)).toEqual([
      events.messageDelta(null),
      events.messageStop(),
    ]);
  });

  it('is deferred: a signature that comes long before the stop', () => {
    const sequence = [
      START,
      events.thinkingStart(0, 'Hm', 'old'),
      events.signatureDelta(0, 'c2ln'),
      events.ping(),
      events.blockStop(0),
    ];
    expect(arrived(sequence)).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.ping(),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
    ]);
  });
});

describe('an unknown event', () => {
  it('is written under its name', () => {
    expect(
      written([events.unknown('UnhandledSse', { data_len: 2 }), events.unknown('New', undefined)]),
    ).toEqual([{ UnhandledSse: { data_len: 2 } }, { New: null }]);
    expect(written([events.unknown('__proto__', 1)]).map((line) => JSON.stringify(line))).toEqual([
      '{"__proto__":1}',
    ]);
  });

  it('is left out where the crate knows something else by its name', () => {
    expect(written([events.unknown('Status', { status: 'Completed' }), events.unknown('Ping', 7)])).toEqual(
      [],
    );
  });

  it('is written where it is a block that the crate does not know', () => {
    const image = events.unknown('BlockStart', { index: 0, block_type: 'Image', metadata: 'Image' });
    expect(arrived([image])).toEqual([image]);
  });
});

describe('a stream that leaves things out', () => {
  it('is written all the same: no usage, no content, no input', () => {
    const bare = [
      { type: 'message_start', message: { id: 'a', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'f' } },
      events.blockStop(0),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      events.messageStop(),
    ] as StreamEvent[];
    expect(written(bare)).toEqual([
      STARTED,
      worker.toolUseStart(0, 'a', 'f'),
      worker.toolUseStop(0),
      COMPLETED,
    ]);
  });
});
