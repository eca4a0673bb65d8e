import type { AnyContentBlock } from '../../../src/events/block.js';
import type { AnyContentBlockDelta } from '../../../src/events/delta.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { isOutput } from '../../../src/fold/order/output.js';

const citation = {
  type: 'web_search_result_location',
  url: '',
  title: null,
  encrypted_index: '',
  cited_text: '',
};

describe('content', () => {
  it.each<[string, StreamEvent]>([
    ['a piece of text', events.textDelta(0, 'a')],
    ['white space', events.textDelta(0, ' ')],
    ['a piece of thinking', events.thinkingDelta(0, 'hm')],
    [
      'thinking that is counted, not shown',
      events.blockDelta(0, { type: 'thinking_delta', thinking: '', estimated_tokens: 3 }),
    ],
    ['a signature', events.signatureDelta(0, 'signed')],
    ['a piece of tool input', events.inputJsonDelta(0, '{')],
    ['a citation', events.blockDelta(0, { type: 'citations_delta', citation } as AnyContentBlockDelta)],
    ['a compaction, failed or not', events.compactionDelta(0, null)],
    ['a delta of an unknown type', events.blockDelta(0, { type: 'hologram_delta' } as never)],
    ['a tool call', events.toolUseStart(0, 'toolu_1', 'get_weather')],
    ['a call that the provider runs', events.serverToolUseStart(0, 'srvtoolu_1', 'web_search')],
    ['a text that begins with some', events.textStart(0, 'a')],
    ['thinking that begins with some', events.thinkingStart(0, 'hm')],
    ['thinking that is signed from its start', events.thinkingStart(0, '', 'signed')],
    ['thinking that is not shown', events.redactedThinkingStart(0, 'encrypted')],
    ['a block of an unknown type', events.blockStart(0, { type: 'hologram' } as unknown as AnyContentBlock)],
    [
      'a message that holds blocks from its start',
      events.messageStart({ content: [events.textStart(0).content_block] }),
    ],
    ['what running a tool gave', events.toolResult('toolu_1', '21 °C')],
  ])('is %s', (_, event) => {
    expect(isOutput(event)).toBe(true);
  });

  it.each<[string, StreamEvent]>([
    ['the start of a message', events.messageStart()],
    ['a ping', events.ping()],
    ['an event of an unknown type', events.unknown('hologram_start', {})],
    ['an empty text', events.textStart(0)],
    ['an empty piece of text', events.textDelta(0, '')],
    ['empty thinking', events.thinkingStart(0)],
    ['an empty piece of thinking', events.thinkingDelta(0, '')],
    [
      'an empty piece of thinking that counts nothing',
      events.blockDelta(0, { type: 'thinking_delta', thinking: '', estimated_tokens: null }),
    ],
    ['an empty signature', events.signatureDelta(0, '')],
    ['an empty piece of tool input', events.inputJsonDelta(0, '')],
    [
      'a compaction that is yet to come',
      events.blockStart(0, { type: 'compaction', content: null, encrypted_content: null }),
    ],
    ['the stop of a block', events.blockStop(0)],
    ['the abort of a block', events.blockAbort(0, 'stopped')],
    ['the reason of the end', events.messageDelta('end_turn')],
    ['the end', events.messageStop()],
    ['a failure', events.error('overloaded_error', 'Overloaded')],
    ['a reset', events.reset(2, undefined)],
  ])('is not %s', (_, event) => {
    expect(isOutput(event)).toBe(false);
  });
});
