import { ChangeDetectionStrategy, Component, inject, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { onErrorResumeNextWith } from 'rxjs';
import { Announcer } from './announcer.js';
import { Backend } from './backend.js';
import { Chat } from './chat.js';
import { Checked } from './checked.js';
import { Composer } from './composer.js';
import { StickToEnd } from './stickToEnd.js';
import { TurnView } from './turnView.js';

const EXAMPLES = [
  'Three calm days in Kyoto in November, please. We love tea, gardens and slow trains.',
  'What should we pack?',
  'Write 10,000 words, as fast as you can.',
];

/** The page: the conversation, and below it where to write. */
@Component({
  selector: 'app-root',
  imports: [Announcer, Checked, Composer, StickToEnd, TurnView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header appChecked="page">
      <h1>rxjs-llm-stream <small>in Angular</small></h1>
      @if (about(); as about) {
        <p class="badge">{{ about.model ?? 'scripted answers' }}</p>
      }
    </header>

    <main>
      <div class="log" appStickToEnd tabindex="0" role="log" aria-live="off" aria-label="Conversation">
        <div class="turns">
          @for (turn of chat.turns(); track turn) {
            <app-turn [turn]="turn" [isLast]="$last" (retried)="retry()" />
          } @empty {
            <section class="welcome">
              <h2>Ask something</h2>
              <p>
                Text, thinking and tool calls show while they stream. Stop an answer, or break its connection.
              </p>
              <ul>
                @for (example of examples; track example) {
                  <li>
                    <button type="button" (click)="send(example)">{{ example }}</button>
                  </li>
                }
              </ul>
            </section>
          }
        </div>
      </div>
    </main>

    <app-composer
      [isBusy]="chat.isBusy()"
      (sent)="send($event)"
      (stopped)="stop()"
      (broken)="chat.breakConnection()"
    />

    @if (chat.attempt(); as attempt) {
      <app-announcer [attempt]="attempt" />
    }
  `,
  styleUrl: './app.css',
  host: { '(document:keydown.escape)': 'stop()' },
})
export class App {
  protected readonly chat = inject(Chat);
  protected readonly examples = EXAMPLES;
  protected readonly about = toSignal(inject(Backend).about().pipe(onErrorResumeNextWith()));
  private readonly composer = viewChild.required(Composer);

  // The button that was pressed goes away in each of these: the next thing to do is to write.
  protected send(prompt: string): void {
    this.chat.send(prompt);
    this.composer().focus();
  }

  protected stop(): void {
    if (!this.chat.isBusy()) return;
    this.chat.stop();
    this.composer().focus();
  }

  protected retry(): void {
    this.chat.retry();
    this.composer().focus();
  }
}
