import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { from, lastValueFrom, map } from 'rxjs';
import { encode, frameText, toMessage } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import { gemini } from 'rxjs-llm-stream/gemini';
import { ollama } from 'rxjs-llm-stream/ollama';
import { openaiChat } from 'rxjs-llm-stream/openai';
import { liveAnswers } from '../server/answers.js';
import { scriptFor } from '../server/script.js';
import { PACKING, send, untilOver, untilText } from './chatPage.js';
import { closed, listening, type Test } from './harness.js';

const KEY = 'sk-test-7e41b0';

/** What the stand-in for the real API was asked. */
const asked: {
  key: unknown;
  path: unknown;
  conversation: unknown;
  body: { model?: unknown; stream?: unknown };
}[] = [];

const api = createServer((request, response) => {
  void json(request).then((body: unknown) => {
    const { 'x-api-key': key, 'x-conversation': conversation } = request.headers;
    asked.push({ key, path: request.url, conversation, body: body ?? {} });
    if (asked.length > 1) {
      response.writeHead(401, { 'content-type': 'application/json' });
      const error = { type: 'authentication_error', message: `invalid x-api-key ${KEY}` };
      response.end(JSON.stringify({ type: 'error', error }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    from(scriptFor(['pack']).map(({ event }) => event))
      .pipe(encode(anthropic), map(frameText('sse')))
      .subscribe({ next: (text) => response.write(text), complete: () => response.end() });
  });
});

export const live: readonly Test[] = [
  {
    name: 'with a key the server asks the real API, and the key never comes to the browser',
    answers: (messages) => liveAnswers({ apiKey: KEY, model: 'm-1', baseURL: apiURL })(messages),
    async run({ page, url }) {
      apiURL = await listening(api);
      try {
        await send(page, PACKING);
        await untilOver(page);
        assert.match(await untilText(page, 30), /take nothing else\.$/);
        const [first] = asked;
        assert.equal(first?.key, KEY);
        assert.equal(first?.path, '/v1/messages');
        assert.equal(first?.conversation, undefined);
        assert.equal(first?.body.model, 'm-1');
        assert.equal(first?.body.stream, true);

        await send(page, PACKING);
        await page.getByRole('alert').waitFor();
        assert.match(await page.getByRole('alert').innerText(), /did not finish its answer/);
        const content = [{ type: 'text', text: PACKING }];
        const refused = await fetch(`${url}/api/chat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-conversation': 'another' },
          body: JSON.stringify({ messages: [{ role: 'user', content }] }),
        });
        const said = await refused.text();
        assert.match(said, /event: error/);
        assert.ok(!said.includes(KEY) && !JSON.stringify([...refused.headers]).includes(KEY));
        assert.ok(!(await page.content()).includes(KEY));
      } finally {
        await closed(api);
      }
    },
  },
  {
    name: 'each provider is asked in its own words, and answers in the same events',
    async run() {
      const question = { role: 'user', content: [{ type: 'text', text: 'Kyoto?' }] } as const;
      for (const [provider, codec] of Object.entries({ anthropic, gemini, ollama, openai: openaiChat })) {
        let body = '';
        const server = createServer((request, response) => {
          void text(request).then((sent) => {
            body = sent;
            from(scriptFor(['trip']).map(({ event }) => event))
              .pipe(encode(codec), map(frameText(codec.framing)))
              .subscribe({ next: (text) => response.write(text), complete: () => response.end() });
          });
        });
        const baseURL = await listening(server);
        const answer = liveAnswers({ provider, apiKey: KEY, model: 'm-1', baseURL })([question]);
        const found = await lastValueFrom(answer.pipe(toMessage()));
        await closed(server);
        const calls = found.content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : []));
        assert.deepEqual([calls, found.stop_reason], [['plan_trip'], 'tool_use'], provider);
        for (const word of ['Kyoto?', 'plan_trip', 'perDay']) assert.ok(body.includes(word), provider);
      }
    },
  },
  {
    name: 'a page of another origin can spend no key',
    async run({ url, seen }) {
      const body = JSON.stringify({ messages: [] });
      const post = (headers: Record<string, string>) =>
        fetch(`${url}/api/chat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        });
      assert.equal((await post({})).status, 403);
      const preflight = await fetch(`${url}/api/chat`, { method: 'OPTIONS' });
      assert.equal(preflight.headers.get('access-control-allow-origin'), null);
      assert.equal(seen.begun, 0);
    },
  },
];

let apiURL = '';
