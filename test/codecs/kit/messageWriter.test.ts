import fc from 'fast-check';
import type { Facts } from '../../../src/codecs/kit/facts.js';
import { MessageWriter } from '../../../src/codecs/kit/messageWriter.js';
import { isSameJson } from '../../../src/codecs/kit/sameJson.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { flaws } from '../conformance/wellFormed.js';
import { runs } from '../../seed.js';

/** What a writer wrote. */
function writtenBy(write: (writer: MessageWriter) => void): readonly StreamEvent[] {
  const writer = new MessageWriter();
  write(writer);
  return writer.take();
}

function call(id: string, name = 'search', members = {}) {
  return { ...events.toolUseStart(0, id, name).content_block, ...members };
}

const start = events.messageStart();

describe('a message writer', () => {
  it('begins a message and its blocks, and stops them before it says why it ends', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('thinking', 'hm');
        writer.flow('text', 'Hel');
        writer.flow('text', 'lo');
        writer.start('a', call('toolu_1'));
        writer.flow('text', '!');
        writer.learn({ stop: 'tool_use' });
        writer.conclude();
      }),
    ).toEqual([
      start,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'hm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hel'),
      events.textDelta(1, 'lo'),
      events.blockStop(1),
      events.toolUseStart(2, 'toolu_1', 'search'),
      events.textStart(3),
      events.textDelta(3, '!'),
      events.blockStop(2),
      events.blockStop(3),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ]);
  });

  it('writes whole blocks of unknown types, members of a provider, and deltas besides the text', () => {
    const citation = { type: 'url_citation', url: 'https://example.com/' } as never;
    const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
    const signed = call('toolu_1', 'search', { signature: 'c2ln' });
    expect(
      writtenBy((writer) => {
        writer.start('image', image);
        writer.stop('image');
        writer.start('signed', { type: 'text', text: 'Hi', citations: null, signature: 'c2ln' });
        writer.grow('signed', { type: 'citations_delta', citation });
        writer.settle('signed', 'Hi!');
        writer.start('call', signed);
        writer.settle('call', '');
      }),
    ).toEqual([
      start,
      events.blockStart(0, image as never),
      events.blockStop(0),
      events.blockStart(1, { type: 'text', text: 'Hi', citations: null, signature: 'c2ln' } as never),
      events.citationsDelta(1, citation),
      events.textDelta(1, '!'),
      events.blockStop(1),
      events.blockStart(2, signed),
      events.blockStop(2),
    ]);
  });

  it('gives what is open up before an error, and begins at index 0 again', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('text', 'a');
        writer.fail(events.error('api_error', 'No'));
        writer.flow('text', 'b');
      }),
    ).toEqual([
      start,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.blockAbort(0, 'No'),
      events.error('api_error', 'No'),
      start,
      events.textStart(0),
      events.textDelta(0, 'b'),
    ]);
  });

  it('knows how the last message ended', () => {
    const writer = new MessageWriter();
    expect(writer.ended).toBeUndefined();
    writer.conclude();
    expect(writer.ended).toBe('well');
    writer.fail(events.error('api_error', 'No'));
    expect(writer.ended).toBe('badly');
    writer.begin();
    expect(writer.ended).toBeUndefined();
  });
});

