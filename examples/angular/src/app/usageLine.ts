import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Usage } from 'rxjs-llm-stream';
import { Checked } from './checked.js';
import { speedOf, type Pace } from './pace.js';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SECONDS = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What an answer costs, and how fast it comes. */
@Component({
  selector: 'app-usage-line',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul appChecked="usage" aria-label="Usage">
      @for (part of parts(); track $index) {
        <li>{{ part }}</li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0 1rem;
      min-height: 1.4em;
      margin: 0;
      padding: 0;
      color: var(--quiet);
      font-size: 0.8rem;
      font-variant-numeric: tabular-nums;
      list-style: none;
    }
  `,
})
export class UsageLine {
  readonly usage = input.required<Usage | undefined>();
  readonly pace = input.required<Pace>();
  /** Whether the usage is that of the whole answer: until then tokens are estimated. */
  readonly isWhole = input.required<boolean>();

  protected readonly parts = computed(() => {
    const usage = this.usage();
    if (usage === undefined) return [];
    const pace = this.pace();
    const speed = speedOf(pace, this.isWhole() ? usage.output_tokens : undefined);
    const about = this.isWhole() ? '' : '≈ ';
    return [
      `${WHOLE.format(usage.input_tokens)} tokens in`,
      ...(this.isWhole() ? [`${WHOLE.format(usage.output_tokens)} tokens out`] : []),
      ...(speed === undefined ? [] : [`${about}${WHOLE.format(speed)} tokens/s`]),
      ...(pace.first === undefined ? [] : [`first after ${SECONDS.format(pace.first / 1000)} s`]),
      `${SECONDS.format(pace.last / 1000)} s`,
    ];
  });
}
