import type { Page } from 'playwright-core';

/** Gives an element a source, as typing it does, and waits until it is shown. */
export async function give(page: Page, element: string, text: string): Promise<void> {
  await page.locator(`${element} textarea`).fill(text);
  await page.waitForTimeout(150);
  await settled(page, element);
}

/** Waits until what an element was asked for last is shown. */
export function settled(page: Page, element = 'stream-playground'): Promise<void> {
  return page.evaluate(`document.querySelector('${element}').settled`);
}
