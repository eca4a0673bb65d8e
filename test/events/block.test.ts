import { isKnownBlock } from '../../src/events/block.js';
import * as events from '../../src/events/make.js';

describe('isKnownBlock', () => {
  it.each([
    events.textStart(0).content_block,
    events.toolUseStart(0, 'toolu_1', 'get_weather').content_block,
    events.serverToolUseStart(0, 'srvtoolu_1', 'web_search').content_block,
  ])('knows the released block $type', (block) => {
    expect(isKnownBlock(block)).toBe(true);
  });

  it.each(['compaction', 'fallback', 'mcp_tool_use', 'advisor_tool_result'])(
    'knows the beta block %s',
    (type) => {
      expect(isKnownBlock({ type })).toBe(true);
    },
  );

  it.each(['', 'image', 'text_delta', 'constructor', '__proto__', 'toString'])('does not know %j', (type) => {
    expect(isKnownBlock({ type })).toBe(false);
  });

  it('looks at the type only', () => {
    expect(isKnownBlock({ type: 'smell', text: 'rose', citations: null })).toBe(false);
  });
});
