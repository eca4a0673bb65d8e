import { ChangeDetectionStrategy, Component, input, output, viewChild, type ElementRef } from '@angular/core';
import { Checked } from './checked.js';

/** Where a prompt is written, sent by Enter; and what can be done to an answer that comes. */
@Component({
  selector: 'app-composer',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form appChecked="composer" (submit)="send($event)">
      <textarea
        #prompt
        rows="1"
        placeholder="Ask something"
        aria-label="Prompt"
        enterkeyhint="send"
        autofocus
        (keydown.enter)="send($event)"
      ></textarea>
      @if (isBusy()) {
        <button type="button" (click)="broken.emit()">Break connection</button>
        <button type="button" class="primary" aria-keyshortcuts="Escape" (click)="stopped.emit()">
          Stop
        </button>
      } @else {
        <button type="submit" class="primary">Send</button>
      }
    </form>
    <p class="keys" aria-hidden="true">Enter sends, Shift + Enter makes a line, Esc stops</p>
  `,
  styleUrl: './composer.css',
})
export class Composer {
  /** Whether an answer is coming: nothing can be sent then. */
  readonly isBusy = input.required<boolean>();

  /** A prompt. */
  readonly sent = output<string>();
  readonly stopped = output();
  readonly broken = output();

  private readonly prompt = viewChild.required<ElementRef<HTMLTextAreaElement>>('prompt');

  /** Puts the cursor where the next prompt is written. */
  focus(): void {
    this.prompt().nativeElement.focus();
  }

  protected send(event: Event): void {
    // The Enter that ends a word in an input method sends nothing.
    if (event instanceof KeyboardEvent && event.isComposing) return;
    event.preventDefault();
    const prompt = this.prompt().nativeElement;
    const text = prompt.value.trim();
    if (this.isBusy() || text === '') return;
    prompt.value = '';
    this.sent.emit(text);
  }
}