describe('what a message writer learns', () => {
  it('stands in the start where it is known by then, and at the end where it is not', () => {
    expect(
      writtenBy((writer) => {
        writer.learn({ id: '', model: 'm', usage: { input_tokens: 3, output_tokens: null }, route: 'a' });
        writer.begin();
        writer.learn({ id: 'msg_1', model: 'm', stop: 'stop_sequence', stop_sequence: '.' });
        writer.learn({ id: 'msg_2', route: 'b', usage: { output_tokens: 7 }, stop: null });
        writer.conclude();
      }),
    ).toEqual([
      events.messageStart({ model: 'm', usage: { input_tokens: 3 }, route: 'a' } as object),
      {
        ...events.messageDelta('stop_sequence', { output_tokens: 7, stop_sequence: '.' }),
        id: 'msg_1',
        route: 'b',
      },
      events.messageStop(),
    ]);
  });

  it('is said once: by a report, then by the end only where there is more', () => {
    const report = (more: Facts): readonly StreamEvent[] =>
      writtenBy((writer) => {
        writer.begin();
        writer.learn({ stop: 'end_turn', usage: { input_tokens: 1, output_tokens: 2 } });
        writer.report();
        writer.learn(more);
        writer.conclude();
      }).slice(1, -1);
    const first = events.messageDelta('end_turn', { input_tokens: 1, output_tokens: 2 });
    expect(report({ stop: 'end_turn' })).toEqual([first]);
    expect(report({ stop: 'max_tokens' })).toEqual([
      first,
      events.messageDelta('max_tokens', { output_tokens: 2 }),
    ]);
  });

  it('of usage comes before an error', () => {
    const written = writtenBy((writer) => {
      writer.begin();
      writer.learn({ usage: { output_tokens: 2 } });
      writer.fail(events.error('api_error', 'No'));
    });
    expect(written.slice(1)).toEqual([
      events.messageDelta(null, { output_tokens: 2 }),
      events.error('api_error', 'No'),
    ]);
  });

  it('writes to no prototype', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1}}') as Record<string, unknown>;
    const [, last] = writtenBy((writer) => {
      writer.begin();
      writer.learn(hostile);
      writer.learn({ usage: hostile });
      writer.conclude();
    });
    expect(last).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a final value', () => {
  it('adds what a whole text has more, and nothing where it is the same', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('text', 'Hel');
        writer.settleText('Hello');
        writer.settleText('Hello');
      }).slice(2),
    ).toEqual([events.textDelta(0, 'Hel'), events.textDelta(0, 'lo')]);
  });

  it('that contradicts the text has the message written anew, with all that stood between', () => {
    const written = writtenBy((writer) => {
      writer.flow('text', 'Halo');
      writer.result('toolu_0', 42);
      writer.flow('text', '!');
      writer.settleText('Hello!');
      writer.flow('text', '?');
    });
    const cause = new StreamError('protocol', 'The whole text is not what was streamed');
    expect(written.slice(6)).toEqual([
      events.textDelta(1, '!'),
      events.reset(2, cause),
      start,
      events.textStart(0),
      events.textDelta(0, 'Hello!'),
      events.blockStop(0),
      events.toolResult('toolu_0', 42),
      events.textStart(1),
      events.textDelta(1, '?'),
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['reads as the same', '{ "q": 1 }', ['content_block_stop']],
    [
      'contradicts it',
      '{"q":2}',
      ['reset', 'message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
    ],
  ])('of an input %s', (_what, json, types) => {
    const written = writtenBy((writer) => {
      writer.start('a', call('toolu_1'));
      writer.grow('a', '{"q":');
      writer.grow('a', '1}');
      writer.settle('a', json);
    });
    expect(written.slice(4).map(({ type }) => type)).toEqual(types);
  });

  it('is compared with the input that the call began with', () => {
    const whole = { ...call('toolu_1'), input: { q: 1 } };
    expect(
      writtenBy((writer) => {
        writer.start('a', whole);
        writer.settle('a', '{"q":1}');
      }).slice(2),
    ).toEqual([events.blockStop(0)]);
  });

  it('that contradicts soon after another is put right by the end at the latest, and is never complete before', () => {
    const writer = new MessageWriter();
    const read = (write: () => void): readonly StreamEvent[] => {
      writer.at({ data: 'x'.repeat(10) });
      write();
      return writer.take();
    };
    const contradicted = (id: string): readonly StreamEvent[] =>
      read(() => {
        writer.start(id, call(id));
        writer.grow(id, '{"q":1}');
        writer.settle(id, `{"q":2}`);
      });
    expect(contradicted('a').map(({ type }) => type)).toContain('reset');
    // As many bytes came since as before.
    expect(contradicted('b').map(({ type }) => type)).toContain('reset');
    expect(contradicted('c')).toEqual([
      events.toolUseStart(2, 'c', 'search'),
      events.inputJsonDelta(2, '{"q":1}'),
    ]);
    const end = read(() => {
      writer.conclude();
    });
    expect(end.map(({ type }) => type).filter((type) => type === 'content_block_stop')).toHaveLength(3);
    expect(end.filter((event) => event.type === 'content_block_delta')).toEqual(
      [0, 1, 2].map((index) => events.inputJsonDelta(index, '{"q":2}')),
    );
  });

  it('that contradicts each time makes output in proportion to the input', () => {
    const size = (calls: number): number => {
      const writer = new MessageWriter();
      let written = 0;
      for (let at = 0; at < calls; at++) {
        writer.at({ data: '{"a":1}' });
        writer.start(`${at}`, call(`${at}`));
        writer.grow(`${at}`, '{"a":1}');
        writer.settle(`${at}`, '{"a":2}');
        written += writer.take().length;
      }
      writer.conclude();
      return written + writer.take().length;
    };
    expect(size(4000) / size(1000)).toBeLessThan(6);
    expect(size(1000)).toBeLessThan(1000 * 20);
  });
});

describe('a message writer refuses what contradicts itself', () => {
  it.each<[string, (writer: MessageWriter) => void]>([
    [
      'a block that grows without having begun',
      (writer) => {
        writer.grow('a', 'x');
      },
    ],
    [
      'a stop of no block',
      (writer) => {
        writer.stop('a');
      },
    ],
    [
      'the whole of no block',
      (writer) => {
        writer.settle('a', '{}');
      },
    ],
    [
      'a block that begins twice',
      (writer) => {
        writer.start('a', 'text');
        writer.start('a', 'text');
      },
    ],
    [
      'a piece of a block that does not grow',
      (writer) => {
        writer.start('a', { type: 'image' });
        writer.grow('a', 'x');
      },
    ],
  ])('%s', (_what, write) => {
    const given = (writer: MessageWriter): void => {
      writer.at({ data: 'the frame' });
      write(writer);
    };
    expect(() => writtenBy(given)).toThrow(
      expect.objectContaining({ code: 'protocol', raw: 'the frame' }) as StreamError,
    );
  });
});

/** One call of a method, with a key that is often the same. */
const key = fc.constantFrom('a', 'b', 'c');
const piece = fc.constantFrom('', '{', '{"a":1}', 'Hi', '{}');
const kind = fc.constantFrom('text' as const, 'thinking' as const);
const block = fc.constantFrom<Parameters<MessageWriter['start']>[1]>(
  'text',
  'thinking',
  call('toolu_1'),
  call('toolu_2', 'f', { input: { a: 1 } }),
  { type: 'hologram', depth: 3 },
  { type: 'text', text: 'Hi', citations: null },
);
const step: fc.Arbitrary<(writer: MessageWriter) => void> = fc.oneof(
  fc.tuple(key, block).map(([at, of]) => (writer: MessageWriter) => {
    writer.start(at, of);
  }),
  fc.tuple(key, piece).map(([at, text]) => (writer: MessageWriter) => {
    writer.grow(at, text);
  }),
  fc.tuple(kind, piece).map(([of, text]) => (writer: MessageWriter) => {
    writer.flow(of, text);
  }),
  fc.tuple(key, piece).map(([at, text]) => (writer: MessageWriter) => {
    writer.settle(at, text);
  }),
  piece.map((text) => (writer: MessageWriter) => {
    writer.settleText(text);
  }),
  key.map((at) => (writer: MessageWriter) => {
    writer.stop(at);
  }),
  key.map((at) => (writer: MessageWriter) => {
    writer.abort(at, 'Why');
  }),
  fc.constantFrom<(writer: MessageWriter) => void>(
    (writer) => {
      writer.learn({ id: 'msg', stop: 'end_turn', usage: { output_tokens: 1 } });
    },
    (writer) => {
      writer.report();
    },
    (writer) => {
      writer.conclude();
    },
    (writer) => {
      writer.fail(events.error('api_error', 'No'));
    },
    (writer) => {
      writer.repeat('Again');
    },
    (writer) => {
      writer.abortAll('All');
    },
  ),
);

describe('any sequence of calls', () => {
  it('gives a well-formed stream, whatever of it is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), step), { maxLength: 30 }), (steps) => {
        const writer = new MessageWriter();
        const written = steps.flatMap(([size, write]) => {
          writer.at({ data: 'x'.repeat(size) });
          try {
            write(writer);
          } catch (error) {
            if (!(error instanceof StreamError)) throw error;
          }
          return writer.take();
        });
        // A reset before the first message, or with none at hand, is a matter of the codec.
        const found = flaws(written).filter((flaw) => !flaw.endsWith('reset: no message has begun'));
        expect(found).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('takes time in proportion to what it writes', () => {
    const written = writtenBy((writer) => {
      for (let at = 0; at < 50_000; at++) {
        writer.start(`${at}`, 'text');
        writer.grow(`${at}`, 'a');
        writer.stop(`${at}`);
      }
    });
    expect(written).toHaveLength(150_001);
  });
});

describe('the same JSON', () => {
  it.each([
    ['{"a":1,"b":[2]}', '{ "b": [2], "a": 1.0 }', true],
    ['', '{}', true],
    ['[1]', '{"0":1}', false],
    ['{"a":1}', '{"b":1}', false],
    ['{"__proto__":1}', '{"__proto__":1 }', true],
    ['null', '{}', false],
    ['{', '{}', false],
    ['{', '{', true],
  ])('is asked of %s and %s', (a, b, same) => {
    expect(isSameJson(a, b)).toBe(same);
    expect(isSameJson(b, a)).toBe(same);
  });
});

describe('a block that may have lost a piece', () => {
  const LOST = 'A piece is missing';

  it('is given up where it ends, and so is one that begins without being told to', () => {
    const writer = new MessageWriter();
    writer.start('a', 'text');
    writer.lose(LOST);
    writer.stop('a');
    writer.flow('text', 'x');
    writer.start('b', 'text');
    writer.stop('b');
    writer.conclude();
    expect(writer.take()).toEqual([
      events.messageStart(),
      events.textStart(0),
      events.blockAbort(0, LOST),
      events.textStart(1),
      events.textDelta(1, 'x'),
      events.blockAbort(1, LOST),
      events.textStart(2),
      events.blockStop(2),
      events.messageDelta(null),
      events.messageStop(),
    ]);
  });

  it('is whole where its whole value came, until the next loss', () => {
    const writer = new MessageWriter();
    writer.flow('text', 'He');
    writer.lose(LOST);
    writer.settleText('Hello');
    expect(writer.take().at(-1)).toEqual(events.textDelta(0, 'llo'));
    writer.lose(LOST);
    writer.stopFlow();
    expect(writer.take()).toEqual([events.blockAbort(0, LOST)]);
  });

  it('is no concern of the next message', () => {
    const writer = new MessageWriter();
    writer.begin();
    writer.lose(LOST);
    writer.conclude();
    writer.take();
    writer.flow('text', 'x');
    writer.stopFlow();
    expect(writer.take().at(-1)).toEqual(events.blockStop(0));
  });
});

describe('what came after a place that a writer goes back to', () => {
  it('is dropped, and what stood before it is written anew', () => {
    const writer = new MessageWriter();
    writer.begin({ id: 'msg_1', model: 'm' });
    writer.start('a', 'text');
    writer.grow('a', 'Hello');
    writer.stop('a');
    writer.tell(events.toolApproval('toolu_1', 'requested'));
    const { place } = writer;
    writer.start('b', call('toolu_2'));
    writer.flow('text', 'Hel');
    writer.result('toolu_2', 'no');
    writer.take();
    writer.rewind(place, 'Again');
    const anew = [
      events.messageStart({ id: 'msg_1', model: 'm' }),
      events.textStart(0),
      events.textDelta(0, 'Hello'),
      events.blockStop(0),
      events.toolApproval('toolu_1', 'requested'),
    ];
    expect(writer.take()).toEqual([events.reset(2, new StreamError('protocol', 'Again')), ...anew]);
    writer.start('b', 'text');
    writer.stop('b');
    expect(writer.take()).toEqual([events.textStart(1), events.blockStop(1)]);
  });

  it('is nothing where no message has begun', () => {
    expect(writtenBy((writer) => writer.rewind(0, 'Again'))).toEqual([]);
  });
});
