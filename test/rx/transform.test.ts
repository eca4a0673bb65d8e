import { finalize, from, map, Observable, of, range, retry, Subject, take, toArray } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import { transform, transformWith, type Step } from '../../src/rx/transform.js';

const twice = transform<number, string>((value, emit) => {
  emit(`${value}a`);
  emit(`${value}b`);
});

describe('transform', () => {
  it('emits what each step emits, in order', () => {
    const seen: string[] = [];
    of(1, 2)
      .pipe(twice)
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual(['1a', '1b', '2a', '2b']);
  });

  it('draws no more of a synchronous source than is taken', () => {
    let drawn = 0;
    const source = range(100_000).pipe(map((value) => (drawn++, value)));
    source.pipe(twice, take(5), toArray()).subscribe((values) => expect(values).toHaveLength(5));
    expect(drawn).toBe(3);
  });

  it('sees a subscriber that leaves between two values of a synchronous source', () => {
    let drawn = 0;
    const leave = new Subject<void>();
    const source = new Observable<number>((subscriber) => {
      for (let value = 0; value < 100 && !subscriber.closed; value++) {
        drawn++;
        if (value === 3) leave.next();
        subscriber.next(value);
      }
    });
    const subscription = source.pipe(transform<number, number>(() => undefined)).subscribe();
    expect(drawn).toBe(100);
    subscription.unsubscribe();
    drawn = 0;
    const outer = new Observable<number>((subscriber) => {
      subscriber.add(leave.subscribe(() => subscriber.unsubscribe()));
      source.pipe(transform<number, number>(() => undefined)).subscribe(subscriber);
    });
    outer.subscribe();
    expect(drawn).toBe(4);
  });

  it('keeps a value that comes during delivery, and the end behind it, waiting', () => {
    const source = new Subject<number>();
    const seen: string[] = [];
    source.pipe(twice).subscribe({
      next(value) {
        seen.push(value);
        if (value !== '1a') return;
        source.next(2);
        source.complete();
      },
      complete: () => seen.push('end'),
    });
    source.next(1);
    expect(seen).toEqual(['1a', '1b', '2a', '2b', 'end']);
  });

  it('keeps an error that comes during delivery waiting', () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source.pipe(twice).subscribe({
      next(value) {
        seen.push(value);
        if (value === '1a') source.error('late');
      },
      error: (error) => seen.push(error),
    });
    source.next(1);
    expect(seen).toEqual(['1a', '1b', 'late']);
  });

  it('raises what a step throws, after what it had emitted, and leaves the source', () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const failing = transform<number, number>((value, emit) => {
      emit(value);
      throw new Error('no');
    });
    source.pipe(failing).subscribe({ next: (value) => seen.push(value), error: (error) => seen.push(error) });
    source.next(1);
    expect(seen).toMatchObject([1, { code: 'source', cause: new Error('no') }]);
    expect(source.observed).toBe(false);
  });

  it('leaves the source at once, and emits no more, when it is left in the middle of a step', () => {
    const source = new Subject<number>();
    const seen: string[] = [];
    const subscription = source.pipe(twice).subscribe((value) => {
      seen.push(value);
      subscription.unsubscribe();
    });
    source.next(1);
    expect(seen).toEqual(['1a']);
    expect(source.observed).toBe(false);
  });

  it('is subscribed to again as often as one likes', () => {
    const seen: string[] = [];
    let attempts = 0;
    const source = new Observable<number>((subscriber) => {
      subscriber.next(attempts++);
      if (attempts < 3) subscriber.error('again');
      else subscriber.complete();
    });
    source.pipe(twice, retry(2)).subscribe((value) => seen.push(value));
    expect(seen).toEqual(['0a', '0b', '1a', '1b', '2a', '2b']);
    from([7])
      .pipe(twice)
      .subscribe((value) => seen.push(value));
    expect(seen).toHaveLength(8);
  });
});

