import type { Observable } from 'rxjs';

/**
 * Whether whoever takes what a stream gives can take more: `true` while it can, `false` while the stream must wait. It
 * emits the present state at once when it is subscribed to, as a `BehaviorSubject` does.
 */
export type Gate = Observable<boolean>;
