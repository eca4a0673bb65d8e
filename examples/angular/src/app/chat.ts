import { ChangeDetectionStrategy, Component, inject, Injectable, input } from '@angular/core';
import { injectConversation, type BlockSignal } from 'rxjs-llm-stream/angular';
import { Planner } from './planner.js';

@Injectable({ providedIn: 'root' })
export class Conversation {
  readonly chat = injectConversation({
    ask: '/api/chat',
    tools: { plan_trip: (trip) => inject(Planner).save(trip) },
    approve: ['plan_trip'],
  });
}

@Component({
  selector: 'app-block',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let content = block()();
    @if (content.type === 'text') {
      <p>{{ content.text }}</p>
    } @else if (content.type === 'thinking') {
      <p class="thinking">{{ content.thinking }}</p>
    }
  `,
})
export class BlockView {
  readonly block = input.required<BlockSignal>();
}

@Component({
  selector: 'app-chat',
  imports: [BlockView],
  template: `
    @for (turn of chat.turns(); track turn) {
      <p class="question">{{ turn.question }}</p>
      <article aria-label="Answer" [attr.aria-busy]="turn.isBusy()">
        @for (block of turn.blocks(); track block) {
          <app-block [block]="block" />
        }
        @for (call of turn.calls(); track call.id) {
          <p class="call">{{ call.name }}: {{ call.status }}</p>
          @if (call.status === 'approval') {
            <button (click)="chat.approve(call, true)">Allow</button>
            <button (click)="chat.approve(call, false, 'Not now')">Deny</button>
          }
        }
        <p role="alert">{{ turn.error()?.message }}</p>
      </article>
    }
    <form (submit)="$event.preventDefault(); chat.ask(question.value); question.value = ''">
      <input #question aria-label="Question" />
      <button>Send</button>
      <button type="button" [disabled]="!chat.isBusy()" (click)="chat.stop()">Stop</button>
      <button type="button" [disabled]="chat.isBusy()" (click)="chat.retry()">Retry</button>
    </form>
  `,
})
export class Chat {
  readonly chat = inject(Conversation).chat;
}
