import assert from 'node:assert/strict';
import { from } from 'rxjs';
import type { Page } from 'playwright-core';
import { scriptFor } from '../server/script.js';
import type { Test } from './harness.js';
import { button, FLOOD, PACKING, send, untilOver, untilText } from './chatPage.js';

/** How many answers the heap is watched over. */
const ANSWERS = 50;

export const speed: readonly Test[] = [
  {
    name: '10,000 deltas in two seconds: one change detection a frame at most',
    measures: true,
    async run({ page, complaints }) {
      await send(page, FLOOD);
      await untilText(page, 200);
      await page.evaluate(() => {
        const counts = globalThis.checkCounts;
        if (counts === undefined) throw new Error('Nothing is counted');
        globalThis.framesSeen = 0;
        globalThis.runsBefore = counts.runs;
        const count = (): void => {
          globalThis.framesSeen++;
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
      });
      const pageChecks = await checksOf(page);
      const started = performance.now();
      await untilOver(page);
      const [frames, runs] = await page.evaluate(() => [
        globalThis.framesSeen,
        (globalThis.checkCounts?.runs ?? 0) - globalThis.runsBefore,
      ]);
      const lasted = Math.round(performance.now() - started);
      console.log(`  ${lasted} ms: ${frames} frames, ${runs} runs of change detection`);
      // The end waits for no frame.
      assert.ok((runs ?? 0) <= (frames ?? 0) + 1, `${runs} runs in ${frames} frames`);
      assert.ok((runs ?? 0) > 10);
      assert.equal(await checksOf(page), pageChecks, 'the page around the answer is not checked');
      assert.match(await untilText(page, 100_000), /word 10000\.\s*$/);
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: `the heap stays flat over ${ANSWERS} answers`,
    answers: () => from(scriptFor(['pack']).map(({ event }) => event)),
    measures: true,
    async run({ page, seen }) {
      await send(page, PACKING);
      await untilOver(page);
      const session = await page.context().newCDPSession(page);
      const heap = async (): Promise<number> => {
        await session.send('HeapProfiler.collectGarbage');
        return (await session.send('Runtime.getHeapUsage')).usedSize;
      };
      const again = async (times: number): Promise<void> => {
        for (let nth = 0; nth < times; nth++) {
          const begun = seen.begun;
          await button(page, 'Retry').click();
          while (seen.begun === begun) await page.waitForTimeout(1);
          await untilOver(page);
        }
      };
      await again(10);
      const before = await heap();
      await again(ANSWERS);
      const growth = (await heap()) - before;
      console.log(
        `  ${Math.round(before / 1024)} KiB, and ${Math.round(growth / 1024)} KiB more after ${ANSWERS} answers`,
      );
      assert.ok(growth < 512 * 1024, `${growth} bytes more`);
    },
  },
];

function checksOf(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.checkCounts?.checks['page'] ?? 0);
}

declare global {
  var framesSeen: number;
  var runsBefore: number;
}
