import { ChangeDetectionStrategy, Component, inject, Injectable } from '@angular/core';
import { injectAnswer } from 'rxjs-llm-stream/angular';

/** One request, which the server makes while it renders the page; whoever shows it makes no other. */
@Injectable({ providedIn: 'root' })
export class Greeting {
  readonly answer = injectAnswer(() => ({ url: '/api/greeting', body: { place: 'Kyoto' } }), { ssr: 'run' });
}

/** What the assistant greets with. */
@Component({
  selector: 'app-greeting',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<p>{{ answer.text() }}</p>`,
})
export class GreetingView {
  protected readonly answer = inject(Greeting).answer;
}

/** What the greeting has cost. */
@Component({
  selector: 'app-greeting-cost',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (!answer.isBusy()) {
      <small>{{ answer.usage().output_tokens }} tokens</small>
    }
  `,
})
export class GreetingCost {
  protected readonly answer = inject(Greeting).answer;
}
