/** What the recipes use of `@angular/core`, typed as it is there. */

export declare const ChangeDetectionStrategy: { readonly OnPush: 0; readonly Default: 1 };

export declare function Component(component: {
  readonly selector?: string;
  readonly template?: string;
  readonly changeDetection?: 0 | 1;
}): ClassDecorator;

export declare function Injectable(options?: { readonly providedIn: 'root' | 'platform' }): ClassDecorator;

/** A class whose instances the injector knows. */
export type ProviderToken<T> = abstract new (...parameters: never[]) => T;
export declare function inject<T>(token: ProviderToken<T>): T;

export interface EnvironmentProviders {
  readonly ɵbrand: 'EnvironmentProviders';
}

export type Signal<T> = () => T;
export interface WritableSignal<T> extends Signal<T> {
  set(value: T): void;
  update(step: (value: T) => T): void;
}
export declare function signal<T>(initialValue: T): WritableSignal<T>;
export declare function computed<T>(computation: () => T): Signal<T>;

export type ResourceStatus = 'idle' | 'error' | 'loading' | 'reloading' | 'resolved' | 'local';
export interface ResourceLoaderParams<R> {
  params: NoInfer<Exclude<R, undefined>>;
  abortSignal: AbortSignal;
  previous: { status: ResourceStatus };
}
export interface ResourceRef<T> {
  readonly value: WritableSignal<T>;
  readonly status: Signal<ResourceStatus>;
  readonly error: Signal<Error | undefined>;
  readonly isLoading: Signal<boolean>;
  reload(): boolean;
}
