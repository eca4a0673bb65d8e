/** What the recipes use of `@ngrx/effects`, typed as it is there. */
import type { Observable, OperatorFunction } from 'rxjs';
import type { Action } from '@ngrx/store';

export type Actions<V = Action> = Observable<V>;
export declare const Actions: abstract new () => Actions;

export declare function ofType<Creators extends ((...properties: never[]) => Action)[]>(
  ...allowed: Creators
): OperatorFunction<Action, ReturnType<Creators[number]>>;

export declare function createEffect<Source extends () => Observable<Action>>(
  source: Source,
  config: { functional: true; dispatch?: true },
): Source;
