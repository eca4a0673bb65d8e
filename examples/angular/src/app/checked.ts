import {
  afterEveryRender,
  Directive,
  inject,
  InjectionToken,
  input,
  provideEnvironmentInitializer,
  type DoCheck,
  type EnvironmentProviders,
} from '@angular/core';

const CHECK_COUNTS = new InjectionToken<typeof globalThis.checkCounts>('CHECK_COUNTS', {
  providedIn: 'root',
  factory: () => globalThis.checkCounts,
});

/** Counts the runs of change detection. */
export function provideCheckCounts(): EnvironmentProviders {
  return provideEnvironmentInitializer(() => {
    const counts = inject(CHECK_COUNTS);
    if (counts !== undefined) afterEveryRender(() => void counts.runs++);
  });
}

/**
 * Counts how often the template is checked that it stands in: `ngDoCheck` of a directive runs with the template around
 * it, and an `OnPush` component whose inputs and signals stayed the same does not run its own.
 */
@Directive({ selector: '[appChecked]' })
export class Checked implements DoCheck {
  /** What the component shows. */
  readonly appChecked = input.required<string>();
  readonly #counts = inject(CHECK_COUNTS);

  ngDoCheck(): void {
    if (this.#counts === undefined) return;
    const { checks } = this.#counts;
    checks[this.appChecked()] = (checks[this.appChecked()] ?? 0) + 1;
  }
}
