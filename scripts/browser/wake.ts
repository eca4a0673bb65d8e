import { setTimeout } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { firstValueFrom } from 'rxjs';
import { check, equal } from '../checks.js';
import type { PageServer } from './server.js';

/** The longest that a page may take to ask again, and to have the whole answer, in ms. */
const LONGEST = 20_000;

/**
 * Whether a page whose connection broke asks for the rest as soon as it is online, or looked at, again: by itself it would
 * wait much longer.
 *
 * @param expected - the whole answer
 * @param ask - lets a page read it, and settles with what it has read
 */
export async function checkWake(
  browser: Browser,
  server: PageServer,
  expected: string,
  ask: (page: Page) => Promise<string>,
): Promise<void> {
  await check('a page that is online again asks for the rest at once, and sends nothing twice', async () => {
    const run = server.begin();
    const begun = begins(server);
    const page = await browser.newPage();
    await page.goto(server.url, { waitUntil: 'load' });
    const read = ask(page);
    // Where the page does not ask again, that is what is told.
    read.catch(() => undefined);
    await within(begun);
    await page.context().setOffline(true);
    const lost = page.waitForEvent('requestfailed');
    run.cut();
    await lost;
    equal(run.asked.length, 1);
    await again(
      () => run.asked.length > 1,
      async () => {
        await page.context().setOffline(true);
        await page.context().setOffline(false);
      },
    );
    equal(await within(read), expected);
    isResumed(run.asked);
    await page.close();
  });
  await check('a page that is looked at again does, too', async () => {
    const run = server.begin();
    const begun = begins(server);
    const session = await browser.newBrowserCDPSession();
    const tabs = await tabsOf(session);
    // A page that Playwright knows is always looked at, so this one tells by itself what it has read.
    const read = server.told();
    const tab = await tabs.open(`${server.url}#resumed`);
    await within(begun);
    const other = await tabs.open('about:blank');
    await tabs.show(other);
    run.cut();
    await setTimeout(500);
    equal(run.asked.length, 1);
    await again(
      () => run.asked.length > 1,
      async () => {
        await tabs.show(other);
        await tabs.show(tab);
      },
    );
    equal(await within(read), expected);
    isResumed(run.asked);
    await tabs.close();
    await session.detach();
  });
}

/** One POST, and then what follows what has come. */
function isResumed([first, ...others]: readonly string[]): void {
  equal(first, 'POST');
  for (const asked of others) equal(/^GET behind \d+-\d+$/.test(asked), true);
}

/** Tabs of a window of their own, of which one is shown. */
async function tabsOf(session: CDPSession) {
  const { browserContextId } = await session.send('Target.createBrowserContext');
  return {
    async open(url: string): Promise<string> {
      return (await session.send('Target.createTarget', { url, browserContextId })).targetId;
    },
    show: (targetId: string) => session.send('Target.activateTarget', { targetId }),
    close: () => session.send('Target.disposeBrowserContext', { browserContextId }),
  };
}

/** Does something until it has an effect: the page may not have noticed yet that its connection is gone. */
async function again(hasEffect: () => boolean, act: () => Promise<void>): Promise<void> {
  for (const began = Date.now(); !hasEffect();) {
    if (Date.now() - began > LONGEST) throw new Error('The page did not ask again');
    await act();
    await setTimeout(300);
  }
}

/** When a page has the first of an answer: before that, it can only ask for all of it. */
function begins(server: PageServer): Promise<void> {
  return firstValueFrom(server.next('/begun', 'asked'));
}

function within<T>(promise: Promise<T>): Promise<T> {
  const late = setTimeout(LONGEST, undefined, { ref: false }).then(() => {
    throw new Error('The rest did not come');
  });
  return Promise.race([promise, late]);
}
