import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Chat } from './chat.js';
import { Checked } from './checked.js';
import { GreetingCost, GreetingView } from './greeting.js';
import { Guide } from './guide.js';
import { Planner } from './planner.js';
import { TRANSPORT } from './transport.js';

/** The page: a greeting that is there before any script runs, and the chat. */
@Component({
  selector: 'app-root',
  imports: [Chat, Checked, GreetingCost, GreetingView, Guide],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header appChecked="page">
      <h1>rxjs-llm-stream <small>in Angular</small></h1>
      <nav aria-label="What sends the requests">
        <a href="?" [attr.aria-current]="transport === 'fetch' ? 'true' : null">fetch</a>
        <a href="?via=http" [attr.aria-current]="transport === 'http' ? 'true' : null">HttpClient</a>
      </nav>
    </header>
    <main>
      <section class="greeting" aria-label="Greeting"><app-greeting /> <app-greeting-cost /></section>
      <app-chat />
      <section class="guide" aria-label="Guide">
        <button #read>Read the guide</button>
        @defer (on interaction(read)) {
          <app-guide />
        }
      </section>
      <p class="saved" role="status">{{ trips().length }} trips in the planner</p>
    </main>
  `,
})
export class App {
  protected readonly transport = inject(TRANSPORT);
  protected readonly trips = inject(Planner).trips;
}
