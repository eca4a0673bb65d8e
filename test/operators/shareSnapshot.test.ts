import { defer, finalize, from, Subject, type Observable, type Observer } from 'rxjs';
import * as events from '../../src/events/make.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { shareSnapshot, type ShareSnapshotOptions } from '../../src/operators/shareSnapshot.js';

/** A request that counts how often it is sent, and whether it runs. */
class Request {
  readonly #values = new Subject<string>();
  sent = 0;
  running = 0;

  get values(): Observer<string> {
    return this.#values;
  }

  shared(options?: ShareSnapshotOptions): Observable<string> {
    return defer(() => {
      this.sent++;
      this.running++;
      return this.#values.pipe(finalize(() => this.running--));
    }).pipe(shareSnapshot(options));
  }
}

/** What a subscriber hears from now on. */
function hear(source: Observable<unknown>) {
  const heard: unknown[] = [];
  const subscription = source.subscribe({
    next: (value) => heard.push(value),
    error: (error: Error) => heard.push(`#${error.message}`),
    complete: () => heard.push('|'),
  });
  return { heard, leave: () => subscription.unsubscribe() };
}

describe('several subscribers', () => {
  it('share one request, and each gets the latest value when it comes', () => {
    const request = new Request();
    const source = request.shared();
    expect(request.sent).toBe(0);
    const first = hear(source);
    request.values.next('a');
    request.values.next('b');
    const second = hear(source);
    request.values.next('c');
    expect([first.heard, second.heard]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
    expect(request.sent).toBe(1);
  });

  it('keep the request until the last one leaves; the next one sends another', () => {
    const request = new Request();
    const source = request.shared();
    const [first, second] = [hear(source), hear(source)];
    request.values.next('a');
    first.leave();
    expect(request.running).toBe(1);
    second.leave();
    expect(request.running).toBe(0);
    const third = hear(source);
    expect([third.heard, request.sent]).toEqual([[], 2]);
  });
});

describe('with keepAlive', () => {
  it('the request goes on when the last one leaves, and who comes back is told where it is', () => {
    const request = new Request();
    const source = request.shared({ keepAlive: true });
    const first = hear(source);
    request.values.next('a');
    first.leave();
    expect(request.running).toBe(1);
    request.values.next('b');
    expect(hear(source).heard).toEqual(['b']);
    expect(request.sent).toBe(1);
  });
});

describe.each([false, true])('after the end, keepAlive %p', (keepAlive) => {
  it('who comes gets the last value and the completion', () => {
    const request = new Request();
    const source = request.shared({ keepAlive });
    hear(source);
    request.values.next('a');
    request.values.next('b');
    request.values.complete();
    expect([hear(source).heard, hear(source).heard, request.sent]).toEqual([['b', '|'], ['b', '|'], 1]);
  });

  it('who comes gets the last value and the error', () => {
    const request = new Request();
    const source = request.shared({ keepAlive });
    hear(source);
    request.values.next('a');
    request.values.error(new Error('lost'));
    expect([hear(source).heard, request.sent]).toEqual([['a', '#lost'], 1]);
  });
});

describe('behind accumulateState', () => {
  it('who comes late begins with the state as it is', () => {
    const source = from([events.messageStart({}), events.messageStop()]).pipe(
      accumulateState(),
      shareSnapshot(),
    );
    hear(source);
    expect(hear(source).heard).toMatchObject([{ status: 'done' }, '|']);
  });
});

describe('two pipelines of one operator', () => {
  it('share nothing', () => {
    const share = shareSnapshot<string>();
    const [one, two] = [new Subject<string>(), new Subject<string>()];
    const [first, second] = [hear(one.pipe(share)), hear(two.pipe(share))];
    one.next('a');
    two.next('b');
    expect([first.heard, second.heard]).toEqual([['a'], ['b']]);
  });
});
