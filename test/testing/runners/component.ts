/**
 * A component test as a user writes it, for `scripts/runners.ts` to run with jest and vitest.
 *
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 * @vitest-environment jsdom
 */
import '@angular/compiler';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { injectConversation } from 'rxjs-llm-stream/angular';
import { provideStreamTesting, StreamTesting } from 'rxjs-llm-stream/angular/testing';
import { script } from 'rxjs-llm-stream/testing';

TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting());

@Component({
  selector: 'app-chat',
  template: `
    @for (turn of chat.turns(); track turn) {
      <p>{{ turn.text() }}</p>
      @for (call of turn.calls(); track call.id) {
        <code>({{ call.status }})</code>
      }
    }
  `,
})
class Chat {
  readonly chat = injectConversation({
    ask: '/api/chat',
    tools: { clean: () => 'clean' },
    approve: true,
  });
}

it('shows the answer while it comes, and runs the tool when it may', () => {
  const call = script().text('I clean it up').toolUse('clean', {}).deltas({ words: 1 }).timed(20);
  const done = script({ id: 'msg_2' }).text('Clean').timed(20);
  TestBed.configureTestingModule({
    providers: [provideZonelessChangeDetection(), provideStreamTesting(call, done)],
  });
  const fixture = TestBed.createComponent(Chat);
  const time = TestBed.inject(StreamTesting);
  const page = fixture.nativeElement as HTMLElement;
  const shown = () => page.textContent.replaceAll(/\s+/g, ' ').trim();

  const { chat } = fixture.componentInstance;
  chat.ask('Clean up');
  time.advance(79);
  expect(shown()).toBe('I');
  time.flush();
  expect(shown()).toBe('I clean it up(approval)');
  chat.approve({ id: 'toolu_1' }, true);
  time.flush();
  expect(shown()).toBe('I clean it up Clean(done)');
  expect(time.requests).toHaveLength(2);
});
