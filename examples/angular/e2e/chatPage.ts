import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

export const TRIP = 'Three calm days in Kyoto, please.';
export const PACKING = 'What should we pack?';
export const FLOOD = 'Write 10,000 words, as fast as you can.';

/** Writes a question and presses Enter. */
export async function send(page: Page, question: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Question' });
  await box.fill(question);
  await box.press('Enter');
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

/** The last answer. */
export function answerOf(page: Page): Locator {
  return page.getByRole('article', { name: 'Answer' }).last();
}

/** Waits until the last answer is over. */
export async function untilOver(page: Page): Promise<void> {
  await page.locator('article:last-of-type[aria-busy="false"]').waitFor({ timeout: 30_000 });
}

/** Waits until the last text of the last answer is at least so long, and gives it. */
export async function untilText(page: Page, length: number): Promise<string> {
  const text = await page.waitForFunction(
    (least) => {
      const texts = [...document.querySelectorAll('article')].at(-1)?.querySelectorAll('app-block p') ?? [];
      const last = [...texts].at(-1)?.textContent ?? '';
      return last.length >= least ? last : undefined;
    },
    length,
    { polling: 'raf' },
  );
  return (await text.jsonValue()) ?? '';
}

/** Waits for something that the server sees. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`Not so after 5 s: ${isSo.toString()}`);
    await setTimeout(10);
  }
}
