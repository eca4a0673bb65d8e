import { concat, firstValueFrom, lastValueFrom, NEVER, of, throwError } from 'rxjs';
import { withServer } from '../../examples/terminal/server.js';
import { streamMessages } from '../../src/anthropic.js';
import { events, toText } from '../../src/index.js';
import { script } from '../../src/testing/script/script.js';

const PARAMS = { model: 'model-1', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const HELLO = script()
  .text(['Hel', 'lo 京'])
  .events()
  .map((event) => ({ wait: 1, event }));
const PING = [{ wait: 0, event: events.ping() }];

describe('withServer', () => {
  it('gives what is made of the server, and closes it', async () => {
    let url = '';
    const text = withServer(HELLO, 1, (baseURL) => {
      url = baseURL;
      return streamMessages(PARAMS, { baseURL }).pipe(toText());
    });
    expect(await lastValueFrom(text)).toBe('Hello 京');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('starts a server for each subscriber', async () => {
    const urls = withServer(PING, 1, (url) => of(url));
    expect(await lastValueFrom(urls)).not.toBe(await lastValueFrom(urls));
  });

  it('passes on what the use of it throws or fails with, and closes it', async () => {
    const error = new Error('no');
    let url = '';
    const throwing = withServer(PING, 1, (given) => {
      url = given;
      throw error;
    });
    await expect(lastValueFrom(throwing)).rejects.toBe(error);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    await expect(lastValueFrom(withServer(PING, 1, () => throwError(() => error)))).rejects.toBe(error);
  });

  it('is closed by unsubscribing, before it listens and after', async () => {
    let used = 0;
    withServer(PING, 1, () => of(used++))
      .subscribe()
      .unsubscribe();
    const url = await firstValueFrom(withServer(PING, 1, (given) => concat(of(given), NEVER)));
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(used).toBe(0);
  });
});
