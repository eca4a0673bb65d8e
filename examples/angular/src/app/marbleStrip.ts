import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Checked } from './checked.js';
import { MarbleLane } from './marbleLane.js';
import { SLOTS, type Strip } from './strip.js';

/** The events of an answer as marbles over time, with a lane for each block. */
@Component({
  selector: 'app-marble-strip',
  imports: [Checked, MarbleLane],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <figure appChecked="strip">
      @for (lane of strip().lanes; track lane.index) {
        <app-marble-lane [lane]="lane" />
      }
      <figcaption>
        <span>{{ strip().events }} {{ strip().events === 1 ? 'event' : 'events' }}</span>
        <span>{{ seconds() }} s</span>
      </figcaption>
    </figure>
  `,
  styles: `
    figure {
      display: grid;
      gap: 0.1rem;
      min-width: 0;
      margin: 0;
      padding: 0.5rem 0.7rem;
      border-radius: 0.6rem;
      background: var(--raised);
    }
    figcaption {
      display: flex;
      justify-content: space-between;
      margin-inline-start: 6rem;
      color: var(--quiet);
      font-size: 0.7rem;
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class MarbleStrip {
  readonly strip = input.required<Strip>();
  /** The whole width, in seconds. */
  protected readonly seconds = computed(() => (SLOTS * this.strip().slotLength) / 1000);
}
