import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MarkdownComponent, provideMarkdown } from 'ngx-markdown';
import { latestPerFrame, streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import { toMarkdownBlocks } from 'rxjs-llm-stream/text';
import { CONVERSATION } from './conversation.js';

/** A long answer in Markdown. A block is rendered while it grows, and never again once it is finished. */
@Component({
  selector: 'app-guide',
  imports: [MarkdownComponent],
  providers: [provideMarkdown()],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (block of blocks(); track $index) {
      <markdown [data]="block.healed" />
    }
  `,
})
export class Guide {
  readonly blocks = toSignal(
    streamEvents('/api/guide', {
      codec: anthropic,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-conversation': inject(CONVERSATION) },
      body: '{}',
    }).pipe(untilTerminal(), textDeltas(), toMarkdownBlocks(), latestPerFrame()),
    { initialValue: [] },
  );
}
