import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { StreamError } from 'rxjs-llm-stream';
import { Checked } from './checked.js';

/** Says that an answer broke off, and why; what had come stands above. */
@Component({
  selector: 'app-failure-note',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div appChecked="failure" [class.bad]="error()" [attr.role]="error() ? 'alert' : null">
      <p>{{ text() }}</p>
      @if (canRetry()) {
        <button type="button" (click)="retried.emit()">Retry</button>
      }
    </div>
  `,
  styles: `
    div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 0.5rem 1rem;
      padding: 0.5rem 0.5rem 0.5rem 0.9rem;
      border: 1px solid var(--line);
      border-radius: 0.6rem;
    }
    .bad {
      border-color: var(--bad);
    }
    p {
      margin: 0;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .bad p {
      color: var(--bad);
    }
  `,
})
export class FailureNote {
  /** Why; `undefined` where the reader stopped it. */
  readonly error = input.required<StreamError | undefined>();
  readonly canRetry = input.required<boolean>();
  readonly retried = output();

  protected readonly text = computed(() => {
    const error = this.error();
    if (error === undefined) return 'Stopped.';
    switch (error.code) {
      case 'network':
      case 'truncated':
        return 'The connection broke. What had come is above.';
      case 'http':
        return `The server refused (${error.status}).`;
      case 'source':
        return 'The page failed while it read the answer. What had come is above.';
      default:
        return error.message;
    }
  });
}
