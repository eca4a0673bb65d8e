import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { TextBlock as Text } from 'rxjs-llm-stream';
import { Checked } from './checked.js';

/** Text for the reader. */
@Component({
  selector: 'app-text-block',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<p appChecked="text" [class.open]="isOpen()">{{ block().text }}</p>`,
  styles: `
    p {
      margin: 0;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    .open::after {
      content: '▍';
      color: var(--lane);
    }
  `,
})
export class TextBlock {
  readonly block = input.required<Text>();
  /** Whether more of it comes. */
  readonly isOpen = input.required<boolean>();
}
