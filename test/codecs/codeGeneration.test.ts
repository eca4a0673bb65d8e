import { vi } from 'vitest';
import type { Codec } from '../../src/codecs/codec.js';
import { isAccepted } from './conformance/spelling.js';
import { isValid } from './conformance/valid.js';

/** How often code was made from text since the last look. */
let generated = 0;

const given = globalThis.Function;
const watched = new Proxy(given, {
  apply(target, self, args) {
    generated++;
    return Reflect.apply(target, self, args) as unknown;
  },
  construct(target, args) {
    generated++;
    return Reflect.construct(target, args) as object;
  },
});

beforeEach(() => {
  vi.resetModules();
  generated = 0;
  globalThis.Function = watched;
});

afterEach(() => {
  globalThis.Function = given;
});

// A page under a strict Content Security Policy reports each attempt, also one whose failure is caught.
describe('code from text', () => {
  it('is never made, neither when the codec is loaded nor when it checks', async () => {
    const { anthropic } = await import('../../src/codecs/anthropic/codec.js');
    const { eventSchema } = await import('../../src/codecs/anthropic/schemas.js');
    const events = await import('../../src/events/make.js');
    const { anthropic: entry } = await import('../../src/anthropic.js');
    const given = [
      events.messageStart(),
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.error('api_error', 'No'),
      events.messageStop(),
    ];
    for (const event of given) {
      const data = JSON.stringify(event);
      expect(anthropic.decoder().next({ data })).toEqual([event]);
      expect(isValid(entry.schema, event)).toBe(true);
      expect(eventSchema.safeParse(event).success).toBe(true);
      expect(eventSchema.safeParse({ ...event, type: 'new' }).success).toBe(false);
    }
    expect(generated).toBe(0);
  });

  it.each([
    [
      'modelrelay',
      '../../src/modelrelay.js',
      ['{"type":"start"}', '{"event":"message_stop","tool_calls":[]}'],
    ],
    [
      'llmWorker',
      '../../src/llm-worker.js',
      ['{"BlockStart":{"index":0,"block_type":"Text","metadata":"Text"}}'],
    ],
    ['synaps', '../../src/synaps.js', ['{"type":"ready","session_id":"s","model":"m","protocol_version":1}']],
  ])('is never made by %s', async (name, entry, texts) => {
    const module = (await import(entry)) as Record<string, Codec>;
    const codec = module[name] as Codec;
    for (const data of texts) {
      expect(codec.decoder().next({ data }).length).toBeGreaterThan(0);
      expect(isAccepted(codec, JSON.parse(data))).toBe(true);
      expect(isAccepted(codec, { type: 7 })).toBe(false);
    }
    expect(generated).toBe(0);
  });

  it('would be seen: an object schema as zod makes it asks for it', async () => {
    const z = await import('zod');
    z.object({ text: z.string() }).safeParse({ text: 'Hi' });
    expect(generated).toBeGreaterThan(0);
  });
});
