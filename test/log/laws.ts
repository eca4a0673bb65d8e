import fc from 'fast-check';
import { from, lastValueFrom, tap, type Observable, type Subscription } from 'rxjs';
import { isStreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import { fromLog } from '../../src/log/fromLog.js';
import { shareRun } from '../../src/log/shareRun.js';
import type { RunLog, RunWriter } from '../../src/log/runLog.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { runs } from '../seed.js';
import { watch } from './watch.js';

/** How a law makes a log, and what it may do with it. */
export interface Adapter {
  readonly name: string;
  /** A fresh log. */
  open(): Promise<RunLog>;
  /**
   * Settles once what was written has reached those who read.
   *
   * @param has - whether it has, where nothing else says so
   */
  settle(has: () => boolean): Promise<void>;
  /** Whether entries are trimmed: readers may then end with `gap`. */
  readonly trims?: boolean;
  /** How many runs are played where everything is. Default 200. */
  readonly runs?: number;
}

/** What is known to be true of the run. */
interface Model {
  /** All that stands: what each writer wrote, with its id. */
  readonly stands: { readonly id: string; readonly event: StreamEvent }[];
  epoch: number;
  isOver: boolean;
}

interface Real {
  readonly adapter: Adapter;
  readonly log: RunLog;
  readonly share: ReturnType<typeof shareRun>;
  writer: RunWriter | undefined;
  stale: RunWriter[];
  readers: Viewer[];
}

/** A reader of the run, over as many connections as it takes. */
export class Viewer {
  readonly seen: StreamEvent[] = [];
  error: unknown;
  isOver = false;
  /** Whether it asked before the run began. */
  readonly isEarly: boolean;
  #connection: Subscription | undefined;

  constructor(isEarly: boolean) {
    this.isEarly = isEarly;
  }

  get at(): string | undefined {
    const last = this.seen.at(-1);
    return last && idOf(last);
  }

  /** The ids that it has seen. Events that come together bear the id before them, except for the last. */
  get ids(): readonly (string | undefined)[] {
    return this.seen.map(idOf).filter((id, nth, all) => id !== '0-0' && id !== all[nth - 1]);
  }

  /** Whether it is connected. */
  get isOpen(): boolean {
    return this.#connection?.closed === false;
  }

  connect(events: Observable<StreamEvent>): void {
    this.#connection?.unsubscribe();
    this.#connection = events.subscribe({
      next: (event) => this.seen.push(event),
      error: (error: unknown) => (this.error = error),
      complete: () => (this.isOver = true),
    });
  }

  leave(): void {
    this.#connection?.unsubscribe();
  }
}

/** The message that events make, as far as they go. */
export async function messageOf(given: readonly StreamEvent[]): Promise<unknown> {
  let message: unknown;
  from(given)
    .pipe(
      tap(({ type }) => {
        if (type === 'reset') message = undefined;
      }),
      accumulateMessage(),
    )
    .subscribe({ next: (next) => (message = next), error: () => undefined });
  return message;
}

/** A reply, whose events are written one after the other, as far as they get. */
export const REPLY: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1' }),
  events.textStart(0),
  ...Array.from('The quick brown fox jumps', (letter) => events.textDelta(0, letter)),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'draw'),
  events.inputJsonDelta(1, '{"a":'),
  events.inputJsonDelta(1, '1}'),
  events.blockStop(1),
];

type Command = fc.AsyncCommand<Model, Real>;

const open: Command = {
  toString: () => 'open',
  check: ({ isOver }) => !isOver,
  async run(model, real) {
    if (real.writer) real.stale.push(real.writer);
    real.writer = await real.log.open('run');
    model.epoch = real.writer.epoch;
    if (model.epoch === 1) return;
    const reset = events.reset(model.epoch, 'Another producer took over');
    const id = await real.writer.append([reset]);
    model.stands.push({ id, event: reset });
    await checkReaders(model, real);
  },
};

const append = (count: number): Command => ({
  toString: () => `append(${count})`,
  check: ({ epoch, isOver }) => epoch > 0 && !isOver,
  async run(model, real) {
    const own = model.stands.filter(
      ({ id, event }) => id.startsWith(`${model.epoch}-`) && event.type !== 'reset',
    );
    const given = REPLY.slice(own.length, own.length + count);
    if (given.length === 0 || real.writer === undefined) return;
    const last = await real.writer.append(given);
    const seq = Number(last.split('-')[1]) - given.length + 1;
    given.forEach((event, nth) => model.stands.push({ id: `${model.epoch}-${seq + nth}`, event }));
    expect(seq).toBe(own.length + (model.epoch > 1 ? 1 : 0));
    await checkReaders(model, real);
  },
});

const staleWrites: Command = {
  toString: () => 'a stale writer writes',
  check: () => true,
  async run(model, real) {
    for (const writer of real.stale) {
      await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'protocol' });
      await expect(writer.seal('done')).rejects.toMatchObject({ code: 'protocol' });
    }
    await checkReaders(model, real);
  },
};

