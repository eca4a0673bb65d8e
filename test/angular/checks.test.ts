import '@angular/compiler';
import { ChangeDetectionStrategy, Component, Input } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { injectConversation, type BlockSignal } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting } from '../../src/angular/testing.js';
import { script } from '../../src/testing.js';
import { isThorough } from '../thorough.js';
import { provide } from './angularBed.js';

const DELTAS = isThorough ? 10_000 : 2_000;

/** How often each template was checked, by what it shows. */
const checks = new Map<string, number>();

function check(what: string): string {
  checks.set(what, (checks.get(what) ?? 0) + 1);
  return '';
}

@Component({
  selector: 'app-block',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let content = block();
    {{ check(content.type) }}{{ $any(content).text ?? $any(content).thinking }}
  `,
})
class BlockView {
  @Input({ required: true }) block!: BlockSignal;
  readonly check = check;
}

@Component({
  selector: 'app-chat',
  imports: [BlockView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    {{ check('chat') }}
    @for (turn of chat.turns(); track turn) {
      @for (block of turn.blocks(); track block) {
        <app-block [block]="block" />
      }
    }
  `,
})
class Chat {
  readonly chat = injectConversation({ ask: '/api/chat' });
  readonly check = check;
}

describe('thousands of deltas in two seconds', () => {
  it('are checked at most once for each frame, where they show; finished blocks and what is around them, not at all', () => {
    const answer = script()
      .thinking(['hm', ' so'], 'signed')
      .text(Array.from({ length: DELTAS }, (_, nth) => `word ${nth} `))
      .timed((event) => (event.type === 'content_block_delta' ? 2_000 / DELTAS : 1));
    provide(provideStreamTesting(answer));
    const fixture = TestBed.createComponent(Chat);
    const time = TestBed.inject(StreamTesting);
    fixture.componentInstance.chat.ask('Write');
    time.advance(32);
    const before = new Map(checks);
    let frames = 0;
    for (; fixture.componentInstance.chat.isBusy(); frames++) time.advance(16);
    const during = (what: string): number => (checks.get(what) ?? 0) - (before.get(what) ?? 0);

    const { textContent } = fixture.nativeElement as HTMLElement;
    expect(textContent.slice(-20)).toContain(`word ${DELTAS - 1} `);
    expect(frames).toBeGreaterThan(100);
    expect(during('text')).toBeGreaterThan(100);
    expect(during('text')).toBeLessThanOrEqual(frames + 1);
    expect([during('thinking'), during('chat')]).toEqual([0, 0]);
  });
});
