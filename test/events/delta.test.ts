import { isKnownDelta } from '../../src/events/delta.js';

describe('isKnownDelta', () => {
  it.each([
    'text_delta',
    'input_json_delta',
    'citations_delta',
    'thinking_delta',
    'signature_delta',
    'compaction_delta',
  ])('knows %s', (type) => {
    expect(isKnownDelta({ type })).toBe(true);
  });

  it.each(['', 'text', 'smell_delta', 'constructor', '__proto__', 'toString'])('does not know %j', (type) => {
    expect(isKnownDelta({ type })).toBe(false);
  });
});
