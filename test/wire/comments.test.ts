import { from, lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { decode, events, fromBytes, sse, type Frame, type StreamEvent } from '../../src/index.js';
import { PROTOCOLS } from '../codecs/conformance/protocols.js';
import { wire } from '../sources/loopback.js';

describe('comments', () => {
  const TEXT = ': hello\n\ndata: a\n: inside\ndata: b\n\n:\n\n: at the end';
  const ping = { event: 'ping', data: '' };

  it('are frames named ping where that is asked for, wherever the text is cut', () => {
    for (const size of [1, 2, 3, 7, TEXT.length]) {
      const chunks = TEXT.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const frames: Frame[] = [];
      from(chunks)
        .pipe(sse({ comments: 'ping' }))
        .subscribe((frame) => frames.push(frame));
      expect(frames).toEqual([ping, ping, { data: 'a\nb' }, ping]);
    }
  });

  it.each(
    PROTOCOLS.filter(({ codec }) => codec.framing === 'sse').map(({ codec }) => [codec.name, codec] as const),
  )('are pings of %s, of a source too', (_, codec) => {
    const seen: StreamEvent[] = [];
    const chunks = [': PROCESSING\n\n', ': PROCESSING\n\n'];
    from(chunks)
      .pipe(sse({ comments: 'ping' }), decode(codec))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([events.ping(), events.ping()]);
  });

  it('of a source are pings where that is asked for, and pass over otherwise', async () => {
    const text = wire(events.messageStart(), events.messageStop()).replaceAll('\n\n', '\n\n: on\n\n');
    const types = async (comments?: 'ping'): Promise<readonly string[]> => {
      const source = fromBytes(text, { codec: anthropic, comments });
      return (await lastValueFrom(source.pipe(toArray()))).map(({ type }) => type);
    };
    expect(await types('ping')).toEqual(['message_start', 'ping', 'message_stop', 'ping']);
    expect(await types()).toEqual(['message_start', 'message_stop']);
  });
});
