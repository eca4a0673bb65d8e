/** What the recipes use of `@angular/core/rxjs-interop`, typed as it is there. */
import type { Observable } from 'rxjs';
import type { ResourceLoaderParams, ResourceRef, Signal } from '@angular/core';

export declare function toSignal<T>(source: Observable<T>): Signal<T | undefined>;
export declare function toSignal<T>(
  source: Observable<T>,
  options: { initialValue?: undefined; requireSync: true },
): Signal<T>;

export declare function rxResource<T, R>(options: {
  params?: () => R;
  stream: (params: ResourceLoaderParams<R>) => Observable<T>;
}): ResourceRef<T | undefined>;
