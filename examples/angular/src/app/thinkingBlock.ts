import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { ThinkingBlock as Thinking } from 'rxjs-llm-stream';
import { Checked } from './checked.js';

/** What the model thinks, folded. */
@Component({
  selector: 'app-thinking-block',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details appChecked="thinking">
      <summary [class.open]="isOpen()">{{ isOpen() ? 'Thinking …' : 'Thought about it' }}</summary>
      <p>{{ block().thinking }}</p>
    </details>
  `,
  styles: `
    details {
      padding-inline-start: 0.8rem;
      border-inline-start: 3px solid var(--lane);
      color: var(--quiet);
      font-size: 0.9rem;
    }
    summary {
      cursor: pointer;
    }
    .open {
      animation: breathe 1.6s ease-in-out infinite;
    }
    p {
      margin: 0.4rem 0 0;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    @keyframes breathe {
      50% {
        opacity: 0.5;
      }
    }
  `,
})
export class ThinkingBlock {
  readonly block = input.required<Thinking>();
  /** Whether more of it comes. */
  readonly isOpen = input.required<boolean>();
}