describe('the ending of a transform', () => {
  const NO = new StreamError('timeout', 'no', { kind: 'total', timeoutMs: 1 });

  /** Notes all that a subscriber gets, and whether the source was observed then. */
  function watch<T>(source: Subject<number>, pipeline: Observable<T>): unknown[] {
    const seen: unknown[] = [];
    pipeline.subscribe({
      next: (value) => seen.push([value, source.observed]),
      error: (error) => seen.push(['error', error]),
      complete: () => seen.push('end'),
    });
    return seen;
  }

  it('comes before completion, when the source has been let go', () => {
    const source = new Subject<number>();
    const seen = watch(
      source,
      source.pipe(transform<number, number>((value, emit) => emit(value), { complete: (emit) => emit(99) })),
    );
    source.next(1);
    source.complete();
    expect(seen).toEqual([[1, true], [99, false], 'end']);
  });

  it('makes an error of completion by throwing, and has a last word on that too', () => {
    const source = new Subject<number>();
    const seen = watch(
      source,
      source.pipe(
        transform<number, unknown>((value, emit) => emit(value), {
          complete() {
            throw new Error('too early');
          },
          error: (error, emit) => emit(`after ${String(error)}`),
        }),
      ),
    );
    source.complete();
    expect(seen).toEqual([
      ['after Error: too early', false],
      ['error', new Error('too early')],
    ]);
  });

  it('comes before an error of the source and of a step, when the source has been let go', () => {
    for (const fail of [
      (source: Subject<number>) => source.error(NO),
      (source: Subject<number>) => source.next(-1),
    ]) {
      const source = new Subject<number>();
      const step = (value: number, emit: (value: number) => void): void => {
        if (value < 0) throw NO;
        emit(value);
      };
      const seen = watch(source, source.pipe(transform(step, { error: (_, emit) => emit(99) })));
      source.next(1);
      fail(source);
      expect(seen).toEqual([
        [1, true],
        [99, false],
        ['error', NO],
      ]);
    }
  });

  it('puts what it throws in the place of the error', () => {
    const source = new Subject<number>();
    const seen = watch(
      source,
      source.pipe(
        transform<number, number>(() => undefined, {
          error(error) {
            throw new Error('with more', { cause: error });
          },
        }),
      ),
    );
    source.error('no');
    expect(seen).toEqual([['error', new Error('with more')]]);
    expect((seen[0] as [string, Error])[1].cause).toBe('no');
  });

  it('waits for the values that came before it', () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source
      .pipe(transform<number, number>((value, emit) => emit(value), { complete: (emit) => emit(99) }))
      .subscribe({
        next(value) {
          seen.push(value);
          if (value !== 1) return;
          source.next(2);
          source.complete();
          seen.push('delivered');
        },
        complete: () => seen.push('end'),
      });
    source.next(1);
    expect(seen).toEqual([1, 'delivered', 2, 99, 'end']);
  });

  it('emits no more once it is left', () => {
    const source = new Subject<number>();
    const seen: number[] = [];
    source
      .pipe(
        transform<number, number>(() => undefined, {
          complete: (emit) => {
            emit(1);
            emit(2);
          },
        }),
        take(1),
      )
      .subscribe((value) => seen.push(value));
    source.complete();
    expect(seen).toEqual([1]);
  });
});

describe('transformWith', () => {
  /** Passes so many values on, and then is over. */
  class First implements Step<number, unknown> {
    isOver = false;
    #left: number;

    constructor(count: number) {
      this.#left = count;
    }

    next(value: number, emit: (value: unknown) => void): void {
      emit(value);
      this.isOver = --this.#left === 0;
    }

    complete(emit: (value: unknown) => void): void {
      emit('last word');
    }
  }

  /** Says something else than that it failed. */
  class Instead implements Step<number, unknown> {
    isOver = false;

    next(value: number, emit: (value: unknown) => void): void {
      if (value < 0) throw new Error('no');
      emit(value);
    }

    error(_: unknown, emit: (value: unknown) => void): void {
      emit('instead');
      this.isOver = true;
    }
  }

  it('leaves the source once it is over, and ends as if that had completed', () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source.pipe(transformWith<number, unknown>(() => new First(2))).subscribe({
      next: (value) => seen.push([value, source.observed]),
      complete: () => seen.push('end'),
    });
    source.next(1);
    source.next(2);
    expect(seen).toEqual([[1, true], [2, true], ['last word', false], 'end']);
  });

  it('drops what came while the last value was delivered, the end of the source too', () => {
    for (const speak of [
      (source: Subject<number>) => source.next(2),
      (source: Subject<number>) => source.complete(),
      (source: Subject<number>) => source.error('late'),
    ]) {
      const source = new Subject<number>();
      const seen: unknown[] = [];
      source.pipe(transformWith<number, unknown>(() => new First(1))).subscribe({
        next(value) {
          seen.push(value);
          speak(source);
        },
        error: (error) => seen.push(error),
        complete: () => seen.push('end'),
      });
      source.next(1);
      expect(seen).toEqual([1, 'last word', 'end']);
    }
  });

  it('asks a step for its last word once, where it throws while the source fails', () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source
      .pipe(
        transformWith<number, string>(() => ({
          next(_, emit) {
            emit('begun');
            throw new StreamError('protocol', 'no');
          },
          error: (_, emit) => emit('last word'),
        })),
      )
      .subscribe({
        next(value) {
          seen.push(value);
          if (value === 'begun') source.error('late');
        },
        error: ({ code }: StreamError) => seen.push(code),
      });
    source.next(1);
    expect(seen).toEqual(['begun', 'last word', 'protocol']);
  });

  it('ends only once a source that emits as it is subscribed to is let go', () => {
    const seen: unknown[] = [];
    of(1, 2, 3)
      .pipe(
        finalize(() => seen.push('let go')),
        transformWith<number, unknown>(() => new First(2)),
      )
      .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('end') });
    expect(seen).toEqual([1, 2, 'let go', 'last word', 'end']);
  });

  it('completes instead of failing where a step has the last word on an error', () => {
    for (const fail of [
      (source: Subject<number>) => source.error('no'),
      (source: Subject<number>) => source.next(-1),
    ]) {
      const source = new Subject<number>();
      const seen: unknown[] = [];
      source.pipe(transformWith<number, unknown>(() => new Instead())).subscribe({
        next: (value) => seen.push([value, source.observed]),
        error: () => seen.push('error'),
        complete: () => seen.push('end'),
      });
      source.next(1);
      fail(source);
      expect(seen).toEqual([[1, true], ['instead', false], 'end']);
    }
  });

  it('begins anew with each subscription', () => {
    const seen: unknown[] = [];
    const firsts = of(1, 2, 3).pipe(transformWith<number, unknown>(() => new First(1)));
    for (let count = 0; count < 2; count++) firsts.subscribe((value) => seen.push(value));
    expect(seen).toEqual([1, 'last word', 1, 'last word']);
  });
});
