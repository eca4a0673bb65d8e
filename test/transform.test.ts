import { from, map, Observable, of, range, retry, Subject, take, toArray } from 'rxjs';
import { transform } from '../src/transform.js';

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
    expect(seen).toEqual([1, new Error('no')]);
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
