import { NO_USAGE, plus } from '../../../src/fold/usage/usageTotals.js';
import type { Usage } from '../../../src/events/usage.js';

/** As a server may send it, today or one day. */
function usage(json: string): Partial<Usage> {
  return JSON.parse(json) as Partial<Usage>;
}

describe('plus', () => {
  it('adds numbers, and leaves null what nobody told', () => {
    const one = plus(
      NO_USAGE,
      usage('{"input_tokens":2,"cache_read_input_tokens":3,"server_tool_use":null}'),
    );
    expect(plus(one, usage('{"input_tokens":5,"cache_read_input_tokens":null,"output_tokens":7}'))).toEqual({
      ...NO_USAGE,
      input_tokens: 7,
      output_tokens: 7,
      cache_read_input_tokens: 3,
    });
  });

  it('adds objects field by field, also fields of a later version', () => {
    const one = plus(NO_USAGE, usage('{"server_tool_use":{"web_search_requests":1,"painting_requests":2}}'));
    const two = plus(one, usage('{"server_tool_use":{"web_fetch_requests":3,"painting_requests":4}}'));
    expect(two.server_tool_use).toEqual({
      web_search_requests: 1,
      painting_requests: 6,
      web_fetch_requests: 3,
    });
  });

  it.each([
    ['texts and arrays', '{"output_tokens":"many","cache_creation":[1,2],"server_tool_use":"none"}'],
    ['objects without numbers', '{"cache_creation":{},"server_tool_use":{"web_search_requests":null}}'],
    [
      'fields that count nothing',
      '{"service_tier":"priority","iterations":[{"output_tokens":3}],"speed":null}',
    ],
  ])('takes nothing from %s', (_, json) => {
    expect(plus(NO_USAGE, usage(json))).toEqual(NO_USAGE);
  });

  it('takes a field named like a member of every object for a field', () => {
    const told = usage('{"server_tool_use":{"__proto__":{"polluted":1},"constructor":2,"toString":"text"}}');
    const { server_tool_use } = plus(plus(NO_USAGE, told), told);
    expect(JSON.stringify(server_tool_use)).toBe('{"__proto__":{"polluted":2},"constructor":4}');
    expect(Object.getPrototypeOf(server_tool_use)).toBe(Object.prototype);
  });

  it('changes neither of what it adds', () => {
    const told = Object.freeze(usage('{"server_tool_use":{"web_search_requests":1}}'));
    const one = Object.freeze(plus(NO_USAGE, told));
    plus(one, told);
    expect(one.server_tool_use).toEqual({ web_search_requests: 1 });
    expect(NO_USAGE.server_tool_use).toBeNull();
  });
});
