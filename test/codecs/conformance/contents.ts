import fc from 'fast-check';
import type { TextCitation } from '../../../src/events/provider/citation.js';
import type { MessageDeltaUsage, Usage } from '../../../src/events/usage.js';
import { codePoint } from '../../codePoint.js';
import type { Scope } from './scope.js';
import '../../seed.js';

/** A piece of text: empty, half a surrogate pair, a line end, what looks like a frame, or any characters. */
export const TEXT: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', 'Hello', ' world', 'é', '😀', '\ud83d', '\ude00'),
  fc.constantFrom(
    '\r',
    '\n\n',
    '\r\n',
    '\u2028',
    '\u0000',
    '\ufeff',
    'data: x\n\n',
    '[DONE]',
    '{"type":"ping"}',
  ),
  fc.string({ unit: codePoint, maxLength: 8 }),
);

/** Any JSON value, as it comes out of `JSON.parse`: without `-0`. */
export const JSON_VALUE: fc.Arbitrary<unknown> = fc
  .oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc
      .constantFrom('{"__proto__":{"a":1}}', '{"constructor":null}', '[[],{}]')
      .map((text): unknown => JSON.parse(text)),
  )
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The input of a call, as a protocol has it that sends it as a JSON object. */
export const INPUT_OBJECT: fc.Arbitrary<object> = fc.dictionary(
  fc.constantFrom('city', 'n', '__proto__'),
  JSON_VALUE,
);

/** A name or the start of an id. */
export const NAME: fc.Arbitrary<string> = fc.constantFrom(
  'toolu_',
  'get_weather',
  'call-',
  '__proto__',
  'constructor',
  '0',
  'größer',
);

const tokens = fc.oneof(fc.constantFrom(0, 1), fc.nat(1_000_000));

type CacheUsage = Partial<Pick<Usage, 'cache_creation_input_tokens' | 'cache_read_input_tokens'>>;

/** The usage that a message starts with. */
export function usageAtStart(scope: Scope): fc.Arbitrary<Partial<Usage>> {
  if (!scope.has('inputUsage')) return fc.constant({});
  return fc
    .tuple(fc.record({ input_tokens: tokens, output_tokens: tokens }), cacheUsage(scope))
    .map(([told, cached]): Partial<Usage> => ({ ...told, ...cached }));
}

/** The usage that a message ends with. */
export function usageAtEnd(scope: Scope): fc.Arbitrary<Partial<MessageDeltaUsage>> {
  const told = fc.record({ input_tokens: fc.option(tokens), output_tokens: tokens });
  return fc
    .tuple(scope.has('usage') ? told : fc.constant({}), cacheUsage(scope))
    .map(([told, cached]) => ({ ...told, ...cached }));
}

function cacheUsage(scope: Scope): fc.Arbitrary<CacheUsage> {
  if (!scope.has('cacheUsage')) return fc.constant({});
  return fc
    .tuple(fc.option(tokens), fc.option(tokens))
    .map(([cache_creation_input_tokens, cache_read_input_tokens]) => ({
      cache_creation_input_tokens,
      cache_read_input_tokens,
    }));
}

/** Where a passage comes from. */
export const CITATION: fc.Arbitrary<TextCitation> = fc.oneof(
  TEXT.map((cited_text): TextCitation => ({
    type: 'char_location',
    cited_text,
    document_index: 0,
    document_title: null,
    start_char_index: 0,
    end_char_index: 1,
    file_id: null,
  })),
  TEXT.map((cited_text): TextCitation => ({
    type: 'web_search_result_location',
    cited_text,
    encrypted_index: 'RW5j',
    title: null,
    url: 'https://example.com/',
  })),
);
