import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Checked } from './checked.js';
import { SLOTS, type Lane, type Marble } from './strip.js';

/** The largest radius of a marble, in CSS pixels. */
const LARGEST = 5;

/** One lane of marbles: the more events a marble stands for, the larger it is. */
@Component({
  selector: 'app-marble-lane',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="name" appChecked="lane">{{ lane().name }}</span>
    <svg role="img" height="14" [attr.aria-label]="lane().name + ': ' + count() + ' events'">
      <line x1="0" x2="100%" y1="7" y2="7" />
      @for (marble of lane().marbles; track marble.slot) {
        <circle [attr.class]="marble.kind" [attr.cx]="left(marble)" cy="7" [attr.r]="radius(marble)" />
      }
    </svg>
  `,
  styleUrl: './marbleLane.css',
  host: { '[style.--lane]': 'colour()' },
})
export class MarbleLane {
  readonly lane = input.required<Lane>();
  protected readonly count = computed(() => this.lane().marbles.reduce((sum, { count }) => sum + count, 0));
  protected readonly colour = computed(() =>
    this.lane().index < 0 ? 'var(--quiet)' : `var(--lane-${this.lane().index % 6})`,
  );

  protected left({ slot }: Marble): string {
    return `${((slot + 0.5) * 100) / SLOTS}%`;
  }

  protected radius({ count }: Marble): number {
    return Math.min(LARGEST, 2 + Math.log2(count) / 2);
  }
}
