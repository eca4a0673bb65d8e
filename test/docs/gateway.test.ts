import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { streamMessages } from '../../src/anthropic.js';
import { toMessage, untilTerminal } from '../../src/index.js';
import { openaiChat } from '../../src/openai.js';
import { script } from '../../src/testing/script/script.js';
import { mockServer } from '../../src/testing/network/mockServer.js';
import { mockResponse } from '../../src/testing/network/mockResponse.js';
import { gateway } from './gateway.js';

describe('the gateway of the README', () => {
  it('is the one that is tested here', () => {
    const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const code = readFileSync(new URL('gateway.ts', import.meta.url), 'utf8');
    const published = code
      .replaceAll('../../src/index.js', 'rxjs-llm-stream')
      .replaceAll(/\.\.\/\.\.\/src\/(\w+)\.js/g, 'rxjs-llm-stream/$1');
    expect(page).toContain(published);
  });

  it('turns away what asks for nothing, and asks no provider', async () => {
    const model = await mockServer([]);
    const server = gateway('model-1', { apiKey: 'key', baseURL: model.url }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/messages`;
      const statusOf = async (body?: string): Promise<number> =>
        (await fetch(url, body === undefined ? {} : { method: 'POST', body })).status;
      expect(await statusOf()).toBe(405);
      for (const body of ['', 'Hi', '{}', '{"messages":"Hi"}', '[]', 'null'])
        expect(await statusOf(body)).toBe(400);
      expect(model.requests).toEqual([]);
    } finally {
      server.close();
      server.closeAllConnections();
      await model.close();
    }
  });

  it('answers in the protocol of its client, and hands on what the provider refuses', async () => {
    const busy = mockResponse('{"error":{"message":"Slow down"}}', {
      status: 429,
      headers: { 'retry-after': '7' },
    });
    const model = await mockServer([script().text('Good morning'), busy], { codec: openaiChat });
    const server = gateway('model-1', { apiKey: 'key', baseURL: model.url }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const ask = (): Promise<object> =>
        lastValueFrom(
          streamMessages(
            { model: 'any', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
            { apiKey: 'none', baseURL },
          ).pipe(untilTerminal(), toMessage()),
        );
      expect(await ask()).toMatchObject({ content: [{ text: 'Good morning' }], stop_reason: 'end_turn' });
      const { body } = model.requests[0] ?? {};
      expect(JSON.parse(body ?? '')).toMatchObject({
        model: 'model-1',
        messages: [{ role: 'user', content: 'Hi' }],
      });
      await expect(ask()).rejects.toMatchObject({ code: 'http', status: 429, retryAfterMs: 7_000 });
    } finally {
      server.close();
      server.closeAllConnections();
      await model.close();
    }
  });
});
