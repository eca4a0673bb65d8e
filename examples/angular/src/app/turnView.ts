import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Checked } from './checked.js';
import { FailureNote } from './failureNote.js';
import { MarbleStrip } from './marbleStrip.js';
import { OtherBlock } from './otherBlock.js';
import { TextBlock } from './textBlock.js';
import { ThinkingBlock } from './thinkingBlock.js';
import { ToolCard } from './toolCard.js';
import type { Turn } from './turn.js';
import { UsageLine } from './usageLine.js';

/** A prompt and its answer: one component for each block, so that only what grew is looked at again. */
@Component({
  selector: 'app-turn',
  imports: [Checked, FailureNote, MarbleStrip, OtherBlock, TextBlock, ThinkingBlock, ToolCard, UsageLine],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="prompt" appChecked="turn"><span class="unseen">You: </span>{{ turn().prompt }}</p>

    <article aria-label="Answer" [attr.aria-busy]="isGrowing()" [attr.data-phase]="phase()">
      @for (block of blocks(); track $index) {
        @let isOpen = isGrowing() && $last;
        @switch (block.type) {
          @case ('text') {
            <app-text-block [block]="block" [isOpen]="isOpen" [style.--lane]="lane($index)" />
          }
          @case ('thinking') {
            <app-thinking-block [block]="block" [isOpen]="isOpen" [style.--lane]="lane($index)" />
          }
          @case ('tool_use') {
            @if (calls().get(block.id); as call) {
              <app-tool-card [call]="call" [style.--lane]="lane($index)" />
            }
          }
          @default {
            <app-other-block [block]="block" [style.--lane]="lane($index)" />
          }
        }
      } @empty {
        @if (phase() === 'waiting') {
          <p class="waiting">Waiting for the first event</p>
        }
      }

      @if (phase() === 'failed' || phase() === 'stopped') {
        <app-failure-note [error]="answer().state.error" [canRetry]="isLast()" (retried)="retried.emit()" />
      }
    </article>

    <footer>
      <app-usage-line [usage]="usage()" [pace]="answer().pace" [isWhole]="phase() === 'done'" />
      <app-marble-strip [strip]="answer().strip" />
    </footer>
  `,
  styleUrl: './turnView.css',
})
export class TurnView {
  readonly turn = input.required<Turn>();
  /** Whether it is the last one: only that can be asked again. */
  readonly isLast = input.required<boolean>();

  /** The reader wants it asked again. */
  readonly retried = output();

  readonly #attempt = computed(() => this.turn().attempt());
  protected readonly answer = computed(() => this.#attempt().answer());
  protected readonly phase = computed(() => this.#attempt().phase());
  protected readonly isGrowing = computed(() => this.phase() === 'waiting' || this.phase() === 'streaming');
  protected readonly blocks = computed(() => this.answer().state.message?.content ?? []);
  protected readonly usage = computed(() => this.answer().state.message?.usage);
  protected readonly calls = computed(
    () => new Map(this.answer().state.calls.map((call) => [call.id, call])),
  );

  /** The colour of a block, here and in its lane of the strip. */
  protected lane(index: number): string {
    return `var(--lane-${index % 6})`;
  }
}