const seal: Command = {
  toString: () => 'seal',
  check: ({ epoch, isOver }) => epoch > 0 && !isOver,
  async run(model, real) {
    await real.writer?.seal('done');
    model.isOver = true;
    await expect(real.log.open('run')).rejects.toMatchObject({ code: 'protocol' });
    await checkReaders(model, real);
  },
};

const join = (how: 'all' | 'snapshot' | 'shared'): Command => ({
  toString: () => `join(${how})`,
  check: () => true,
  async run(model, real) {
    const viewer = new Viewer(model.epoch === 0);
    viewer.connect(
      how === 'shared' ? real.share('run') : fromLog(real.log, 'run', { snapshot: how === 'snapshot' }),
    );
    real.readers.push(viewer);
    await checkReaders(model, real);
  },
});

const reconnect = (nth: number): Command => ({
  toString: () => `reconnect(${nth})`,
  check: () => true,
  async run(model, real) {
    const viewer = real.readers[nth % Math.max(real.readers.length, 1)];
    if (viewer === undefined || viewer.error !== undefined || viewer.isOver) return;
    viewer.leave();
    viewer.connect(fromLog(real.log, 'run', { after: viewer.at }));
    await checkReaders(model, real);
  },
});

/** Law 1: a reader has what stands, once and in order, or an error that says why not. */
async function checkReaders(model: Model, { adapter, readers }: Real): Promise<void> {
  const last = model.stands.at(-1)?.id;
  // Who asked too early has to have heard so before the run begins: who joins a shared read hears what it hears.
  await adapter.settle(() =>
    readers.every(
      ({ error, at, isOver, isEarly }) =>
        error !== undefined || (!isEarly && at === last && isOver === model.isOver),
    ),
  );
  const written = await messageOf(model.stands.map(({ event }) => event));
  for (const { seen, error, isOver, at, isEarly, ids } of readers) {
    if (error !== undefined) {
      expect(isStreamError(error) && error.code).toBe(
        isEarly ? 'gone' : adapter.trims === true ? 'gap' : 'no error',
      );
      if (isEarly) expect(error).toMatchObject({ message: expect.stringMatching(/The run ".+"/) as unknown });
      continue;
    }
    expect(at).toBe(last);
    expect(await messageOf(seen)).toEqual(written);
    expect(new Set(ids).size).toBe(ids.length);
    expect(isOver).toBe(model.isOver);
  }
}

/** The laws of a log, for any adapter. */
export function lawsOf(adapter: Adapter): void {
  describe(`the laws of runs, on ${adapter.name}`, () => {
    it('each reader has what was written, or is told why not; a stale writer changes nothing', async () => {
      const commands = fc.commands(
        [
          fc.constant(open),
          fc.integer({ min: 1, max: 9 }).map(append),
          fc.integer({ min: 1, max: 3 }).map(append),
          fc.constant(staleWrites),
          fc.constant(seal),
          fc.constantFrom('all', 'snapshot', 'shared').map(join),
          fc.nat({ max: 9 }).map(reconnect),
          fc.nat({ max: 9 }).map(reconnect),
        ],
        { size: '+1' },
      );
      await fc.assert(
        fc.asyncProperty(commands, async (cases) => {
          const log = await adapter.open();
          const real: Real = {
            adapter,
            log,
            share: shareRun(log),
            writer: undefined,
            stale: [],
            readers: [],
          };
          try {
            await fc.asyncModelRun(() => ({ model: { stands: [], epoch: 0, isOver: false }, real }), cases);
          } finally {
            for (const reader of real.readers) reader.leave();
          }
        }),
        { numRuns: runs(adapter.runs ?? 200) },
      );
    });

    it.each(['goes on', 'is over'])('an id of the future is a gap, of a run that %s', async (how) => {
      const log = await adapter.open();
      const writer = await log.open('run');
      await writer.append([events.ping()]);
      if (how === 'is over') await writer.seal('done');
      for (const id of ['1-9', '2-0', '9-9'] as const) {
        const reader = watch(log.read('run', id));
        await adapter.settle(() => reader.error !== undefined);
        expect(reader.error).toMatchObject({ code: 'gap', retryable: false });
        expect(reader.values).toEqual([]);
        reader.leave();
      }
    });

    it.each(['before', 'while', 'after'])('asked to stop %s the run, it has one outcome', async (when) => {
      const log = await adapter.open();
      if (when === 'before') await log.ask('run', { stop: true });
      const writer = await log.open('run');
      const asked: unknown[] = [];
      const asks = writer.asks.subscribe((ask) => asked.push(ask));
      if (when === 'while') await log.ask('run', { stop: true });
      await adapter.settle(() => when === 'after' || asked.length > 0);
      expect(asked).toEqual(when === 'after' ? [] : [{ stop: true }]);
      await writer.seal(when === 'after' ? 'done' : 'stopped');
      await log.ask('run', { stop: true });
      asks.unsubscribe();
      const last = await lastValueFrom(log.read('run'));
      expect(last.outcome).toBe(when === 'after' ? 'done' : 'stopped');
    });
  });
}
