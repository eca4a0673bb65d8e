import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { Attempt, Phase } from './turn.js';

/** What is said of each phase; of a failure its note speaks, as an alert. */
const PHASES: Readonly<Record<Phase, string>> = {
  waiting: 'Waiting for the answer',
  streaming: 'The answer comes in',
  tools: 'The assistant uses a tool',
  done: 'The answer is finished',
  failed: '',
  stopped: 'Stopped',
};

/** Tells readers who listen how far the answer is, and now and then what is new in it: not every word as it comes. */
@Component({
  selector: 'app-announcer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p role="status">{{ phases[attempt().phase()] }}</p>
    <p class="spoken" aria-live="polite" aria-atomic="true">{{ attempt().spoken() }}</p>
  `,
  host: { class: 'unseen' },
})
export class Announcer {
  readonly attempt = input.required<Attempt>();
  protected readonly phases = PHASES;
}
