import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Checked } from './checked.js';
import { JsonView } from './jsonView.js';

/** A block of a kind that this app has no component for: it is shown as it came, not dropped. */
@Component({
  selector: 'app-other-block',
  imports: [Checked, JsonView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details appChecked="other">
      <summary>{{ block().type }}</summary>
      <app-json [value]="content()" />
    </details>
  `,
  styles: `
    details {
      padding-inline-start: 0.8rem;
      border-inline-start: 3px solid var(--lane);
      font-size: 0.9rem;
    }
    summary {
      color: var(--quiet);
      cursor: pointer;
    }
  `,
})
export class OtherBlock {
  readonly block = input.required<{ readonly type: string }>();
  protected readonly content = computed(() => {
    const { type, ...content } = this.block();
    return content;
  });
}
