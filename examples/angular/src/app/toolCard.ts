import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ToolInvocation } from 'rxjs-llm-stream';
import { Checked } from './checked.js';
import { JsonView } from './jsonView.js';

const STATUS: Readonly<Record<ToolInvocation['status'], string>> = {
  streaming: 'is filled in …',
  queued: 'runs …',
  approval: 'asks …',
  running: 'runs …',
  done: 'done',
  failed: 'failed',
  denied: 'denied',
  cancelled: 'cancelled',
  invalid: 'not run',
};

/** A call of a tool: a card that its arguments fill while they stream. */
@Component({
  selector: 'app-tool-card',
  imports: [Checked, JsonView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section appChecked="tool" [attr.aria-label]="'Tool ' + call().name" [attr.data-status]="call().status">
      <h2>
        <code>{{ call().name }}</code>
        <span>{{ status() }}</span>
      </h2>
      <app-json [value]="call().input" />
      @if (outcome(); as outcome) {
        <p class="outcome">{{ outcome }}</p>
      }
    </section>
  `,
  styleUrl: './toolCard.css',
})
export class ToolCard {
  readonly call = input.required<ToolInvocation>();
  protected readonly status = computed(() => STATUS[this.call().status]);
  /** What the tool gave, or why it was not run. */
  protected readonly outcome = computed(() => {
    const call = this.call();
    if (call.status === 'invalid') return call.error.message;
    if (call.status !== 'done' && call.status !== 'failed') return undefined;
    return typeof call.result === 'string' ? call.result : JSON.stringify(call.result);
  });
}
