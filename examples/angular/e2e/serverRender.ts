import assert from 'node:assert/strict';
import type { Test } from './harness.js';

const GREETING = 'Good morning. In Kyoto the maples are red this week.';

export const serverRender: readonly Test[] = (['/', '/?via=http'] as const).map((path) => ({
  name: `the page comes with the greeting, which two components show of one request in all: ${path}`,
  path,
  async run({ page, url, seen, complaints }) {
    await page.getByRole('button', { name: 'Send' }).waitFor();
    // It is there before any script runs.
    const page1 = await (await fetch(`${url}${path}`)).text();
    assert.ok(page1.includes(GREETING) && page1.includes('17 tokens'));
    assert.equal(seen.greeted, 2, 'once for each page that was rendered');
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/')) asked++;
    });
    await page.goto(`${url}${path}`);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('app-greeting').innerText(), GREETING);
    assert.equal(await page.locator('app-greeting-cost').innerText(), '17 tokens');
    assert.equal(asked, 0, 'the browser asks nothing again');
    assert.equal(seen.greeted, 3);
    // The chat, which says nothing of a server, asked nothing there.
    assert.equal(seen.begun, 0);
    assert.deepEqual(complaints, []);
  },
}));
