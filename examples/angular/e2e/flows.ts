import assert from 'node:assert/strict';
import { lastValueFrom } from 'rxjs';
import { streamEvents, toMessage, untilTerminal } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import type { Test } from './harness.js';
import { answerOf, button, PACKING, promptOf, send, TRIP, until, untilPhase, untilText } from './chatPage.js';

export const flows: readonly Test[] = [
  {
    name: 'text grows before the answer ends, and is whole in the end',
    async run({ page, seen, complaints }) {
      await send(page, PACKING);
      const early = await untilText(page, 1);
      const later = await untilText(page, early.length + 20);
      assert.equal(await answerOf(page).getAttribute('data-phase'), 'streaming');
      assert.equal(await answerOf(page).getAttribute('aria-busy'), 'true');
      await untilPhase(page, 'done');
      const whole = await untilText(page, later.length);
      assert.ok(whole.startsWith(early) && whole.startsWith(later));
      assert.match(whole, /take nothing else\.$/);
      assert.equal(await answerOf(page).getAttribute('aria-busy'), 'false');
      assert.deepEqual(seen, { begun: 1, left: 0 });
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'the message that comes through HttpClient and the interceptor is that of streamEvents',
    async run({ page, url }) {
      await send(page, PACKING);
      await untilPhase(page, 'done');
      // What was said before goes back with the next prompt, as it came.
      const [asked] = await Promise.all([page.waitForRequest('**/api/chat'), send(page, TRIP)]);
      const { messages } = asked.postDataJSON() as { readonly messages: readonly { content: unknown }[] };
      const direct = streamEvents(`${url}/api/chat`, {
        codec: anthropic,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-conversation': 'direct' },
        body: JSON.stringify({ messages: messages.slice(0, 1) }),
      }).pipe(untilTerminal(), toMessage());
      assert.deepEqual(messages[1]?.content, (await lastValueFrom(direct)).content);
    },
  },
  {
    name: 'thinking is folded, and unfolds by the keyboard',
    async run({ page }) {
      await send(page, TRIP);
      const details = page.locator('app-thinking-block details');
      await details.waitFor();
      assert.equal(await details.getAttribute('open'), null);
      await details.locator('summary').focus();
      await page.keyboard.press('Enter');
      assert.notEqual(await details.getAttribute('open'), null);
      assert.ok(await details.locator('p').isVisible());
    },
  },
  {
    name: 'the arguments of a tool fill its card while they stream; then the tool runs and its result shows',
    async run({ page, complaints }) {
      await send(page, TRIP);
      const card = page.getByRole('region', { name: 'Tool plan_trip' });
      await card.getByText('Kyoto: three').waitFor();
      assert.equal(await card.getAttribute('data-status'), 'streaming');
      assert.equal(await card.getByText('The tunnel of maples').count(), 0);
      await card.getByText('The tunnel of maples 🍁').waitFor();
      await page.locator('section[data-status="queued"]').waitFor();
      await page.locator('section[data-status="done"]').waitFor();
      assert.ok(await card.getByText('Saved in the planner').isVisible());
      assert.match(
        await page.getByRole('list', { name: 'Usage' }).innerText(),
        /642 tokens in\s+471 tokens out\s+\d+ tokens\/s/,
      );
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'what the tool gave goes back with the next prompt',
    async run({ page }) {
      await send(page, TRIP);
      await page.locator('section[data-status="done"]').waitFor({ timeout: 30_000 });
      const asked = page.waitForRequest('**/api/chat');
      await send(page, PACKING);
      const request = await asked;
      assert.ok((await request.headerValue('x-conversation')) !== null);
      const { messages } = request.postDataJSON() as {
        messages: { role: string; content: { type: string }[] }[];
      };
      assert.deepEqual(
        messages.map(({ role, content }) => [role, ...content.map(({ type }) => type)]),
        [
          ['user', 'text'],
          ['assistant', 'thinking', 'text', 'tool_use'],
          ['user', 'tool_result', 'text'],
        ],
      );
    },
  },
  {
    name: 'Stop closes the connection, keeps what had come, and leaves the cursor in the prompt',
    async run({ page, seen, complaints }) {
      await send(page, PACKING);
      const before = await untilText(page, 20);
      await button(page, 'Stop').click();
      await untilPhase(page, 'stopped');
      await until(() => seen.left === 1);
      const kept = await untilText(page, before.length);
      assert.ok(kept.startsWith(before) && !kept.includes('take nothing else.'));
      assert.ok(await promptOf(page).evaluate((node) => node === document.activeElement));
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'Esc stops, Retry asks again, and Shift + Enter makes a line',
    async run({ page, seen }) {
      await promptOf(page).fill('What should');
      await promptOf(page).press('Shift+Enter');
      await promptOf(page).pressSequentially('we pack?');
      assert.equal(await promptOf(page).inputValue(), 'What should\nwe pack?');
      assert.equal(seen.begun, 0);
      await promptOf(page).press('Enter');
      await untilText(page, 20);
      await page.keyboard.press('Escape');
      await untilPhase(page, 'stopped');
      await button(page, 'Retry').click();
      await untilPhase(page, 'done');
      assert.match(await untilText(page, 20), /take nothing else\.$/);
      assert.deepEqual(seen, { begun: 2, left: 1 });
      assert.equal(await page.getByRole('article', { name: 'Answer' }).count(), 1);
    },
  },
  {
    name: 'when the connection breaks, the partial answer stays, an alert says so, and Retry works',
    async run({ page, seen }) {
      await send(page, PACKING);
      const before = await untilText(page, 30);
      await button(page, 'Break connection').click();
      await untilPhase(page, 'failed');
      assert.ok((await untilText(page, 1)).startsWith(before));
      assert.match(await page.getByRole('alert').innerText(), /connection broke/);
      await until(() => seen.left === 1);
      await button(page, 'Retry').click();
      await untilPhase(page, 'done');
      assert.match(await untilText(page, 30), /take nothing else\.$/);
      assert.equal(await page.getByRole('alert').count(), 0);
    },
  },
  {
    name: 'a tool call that breaks off is never run',
    async run({ page }) {
      await send(page, TRIP);
      await page.getByText('Kyoto: three').waitFor({ timeout: 30_000 });
      await button(page, 'Break connection').click();
      await untilPhase(page, 'failed');
      await page.locator('section[data-status="invalid"]').waitFor();
      assert.equal(await page.getByText('Saved in the planner').count(), 0);
      assert.ok(await page.getByText('Kyoto: three').isVisible());
    },
  },
  {
    name: 'the strip shows a lane for each block and every event',
    async run({ page }) {
      await send(page, TRIP);
      await untilPhase(page, 'done');
      await page.locator('section[data-status="done"]').waitFor();
      const lanes = page.locator('app-marble-lane .name');
      assert.deepEqual(await lanes.allInnerTexts(), ['message', 'thinking', 'text', 'plan_trip']);
      const counts = await page
        .locator('app-marble-lane svg')
        .evaluateAll((all) =>
          all.map((svg) => Number(/(\d+) events/.exec(svg.getAttribute('aria-label') ?? '')?.[1])),
        );
      const total = Number(/^(\d+) events/.exec(await page.locator('figcaption').innerText())?.[1]);
      assert.ok(total > 100);
      assert.equal(
        counts.reduce((sum, count) => sum + count),
        total,
      );
    },
  },
];
