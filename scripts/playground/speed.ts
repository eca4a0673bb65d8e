import type { Page } from 'playwright-core';
import { captureOf } from '../../playground/model/samples.js';
import { anthropic } from '../../src/anthropic.js';
import { script } from '../../src/testing.js';
import { check } from '../checks.js';
import { give, settled } from './given.js';
import type { Site } from './server.js';

/** In ms: for a change, the median; for a task, the longest. */
const CHANGE = 16;
const TASK = 100;
/** How many changes are measured at once. */
const CHANGES = 41;

/** Moves an event in the middle of 5,000, again and again. */
export async function checkSpeed(page: Page, server: Site): Promise<void> {
  const said = script().text('la '.repeat(4_996)).deltas({ words: 1 }).timed(10);
  await drop(page, server, Buffer.from(captureOf(anthropic, said.events())));
  await page.locator('stream-playground .row .count', { hasText: '5,0' }).first().waitFor();
  await settled(page);
  const events = await page.locator('stream-playground .row .count').nth(2).textContent();
  const session = await page.context().newCDPSession(page);
  // The machine may be busy with other things: what counts is the time of the page's own thread.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const change = (key: string, altKey: boolean): Promise<void> =>
    page.evaluate(`(async () => {
      const element = document.querySelector('stream-playground');
      const row = element.shadowRoot.querySelector('[role=slider][aria-label^=events]');
      row.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', altKey: ${altKey}, bubbles: true }));
      await element.drawn;
    })()`);
  await change('PageUp', false);
  let median = Infinity;
  // Whatever else the machine does leaves the caches of the page cold.
  for (let attempt = 0; attempt < 3 && !(median < CHANGE); attempt++) {
    const times: number[] = [];
    for (let nth = 0; nth < CHANGES; nth++) {
      const since = await spent();
      await change(nth % 2 === 0 ? 'ArrowRight' : 'ArrowLeft', true);
      times.push((await spent()) - since);
    }
    times.sort((one, other) => one - other);
    median = Math.min(median, times[(CHANGES - 1) / 2] ?? Infinity);
  }
  await check(`${events}: a change takes ${median.toFixed(1)} ms, the median of ${CHANGES}`, () => {
    if (!(median < CHANGE)) throw new Error(`It may take ${CHANGE} ms`);
  });
}

/** Drops a file on the element. */
async function drop(page: Page, server: Site, bytes: Uint8Array): Promise<void> {
  const path = JSON.stringify(server.serve('/dropped', bytes));
  await page.evaluate(`fetch(${path}).then((response) => response.blob()).then((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], 'dropped.sse'));
    const section = document.querySelector('stream-playground').shadowRoot.querySelector('section');
    section.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
  })`);
}

/** 50 MB, as a file. */
export async function checkLarge(page: Page, server: Site): Promise<void> {
  await page.evaluate(`(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ entryTypes: ['longtask'] });
  })()`);
  const capture = captureOf(
    anthropic,
    script().text('Grüße 🎵 '.repeat(2_000)).deltas({ words: 1 }).events(),
  );
  const bytes = Buffer.from(capture.repeat(Math.ceil(50_000_000 / Buffer.byteLength(capture))));
  let best = Infinity;
  // A task is as long as the clock on the wall says, also when the machine does something else meanwhile.
  for (let attempt = 0; attempt < 3 && !(best < TASK); attempt++) {
    await give(page, 'stream-playground', 'm-|');
    await page.evaluate('window.longest = 0');
    await drop(page, server, bytes);
    await page.locator('stream-playground .notes .soft', { hasText: 'MB' }).first().waitFor();
    await settled(page);
    best = Math.min(best, await page.evaluate<number>('window.longest'));
  }
  const size = (bytes.length / 1e6).toFixed(0);
  await check(`a capture of ${size} MB: the longest task took ${best.toFixed(0)} ms`, () => {
    if (!(best < TASK)) throw new Error(`It may take ${TASK} ms`);
  });
}
