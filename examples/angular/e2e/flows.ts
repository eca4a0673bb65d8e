import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Test } from './harness.js';
import { answerOf, button, PACKING, send, TRIP, until, untilOver, untilText } from './chatPage.js';

export const flows: readonly Test[] = [
  ...(['/', '/?via=http'] as const).map((path): Test => ({
    name: `an answer grows, is whole in the end, and ends well for the network: ${path}`,
    path,
    async run({ page, seen, complaints }) {
      const ends = endsOf(page);
      await send(page, PACKING);
      const early = await untilText(page, 1);
      const later = await untilText(page, early.length + 20);
      assert.equal(await answerOf(page).getAttribute('aria-busy'), 'true');
      await untilOver(page);
      const whole = await untilText(page, later.length);
      assert.ok(whole.startsWith(early) && whole.startsWith(later));
      assert.match(whole, /take nothing else\.$/);
      assert.deepEqual(seen, { begun: 1, left: 0, greeted: 1 });
      await until(() => ends.length === 1);
      assert.deepEqual(ends, ['finished']);
      const byHttpClient = await page.evaluate(() => globalThis.endsSeen ?? 0);
      assert.equal(byHttpClient, path === '/' ? 0 : 1);
      assert.deepEqual(complaints, []);
    },
  })),
  {
    name: 'a tool waits for a word, then runs in the browser; what it gave goes back, and the turn goes on',
    async run({ page, seen, complaints }) {
      await send(page, TRIP);
      await page.getByText('plan_trip: approval').waitFor({ timeout: 30_000 });
      assert.equal(await answerOf(page).getAttribute('aria-busy'), 'true');
      assert.ok(await page.getByText('0 trips in the planner').isVisible());
      const [asked] = await Promise.all([page.waitForRequest('**/api/chat'), button(page, 'Allow').click()]);
      const { messages } = asked.postDataJSON() as {
        messages: { role: string; content: { type: string }[] }[];
      };
      assert.deepEqual(
        messages.slice(1).map(({ role, content }) => [role, ...content.map(({ type }) => type)]),
        [
          ['assistant', 'thinking', 'text', 'tool_use'],
          ['user', 'tool_result'],
        ],
      );
      await untilOver(page);
      assert.match(await untilText(page, 10), /rooms near the river/);
      assert.ok(await page.getByText('plan_trip: done').isVisible());
      assert.ok(await page.getByText('1 trips in the planner').isVisible());
      await send(page, PACKING);
      await untilOver(page);
      assert.equal(await page.getByRole('article', { name: 'Answer' }).count(), 2);
      assert.deepEqual([seen.begun, seen.left], [3, 0]);
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'a tool that is denied does not run, and the turn goes on',
    async run({ page }) {
      await send(page, TRIP);
      await button(page, 'Deny').click({ timeout: 30_000 });
      await untilOver(page);
      assert.ok(await page.getByText('plan_trip: denied').isVisible());
      assert.ok(await page.getByText('0 trips in the planner').isVisible());
    },
  },
  {
    name: 'Stop closes the connection and keeps what had come; Retry asks again',
    async run({ page, seen, complaints }) {
      await send(page, PACKING);
      const before = await untilText(page, 20);
      await button(page, 'Stop').click();
      await until(() => seen.left === 1);
      await untilOver(page);
      const kept = await untilText(page, before.length);
      assert.ok(kept.startsWith(before) && !kept.includes('take nothing else.'));
      await button(page, 'Retry').click();
      await page.locator('article[aria-busy="true"]').waitFor();
      await untilOver(page);
      assert.match(await untilText(page, 20), /take nothing else\.$/);
      assert.deepEqual([seen.begun, seen.left], [2, 1]);
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'whoever leaves the page closes the connection',
    async run({ page, seen }) {
      await send(page, PACKING);
      await untilText(page, 20);
      await page.goto('about:blank');
      await until(() => seen.left === 1);
    },
  },
  {
    name: 'a connection that breaks leaves what had come, and says so',
    async run({ page, url, seen }) {
      const conversation = page
        .waitForRequest('**/api/chat')
        .then((request) => request.headerValue('x-conversation'));
      await send(page, PACKING);
      const before = await untilText(page, 30);
      await fetch(`${url}/api/break`, {
        method: 'POST',
        headers: { 'x-conversation': (await conversation) ?? '' },
      });
      await page.getByRole('alert').waitFor();
      assert.match(await page.getByRole('alert').innerText(), /connection broke/);
      assert.ok((await untilText(page, 1)).startsWith(before));
      await until(() => seen.left === 1);
      await button(page, 'Retry').click();
      await page.locator('article[aria-busy="true"]').waitFor();
      await untilOver(page);
      assert.match(await untilText(page, 30), /take nothing else\.$/);
      assert.equal(await page.locator('[role="alert"]').last().textContent(), '');
    },
  },
];

/** How the requests for answers end, as the network panel shows it. */
function endsOf(page: Page): string[] {
  const ends: string[] = [];
  page.on('requestfinished', (request) => request.url().endsWith('/api/chat') && ends.push('finished'));
  page.on('requestfailed', (request) => request.url().endsWith('/api/chat') && ends.push('failed'));
  return ends;
}
