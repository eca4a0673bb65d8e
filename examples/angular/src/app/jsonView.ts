import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Checked } from './checked.js';

/**
 * A JSON value as far as it has come. What did not grow between two snapshots is the same object, so that of a form
 * with a hundred fields only the one that is written is looked at again.
 */
@Component({
  selector: 'app-json',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ng-container appChecked="json" />
    @if (members(); as members) {
      <dl>
        @for (member of members; track member.name) {
          <div [class.nested]="member.isContainer">
            <dt [class.item]="member.isItem">{{ member.name }}</dt>
            <dd><app-json [value]="member.value" /></dd>
          </div>
        }
      </dl>
    } @else {
      <span>{{ text() }}</span>
    }
  `,
  styleUrl: './jsonView.css',
})
export class JsonView {
  readonly value = input.required<unknown>();

  /** The members of an object or a list. */
  protected readonly members = computed(() => {
    const value = this.value();
    if (typeof value !== 'object' || value === null) return undefined;
    const isItem = Array.isArray(value);
    return Object.entries(value).map(([key, member]: [string, unknown]) => ({
      name: isItem ? `${Number(key) + 1}.` : key,
      isItem,
      isContainer: typeof member === 'object' && member !== null,
      value: member,
    }));
  });

  protected readonly text = computed(() => {
    const value = this.value();
    return typeof value === 'string' ? value : value === null ? 'none' : String(value);
  });
}
