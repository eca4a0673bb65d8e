import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from './harness.js';
import { button, send, TRIP, untilOver } from './chatPage.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1000, height: 900 } };

/** Nothing is wider than the page, and axe finds nothing, before, in and after an answer. */
export const layout: readonly Test[] = [
  shown('phone', { ...PHONE, colorScheme: 'light' }),
  shown('phone-dark', { ...PHONE, colorScheme: 'dark' }),
  shown('desktop', { ...DESKTOP, colorScheme: 'light' }),
  shown('desktop-dark', { ...DESKTOP, colorScheme: 'dark' }),
];

function shown(name: string, options: BrowserContextOptions): Test {
  return {
    name: `fits, and axe finds nothing: ${name}`,
    options: { ...options, bypassCSP: true },
    async run({ page, complaints }) {
      await fine(page);
      await send(page, TRIP);
      await button(page, 'Allow').waitFor({ timeout: 30_000 });
      await fine(page);
      if (process.argv.includes('--screenshots'))
        await page.screenshot({
          path: fileURLToPath(new URL(`../screenshots/${name}.png`, import.meta.url)),
        });
      await button(page, 'Allow').click();
      await untilOver(page);
      await fine(page);
      assert.deepEqual(complaints, []);
    },
  };
}

/** Fails where the page is wider than the screen, or axe finds something; the page must not have a policy. */
export async function fine(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(over, 0);
  await page.addScriptTag({ content: AXE });
  const found = await page.evaluate(async () => (await globalThis.axe.run()).violations);
  assert.deepEqual(
    found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
  );
}

declare global {
  var axe: {
    run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
  };
}
