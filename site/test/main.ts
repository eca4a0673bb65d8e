/** Builds the site and looks at it in Chromium: `npm run site:test`. */
import { check, equal, finish } from '../../scripts/checks.js';
import { buildSite } from '../build/build.js';
import { DIST } from '../build/places.js';
import { serveSite } from '../build/serve.js';
import { axeFindings, contextOf, launch, lookAt, tabThrough, visit, type Look } from './browser.js';
import { brokenLinks, builtPages } from './links.js';

/** One page of each kind. */
const KINDS = ['', 'operators/untilTerminal', 'playground'];
/** One of each kind that only reads, and what stands where something plays. */
const READ = [
  '',
  'operators/untilTerminal',
  'playground',
  'viewer',
  'guide/',
  'guide/recipes',
  'why/comparison',
  'api/openai',
];
/** Those that axe reads in every look; the others once. */
const MAIN_KINDS = ['', 'operators/untilTerminal'];
const LOOKS: readonly Look[] = [
  { form: 'desktop', scheme: 'light' },
  { form: 'phone', scheme: 'dark' },
  { form: 'desktop', scheme: 'dark' },
  { form: 'phone', scheme: 'light' },
];
/** Of pages that are all of one kind, how many axe reads. */
const SAMPLE = 2;
/** Folders of such pages. */
const ALIKE = ['decisions/', 'operators/', 'api/'];
const AT_ONCE = 3;

const start = performance.now();

await check('the site is built', async () => {
  const count = await buildSite();
  if (count < 50) throw new Error(`Only ${count} pages`);
});
const pages = builtPages(DIST);
const server = await serveSite(DIST);
const browser = await launch();
try {
  await check(`all links of ${pages.length} pages lead somewhere`, () => equal(brokenLinks(DIST, pages), []));
  await check('a link that leads nowhere would be seen', () => {
    const page = {
      path: 'index.html',
      links: ['/nowhere', '#nowhere', '/guide/#nowhere'],
      ids: new Set<string>(),
    };
    const guide = pages.filter(({ path }) => path === 'guide/index.html');
    equal(brokenLinks(DIST, [page, ...guide]).length >= 3, true);
  });
  await checkPages();
  await checkKinds();
  await checkSearch();
  await checkColours();
  await checkStream();
} finally {
  await browser.close();
  await server.close();
}
console.log(`in ${((performance.now() - start) / 1000).toFixed(1)} s`);
finish();

/** Each page says nothing, asks no other host, and breaks no policy; axe finds nothing in a sample of each kind. */
async function checkPages(): Promise<void> {
  const paths = pages
    .map(({ path }) => path.replace(/(?:index)?\.html$/, ''))
    .filter((path) => path !== '404');
  const read = paths.filter((path) => {
    const folder = ALIKE.find((name) => path.startsWith(name));
    const alike = paths.filter((other) => folder !== undefined && other.startsWith(folder));
    return folder === undefined || alike.indexOf(path) % Math.ceil(alike.length / SAMPLE) === 0;
  });
  const rest = [...paths];
  await Promise.all(
    LOOKS.map(async (look) => {
      const context = await contextOf(browser, look);
      for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
        const isRead = read.includes(path);
        await check(`/${path} is in order, ${look.form}, ${look.scheme}`, () =>
          visit(context, server.url + path, async ({ page, complaints }) => {
            equal(complaints, []);
            equal(await page.locator('h1').count(), 1);
            equal(await widerThanWindow(page), false);
            if (isRead) equal(await axeFindings(page), []);
          }),
        );
      }
      await context.close();
    }),
  );
}

async function checkKinds(): Promise<void> {
  const looks = MAIN_KINDS.flatMap((path) => LOOKS.map((look) => ({ path, look })));
  await atOnce(looks, async ({ path, look }) => {
    await check(`axe finds nothing in /${path}, ${look.form}, ${look.scheme}`, () =>
      lookAt(browser, server.url + path, look, async ({ page }) => equal(await axeFindings(page), [])),
    );
  });
  await atOnce(READ, async (path) => {
    await check(`/${path} can be read without JavaScript`, () =>
      lookAt(
        browser,
        server.url + path,
        { form: 'phone', scheme: 'light', script: false },
        async ({ page, complaints }) => {
          equal(complaints, []);
          equal(await page.locator('h1').isVisible(), true);
          equal(await widerThanWindow(page), false);
          const text = await page.locator('main, #VPContent').first().innerText();
          if (text.length < 100) throw new Error(`Only ${text.length} characters can be read`);
          for (const picture of await page.locator('.picture img:visible').all())
            equal(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0), true);
        },
      ),
    );
  });
  await atOnce(KINDS, async (path) => {
    await check(`the Tab key reaches all of /${path}, and shows where it is`, () =>
      lookAt(browser, server.url + path, { form: 'desktop', scheme: 'light' }, async ({ page }) => {
        const { stops, missed, hidden } = await tabThrough(page);
        equal(missed, []);
        equal(hidden, []);
        if (stops < 10) throw new Error(`Only ${stops} were reached`);
      }),
    );
  });
}

