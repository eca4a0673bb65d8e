import { inspect } from 'node:util';
import { growingInput } from '../../../src/fold/calls/inputReader.js';
import { GrowingReply } from '../../../src/fold/message/growingReply.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { cpuTime } from '../../cpuTime.js';

const MANY = 200;

function citing(at: number): StreamEvent {
  return events.blockDelta(0, { type: 'citations_delta', citation: { type: 'line', at } } as never);
}

function unknown(at: number): StreamEvent {
  return events.blockDelta(0, { type: 'hologram_delta', at } as never);
}

function begun(): GrowingReply {
  return new GrowingReply(growingInput).add(events.messageStart()).add(events.textStart(0));
}

function citationsIn(block: AnyContentBlock | undefined): readonly unknown[] {
  return block?.type === 'text' ? (block.citations ?? []) : [];
}

const upTo = (end: number): unknown[] =>
  Array.from({ length: end }, (_, at) => expect.objectContaining({ at }) as unknown);

describe('a list that grows inside a block', () => {
  it('is at each moment as it was then, however late it is read', () => {
    const reply = begun();
    const shown = Array.from({ length: MANY }, (_, at) => {
      const { message, blocks } = reply.add(citing(at)).add(unknown(at));
      return { cited: message?.content[0], block: blocks[0] };
    });
    for (const [at, { cited, block }] of shown.entries()) {
      expect(citationsIn(cited)).toEqual(upTo(at + 1));
      expect(citationsIn(block)).toEqual(upTo(at + 1));
      expect(block?.unknownDeltas).toEqual(upTo(at + 1));
    }
  });

  it('is the same array for as long as nothing is added', () => {
    const reply = begun();
    for (let at = 0; at < MANY; at++) reply.add(citing(at));
    const before = reply.message?.content[0];
    const after = reply.add(events.textDelta(0, 'la')).message?.content[0];
    expect(after).not.toBe(before);
    expect(citationsIn(after)).toBe(citationsIn(before));
    expect(citationsIn(reply.blocks[0])).toBe(citationsIn(before));
  });

  it('is plain: it can be cloned, and its members are own', () => {
    const reply = begun();
    for (let at = 0; at < MANY; at++) reply.add(citing(at)).add(unknown(at));
    const [block] = reply.add(events.blockStop(0)).blocks;
    expect(structuredClone(block)).toEqual(block);
    expect(Object.keys(block ?? {})).toEqual(expect.arrayContaining(['citations', 'unknownDeltas']));
    expect(JSON.parse(JSON.stringify(block))).toMatchObject({
      citations: upTo(MANY),
      unknownDeltas: upTo(MANY),
    });
  });

  it('takes 40,000 items within two seconds, shown at each', () => {
    const reply = begun();
    let shown = 0;
    const time = cpuTime(() => {
      for (let at = 0; at < 40_000; at++) {
        const { message, blocks } = reply.add(at % 2 === 0 ? citing(at) : unknown(at));
        shown += (message?.content.length ?? 0) + blocks.length;
      }
    });
    expect(shown).toBe(80_000);
    expect(time).toBeLessThan(2_000);
  });
});

describe('an input in which a wide container is open', () => {
  const calling = (): GrowingReply =>
    new GrowingReply(growingInput)
      .add(events.messageStart())
      .add(events.toolUseStart(0, 'toolu_1', 'add_all'))
      .add(events.inputJsonDelta(0, '{"items":[0'));
  const inputOf = (block: object | undefined): unknown => Reflect.get(block ?? {}, 'input');

  it('is made when somebody looks, and is as it was then, however late that is', () => {
    const reply = calling();
    const shown = Array.from({ length: MANY }, (_, at) => {
      const { message, blocks } = reply.add(events.inputJsonDelta(0, `,${at + 1}`));
      return { content: message?.content[0], block: blocks[0] };
    });
    for (const [at, { content, block }] of [...shown.entries()].reverse()) {
      const isWide = Object.getOwnPropertyDescriptor(content, 'input')?.get !== undefined;
      if (at < 60 || at > 70) expect(isWide).toBe(at > 64);
      // The last number may go on.
      const items = Array.from({ length: at + 1 }, (__, item) => item);
      expect(inputOf(content)).toEqual({ items });
      expect(inputOf(block)).toBe(inputOf(content));
      expect(structuredClone(content)).toEqual(content);
    }
  });

  it('is one class of object for all of them, which is plain', () => {
    const items = Array.from({ length: MANY }, (_, item) => item);
    const reply = calling().add(events.inputJsonDelta(0, `,${items.slice(1).join()},`));
    const { message, blocks } = reply;
    const shown = { ...calling().message?.content[0], input: { items } };
    const [content, block] = [message?.content[0], blocks[0]];
    expect(inspect(content, { sorted: true })).toBe(inspect(shown, { sorted: true }));
    for (const copied of [{ ...content }, structuredClone(content), content])
      expect(copied).toStrictEqual(shown);
    expect(JSON.parse(JSON.stringify(content))).toStrictEqual(shown);
    expect({ ...block }).toStrictEqual({ ...shown, index: 0, status: 'streaming' });
    const wrapped = new Proxy(content as object, {
      get: (target, key, me): unknown => Reflect.get(target, key, me),
    });
    expect(inputOf(wrapped)).toEqual({ items });
    const [later] = reply.add(events.inputJsonDelta(0, '7,')).message?.content ?? [];
    const getterOf = (of: object | undefined): unknown => Object.getOwnPropertyDescriptor(of, 'input')?.get;
    expect(getterOf(later)).toBe(getterOf(content));
  });

  it('leaves the block as it is for as long as nothing is added, and is data once it is whole', () => {
    const reply = calling();
    for (let at = 1; at < MANY; at++) reply.add(events.inputJsonDelta(0, `,${at}`));
    const before = reply.message;
    expect(reply.add(events.inputJsonDelta(0, '0')).message).toBe(before);
    const [block] = reply.add(events.inputJsonDelta(0, ']}')).add(events.blockStop(0)).blocks;
    expect(Object.getOwnPropertyDescriptor(block, 'input')).toMatchObject({ writable: true });
    expect(inputOf(block)).toMatchObject({ items: { length: MANY } });
  });
});
