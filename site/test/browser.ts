/** A built site in Chromium, and all that it says while it is looked at. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

/** The longest that a page may take, in ms. */
const LONGEST = 60_000;
/** More than any page has to reach. */
const MOST_STOPS = 1_200;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const FORMS = {
  desktop: { width: 1360, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** How a page is looked at. */
export interface Look {
  readonly form: keyof typeof FORMS;
  readonly scheme: 'light' | 'dark';
  readonly script?: boolean;
  /** Whether its reader wants movement. Default false. */
  readonly motion?: boolean;
}

/** A page, and what is not in order with it so far. */
export interface Seen {
  readonly page: Page;
  /** What the console, the policy and the network report. */
  readonly complaints: readonly string[];
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    timeout: LONGEST,
  });
}

/** Looks at a page as nobody has before, and closes it. */
export async function lookAt<T>(
  browser: Browser,
  url: string,
  look: Look,
  see: (seen: Seen) => Promise<T>,
): Promise<T> {
  const context = await contextOf(browser, look);
  try {
    return await visit(context, url, see, look.script);
  } finally {
    await context.close();
  }
}

export async function contextOf(browser: Browser, look: Look): Promise<BrowserContext> {
  const context = await browser.newContext(optionsOf(look));
  context.setDefaultTimeout(LONGEST);
  return context;
}

/** Looks at a page in a tab of its own. */
export async function visit<T>(
  context: BrowserContext,
  url: string,
  see: (seen: Seen) => Promise<T>,
  hasScript = true,
): Promise<T> {
  const page = await context.newPage();
  try {
    const complaints: string[] = [];
    const { origin } = new URL(url);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) {
        complaints.push(`asked for ${request.url()}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(url, { waitUntil: 'load' });
    if (hasScript) {
      await page.waitForFunction("document.querySelector('#app')?.__vue_app__ !== undefined");
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    }
    return await see({ page, complaints });
  } finally {
    await page.close();
  }
}

function optionsOf({ form, scheme, script = true, motion = false }: Look): BrowserContextOptions {
  return {
    viewport: FORMS[form],
    colorScheme: scheme,
    javaScriptEnabled: script,
    reducedMotion: motion ? 'no-preference' : 'reduce',
  };
}

/** @returns what axe finds, a line for each rule with the first element that breaks it */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Finding {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Finding[] }> } })
      .axe;
    const { violations } = await run.run();
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''} ${nodes[0]?.failureSummary?.slice(0, 300) ?? ''}`,
    );
  });
}

/** Goes through the page with the Tab key: what it can be reached by, what it cannot, and what does not show its focus. */
export async function tabThrough(page: Page): Promise<{ stops: number; missed: string[]; hidden: string[] }> {
  // What compiles this file names its functions, by a function that the page has not.
  await page.evaluate('globalThis.__name = (named) => named');
  await page.evaluate(() => {
    const focusable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const wanted = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
      (element) =>
        element.tabIndex >= 0 &&
        !element.hasAttribute('disabled') &&
        element.checkVisibility({ visibilityProperty: true }),
    );
    const reached = new Set<Element>();
    const hidden: string[] = [];
    const nameOf = (element: Element): string => element.outerHTML.slice(0, 120);
    document.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement) || reached.has(target)) return;
      reached.add(target);
      // What has a page of its own inside shows there where it is.
      if (target.shadowRoot !== null) return;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
      if ((outlineStyle === 'none' || outlineWidth === '0px') && boxShadow === 'none')
        hidden.push(nameOf(target));
    });
    Object.assign(globalThis, {
      tabbed: () => ({
        stops: reached.size,
        missed: wanted.filter((element) => !reached.has(element)).map(nameOf),
        hidden,
      }),
    });
  });
  let before = -1;
  for (let stop = 0; stop < MOST_STOPS; stop += 25) {
    for (let press = 0; press < 25; press++) await page.keyboard.press('Tab');
    const stops = await page.evaluate<number>('tabbed().stops');
    if (stops === before) break;
    before = stops;
  }
  return page.evaluate<{ stops: number; missed: string[]; hidden: string[] }>('tabbed()');
}
