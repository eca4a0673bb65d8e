import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import { MessageDecoder } from '../../../src/codecs/kit/messageDecoder.js';
import type { Json } from '../../../src/codecs/kit/json.js';

/** A decoder that knows nothing but texts. */
class Texts extends MessageDecoder {
  protected override read({ say }: Json): void {
    this.writer.flow('text', String(say));
  }
}

describe('an event that the frame names', () => {
  it.each(['', '7', '2026-11-28T16:45:00Z', '"16:45"', 'null', '{"time":1}'])(
    'ping is a ping, whatever it holds: %s',
    (data) => {
      expect(new Texts().next({ event: 'ping', data })).toEqual([events.ping()]);
    },
  );

  it.each([
    ['{"message":"No more"}', 'api_error'],
    ['{"error":{"type":"overloaded_error","message":"No more"}}', 'overloaded_error'],
    ['No more', 'api_error'],
    ['"No more"', 'api_error'],
  ])('error is an error, whatever it holds: %s', (data, type) => {
    expect(new Texts().next({ event: 'error', data })).toMatchObject([
      { type: 'error', error: { type, message: expect.stringContaining('No more') as string } },
    ]);
  });

  it.each([
    ['ping', '{"say":"Hi"'],
    ['ping', '{"say":"Hi"}\n{"say":"Ho"}'],
    ['error', '{"say":"Hi"}\n{"error":"No"}'],
  ])('%s does not stand for what may be another event: %s', (event, data) => {
    expect(() => new Texts().next({ event, data })).toThrow(StreamError);
  });
});
