import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from './harness.js';
import { button, FLOOD, send, TRIP, untilPhase, untilText } from './chatPage.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1000, height: 900 } };

export const layout: readonly Test[] = [
  shown('phone', { ...PHONE, colorScheme: 'light' }),
  shown('desktop', { ...DESKTOP, colorScheme: 'light' }),
  shown('dark', { ...DESKTOP, colorScheme: 'dark' }),
  {
    name: 'a broken answer fits a dark phone',
    options: { ...PHONE, colorScheme: 'dark' },
    async run({ page }) {
      await send(page, TRIP);
      await page.getByText('Moss and silver').waitFor({ timeout: 30_000 });
      assert.equal(await overflow(page), 0);
      await button(page, 'Break connection').click();
      await untilPhase(page, 'failed');
      await button(page, 'Retry').waitFor();
      assert.equal(await overflow(page), 0);
      await picture(page, 'broken');
    },
  },
  {
    name: 'the end of a growing answer stays in view, unless the reader scrolls away',
    async run({ page }) {
      await send(page, FLOOD);
      await untilText(page, 20_000);
      assert.ok((await farthest(page, 5)) < 2);
      await page.getByRole('log').evaluate((node) => (node.scrollTop = 0));
      await untilPhase(page, 'done');
      assert.equal(await page.getByRole('log').evaluate((node) => node.scrollTop), 0);
    },
  },
  {
    name: 'everything has a name, texts are readable in both colour schemes',
    async run({ page }) {
      await send(page, TRIP);
      await untilPhase(page, 'done');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const poor = await page.evaluate(poorContrast);
        assert.deepEqual(poor, [], colorScheme);
      }
      const nameless = await page
        .locator('button, textarea, summary, main, article, svg')
        .evaluateAll(
          (all) =>
            all.filter((node) => (node.getAttribute('aria-label') ?? node.textContent).trim() === '').length,
        );
      assert.equal(nameless, 0);
    },
  },
];

function shown(name: string, options: BrowserContextOptions): Test {
  return {
    name: `nothing is wider than the page: ${name}`,
    options,
    async run({ page, complaints }) {
      assert.equal(await overflow(page), 0);
      await send(page, TRIP);
      await page.getByText('Moss and silver').waitFor({ timeout: 30_000 });
      assert.equal(await overflow(page), 0);
      await picture(page, name);
      await page.locator('section[data-status="done"]').waitFor({ timeout: 30_000 });
      await page.locator('summary').first().click();
      assert.equal(await overflow(page), 0);
      assert.deepEqual(complaints, []);
    },
  };
}

/** By how many CSS pixels something is wider than what it stands in, be it hidden or not. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.log, article, section, figure, form')].map(
        (node) => node.scrollWidth - node.clientWidth,
      ),
    ),
  );
}

/** How far from its end the conversation was shown at most, in CSS pixels, while it grew so many times. */
function farthest(page: Page, times: number): Promise<number> {
  return page.getByRole('log').evaluate(
    (node, times) =>
      new Promise<number>((resolve) => {
        let most = 0;
        // Told behind the one of the app, before the frame is drawn.
        const grown = new ResizeObserver(() => {
          most = Math.max(most, node.scrollHeight - node.scrollTop - node.clientHeight);
          if (--times > 0) return;
          grown.disconnect();
          resolve(most);
        });
        for (const child of node.children) grown.observe(child);
      }),
    times,
  );
}

/** Draws the pictures of README.md anew where that is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  if (!process.argv.includes('--screenshots')) return;
  await page.screenshot({ path: fileURLToPath(new URL(`../screenshots/${name}.png`, import.meta.url)) });
}

/** Texts whose colour is too near to that of what they stand on: less than 4.5 to 1, as WCAG 2 AA asks. */
function poorContrast(): string[] {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const channels = (color: string): number[] => {
    if (canvas === null) return [];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (node: Element | null): string => {
    if (node === null) return 'white';
    const color = getComputedStyle(node).backgroundColor;
    return channels(color)[3] === 255 ? color : ground(node.parentElement);
  };
  return [
    ...document.querySelectorAll(
      'p, li, dt, dd span, h1, h2, code, small, summary, button, .name, figcaption',
    ),
  ]
    .filter((node) => node.textContent.trim() !== '')
    .filter((node) => {
      const [low = 0, high = 0] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort();
      return (high + 0.05) / (low + 0.05) < 4.5;
    })
    .map((node) => node.textContent.slice(0, 40));
}
