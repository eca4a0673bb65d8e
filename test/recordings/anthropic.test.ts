import { from, lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { sse } from '../../src/wire/sse.js';
import { bytesOf, goldenOf, recordings } from './recordings.js';

const known = recordings('anthropic');

describe('recorded streams of the Messages API', () => {
  it.each(known.map((r) => [r.file, r] as const))('%s gives the message that the official SDK gives', async (_, recording) => {
    const messages = await lastValueFrom(
      from([bytesOf(recording)]).pipe(sse({ tail: 'emit' }), decode(anthropic), toMessage(), toArray()),
    );
    const golden = goldenOf(recording);
    if (golden) expect(messages).toEqual([golden]);
    else expect(messages.length).toBeGreaterThan(1);
  });
});
