import assert from 'node:assert/strict';
import { button } from './chatPage.js';
import type { Test } from './harness.js';
import { fine, PHONE } from './layout.js';
import { chapters } from '../server/guide.js';

/** Of each chapter: a heading, a paragraph, a table, a list, code and a quote. */
const BLOCKS = 40 * 6;

export const markdown: readonly Test[] = [
  {
    name: 'a long Markdown answer: one change detection a frame, and no finished block is rendered again',
    options: { ...PHONE, bypassCSP: true },
    measures: true,
    async run({ page, complaints }) {
      await page.evaluate(() => {
        globalThis.rendered = { times: 0, again: [] };
        const guide = document.querySelector('.guide');
        if (guide === null) throw new Error('There is no guide');
        // The last rendering of a block, which shows how it ends, comes when the block behind it is there.
        const ended = new WeakSet<Element>();
        new MutationObserver((changes) => {
          const blocks = [...guide.querySelectorAll('markdown')];
          const changed = new Set(
            changes.map(({ target }) => (target instanceof Element ? target.closest('markdown') : null)),
          );
          for (const block of changed) {
            if (block === null) continue;
            globalThis.rendered.times++;
            if (block === blocks.at(-1)) continue;
            if (ended.has(block)) globalThis.rendered.again.push(block.textContent);
            ended.add(block);
          }
        }).observe(guide, { childList: true, subtree: true, characterData: true });
        globalThis.framesSeen = 0;
        const count = (): void => {
          globalThis.framesSeen++;
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
      });
      await button(page, 'Read the guide').click();
      await page.locator('markdown').first().waitFor();
      const [runsBefore, framesBefore] = await page.evaluate(() => [
        globalThis.checkCounts?.runs ?? 0,
        globalThis.framesSeen,
      ]);
      await page.waitForFunction((count) => document.querySelectorAll('markdown').length === count, BLOCKS);
      await page.locator('markdown').last().locator('blockquote').waitFor();
      const [runs, frames, { times, again }] = await page.evaluate(
        () => [globalThis.checkCounts?.runs ?? 0, globalThis.framesSeen, globalThis.rendered] as const,
      );
      console.log(
        `  ${chapters.length} events: ${runs - runsBefore} runs of change detection in ${frames - framesBefore} frames, ${times} renderings of ${BLOCKS} blocks`,
      );
      assert.ok(runs - runsBefore <= frames - framesBefore + 1);
      assert.deepEqual(again, []);
      assert.ok(times >= BLOCKS);
      assert.equal(await page.locator('markdown table').count(), 40);
      assert.equal(await page.locator('markdown pre code').count(), 40);
      await fine(page);
      assert.deepEqual(complaints, []);
    },
  },
];

declare global {
  var rendered: { times: number; readonly again: (string | null)[] };
}