async function checkSearch(): Promise<void> {
  await check('the search finds an operator by the keyboard alone', () =>
    lookAt(browser, server.url, { form: 'desktop', scheme: 'light' }, async ({ page, complaints }) => {
      // The page listens for it as soon as its script has run.
      const box = page.locator('.VPLocalSearchBox');
      while (!(await box.isVisible())) {
        await page.keyboard.press('Control+k');
        await page.waitForTimeout(100);
      }
      await page.keyboard.type('untilTerminal');
      await page.locator('.VPLocalSearchBox .result').first().waitFor();
      equal(await axeFindings(page), []);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      // What a screen reader follows is the entry that is chosen.
      const chosen = page.locator('.VPLocalSearchBox [role=option][aria-selected=true]');
      equal(
        await chosen.getAttribute('id'),
        await page.locator('.VPLocalSearchBox input').getAttribute('aria-activedescendant'),
      );
      await page.keyboard.press('Enter');
      await page.waitForURL('**/operators/untilTerminal*');
      equal(complaints, []);
    }),
  );
}

async function checkColours(): Promise<void> {
  await check('the switch turns page and pictures dark, and the next page stays so', () =>
    lookAt(
      browser,
      `${server.url}operators/dropPings`,
      { form: 'desktop', scheme: 'light' },
      async ({ page, complaints }) => {
        const shown = async (): Promise<unknown> =>
          page.locator('.picture img:visible').first().getAttribute('class');
        equal(await shown(), 'on-light');
        await page.locator('.VPNavBarAppearance .VPSwitchAppearance').click();
        equal(await shown(), 'on-dark');
        await page.locator('.VPSidebar a', { hasText: 'untilTerminal' }).click();
        await page.locator('h1', { hasText: 'untilTerminal' }).waitFor();
        equal(await shown(), 'on-dark');
        equal(complaints, []);
      },
    ),
  );
}

async function checkStream(): Promise<void> {
  const look = { form: 'desktop', scheme: 'light' } as const;
  await check('the stream of the start page plays, stops, goes on and ends', () =>
    lookAt(browser, server.url, { ...look, motion: true }, async ({ page, complaints }) => {
      const button = page.locator('.live button');
      const shown = (): Promise<string> => page.locator('.live-answer').innerText();
      await page.locator('.live-thinking').waitFor();
      await button.click();
      equal(await button.innerText(), 'Play');
      const [stopped, frames] = [await shown(), 5];
      for (let frame = 0; frame < frames; frame++) await page.evaluate('new Promise(requestAnimationFrame)');
      equal(await shown(), stopped);
      equal(stopped.includes('coat'), false);
      await button.click();
      await page.locator('.live-status', { hasText: 'done' }).waitFor();
      equal((await shown()).includes('you will want a coat.'), true);
      equal(await button.innerText(), 'Play again');
      equal(complaints, []);
    }),
  );
  await check('it stands still for who wants no movement, and plays when it is asked to', () =>
    lookAt(browser, server.url, look, async ({ page }) => {
      equal(await page.locator('.live button').innerText(), 'Play again');
      equal((await page.locator('.live-answer').innerText()).includes('you will want a coat.'), true);
      await page.locator('.live button').click();
      equal(await page.locator('.live button').innerText(), 'Pause');
    }),
  );
}

/** Whether the page itself scrolls sideways. */
function widerThanWindow(page: Parameters<typeof axeFindings>[0]): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}

async function atOnce<T>(items: readonly T[], work: (item: T, nth: number) => Promise<void>): Promise<void> {
  const rest = items.map((item, nth) => [item, nth] as const);
  const next = async (): Promise<void> => {
    for (let taken = rest.shift(); taken !== undefined; taken = rest.shift()) await work(...taken);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
