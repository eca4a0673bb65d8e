import assert from 'node:assert/strict';
import type { CheckCounts } from '../src/app/checked.js';
import type { Test } from './harness.js';
import { FLOOD, send, TRIP, untilPhase, untilText } from './chatPage.js';

export const speed: readonly Test[] = [
  {
    name: '10,000 deltas in two seconds: one change detection a frame at most, and of finished blocks no check at all',
    async run({ page, complaints }) {
      await send(page, FLOOD);
      await untilText(page, 200);
      const before = await countsOf(page);
      await page.evaluate(() => {
        globalThis.framesSeen = 0;
        globalThis.timesTold = 0;
        globalThis.framesCrowded = 0;
        let runs = globalThis.checkCounts?.runs ?? 0;
        const count = (): void => {
          const now = globalThis.checkCounts?.runs ?? 0;
          if (now - runs > 1) globalThis.framesCrowded++;
          runs = now;
          globalThis.framesSeen++;
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
        const region = document.querySelector('app-announcer .spoken');
        if (region) {
          new MutationObserver(() => globalThis.timesTold++).observe(region, {
            characterData: true,
            subtree: true,
          });
        }
      });
      const [deltas, started] = [await eventsOf(page), performance.now()];
      await untilPhase(page, 'done');
      const lasted = performance.now() - started;
      const after = await countsOf(page);
      const frames = await page.evaluate(() => globalThis.framesSeen);
      const told = await page.evaluate(() => globalThis.timesTold);
      const crowded = await page.evaluate(() => globalThis.framesCrowded);
      const runs = after.runs - before.runs;
      const checks = (name: string): number => (after.checks[name] ?? 0) - (before.checks[name] ?? 0);

      console.log(
        `  ${(await eventsOf(page)) - deltas} events in ${Math.round(lasted)} ms: ${frames} frames, ${runs} runs of change ` +
          `detection, ${checks('text')} checks of the text that grows, ${told} announcements, ${crowded} frames with two runs`,
      );
      assert.ok((await eventsOf(page)) > 10_000);
      assert.ok(runs <= frames, `${runs} runs in ${frames} frames`);
      // What is announced is no part of the picture, and waits for no frame.
      assert.ok(crowded <= told, `${crowded} frames with more than one run`);
      assert.ok(checks('text') <= runs, 'of two blocks of text only the one that grows is checked');
      assert.equal(checks('thinking'), 0);
      assert.equal(checks('page'), 1, 'the page is checked when the answer ends, and not before');
      assert.ok(told <= lasted / 2_000 + 2, `${told} announcements`);
      assert.match(await untilText(page, 100_000), /word 10000\.\s*$/);
      assert.deepEqual(complaints, []);
    },
  },
  {
    name: 'of a form that fills, only the field that grows is checked and what it stands in',
    async run({ page }) {
      await send(page, TRIP);
      await page.locator('section[data-status="streaming"]').waitFor({ timeout: 30_000 });
      const before = await countsOf(page);
      await page.locator('section[data-status="queued"]').waitFor({ timeout: 30_000 });
      const after = await countsOf(page);
      const cards = (after.checks['tool'] ?? 0) - (before.checks['tool'] ?? 0);
      const fields = (after.checks['json'] ?? 0) - (before.checks['json'] ?? 0);
      const shown = await page.locator('app-json').count();
      console.log(
        `  ${fields} checks of fields in ${cards} of the card, which has ${shown} fields in the end`,
      );
      assert.ok(shown > 20);
      // Five stand within each other: the card's, the days, a day, its stops, a stop. Each field is new once, too.
      assert.ok(fields <= 5 * cards + shown, `${fields} checks`);
      assert.equal(after.checks['text'], before.checks['text']);
    },
  },
];

declare global {
  var framesSeen: number;
  var framesCrowded: number;
  var timesTold: number;
}

function countsOf(page: Parameters<typeof send>[0]): Promise<CheckCounts> {
  return page.evaluate(() => {
    if (globalThis.checkCounts === undefined) throw new Error('Nothing is counted');
    return structuredClone(globalThis.checkCounts);
  });
}

async function eventsOf(page: Parameters<typeof send>[0]): Promise<number> {
  return Number(/^(\d+) event/.exec(await page.locator('figcaption').innerText())?.[1]);
}
