/**
 * Tries the built playground in Chromium, from disk and from a server with a strict policy: `npm run playground:test`. Debian's Chromium, or
 * the one that CHROMIUM names.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PROTOCOLS } from '../playground/model/protocols.js';
import { SAMPLES, captureOf } from '../playground/model/samples.js';
import { script } from '../src/testing.js';
import { anthropic } from '../src/anthropic.js';
import { check, equal, finish } from './checks.js';
import { give, settled } from './playground/given.js';
import { runPasted } from './playground/pasted.js';
import { checkLarge, checkSpeed } from './playground/speed.js';
import { serveSite } from './playground/server.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const root = resolve(import.meta.dirname, '..');
const built = join(root, 'playground/dist');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The longest that anything here may take, in ms. */
const LONGEST = 60_000;

const complaints: string[] = [];
const printed = new Map<string, string>();

const server = await serveSite(built);
const browser = await chromium.launch({ executablePath, headless: true, timeout: LONGEST });
try {
  await fromServer(browser);
  await fromDisk(browser);
  await check('the browser complains of nothing, and the policy forbade nothing', () => {
    equal([...complaints, ...server.reports], []);
  });
} finally {
  await browser.close();
  await server.close();
}
await check(`${printed.size} printed tests pass in jest`, () => runPasted(printed));
finish();

async function fromServer(browser: Browser): Promise<void> {
  const page = await opened(browser, server.url);
  for (const { codec } of PROTOCOLS) {
    await check(`a capture of ${codec.name} is pasted, cut, and printed as a test`, () =>
      cutAndPrint(page, codec.name),
    );
  }
  await check('the chain of the README is typed with the keyboard alone', () => typedChain(page));
  await check('a marble is moved by the keyboard, and every row changes', () => movedByKeys(page));
  await check('a link brings all of it back, and one of another version says so', () => linked(page));
  await check('a wrong option is told at its chip and at its row', () => wrongOption(page));
  await check('the picture is shown, and its styles keep to the policy', () => pictured(page));
  await checkSpeed(page, server);
  await checkLarge(page, server);
  await page.close();
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await check(`axe finds nothing: ${colorScheme}, ${width} px`, () =>
        accessible(browser, colorScheme, width),
      );
    }
  }
}

async function fromDisk(browser: Browser): Promise<void> {
  const page = await opened(browser, pathToFileURL(join(built, 'playground.html')).href);
  await check('the one file works from disk', async () => {
    equal(await count(page, 'stream-playground .row'), 6);
    await page.click('button[data-shows=stream-viewer]');
    await page.locator('stream-viewer .piece.text').first().waitFor();
  });
  await check('a broken capture is read as far as it goes, and what is wrong is said', async () => {
    const capture = captureOf(anthropic, script().text('Hello').events());
    await give(page, 'stream-viewer', capture.slice(0, capture.indexOf('message_delta')));
    await page.locator('stream-viewer .finding.wrong', { hasText: 'truncated' }).waitFor();
    equal(await page.locator('stream-viewer .piece.text .words').first().textContent(), 'Hello');
    await give(page, 'stream-viewer', 'm-o-t-x-c-s-z|');
    await page.locator('stream-viewer .finding button').click();
    const chosen = page.locator('stream-viewer [role=slider][aria-label^=events]');
    equal((await chosen.getAttribute('aria-valuetext'))?.includes('hologram_start'), true);
    await give(page, 'stream-viewer', 'Dear all');
    await page.locator('stream-viewer .findings .bad', { hasText: 'No protocol' }).waitFor();
  });
  await page.close();
}

async function opened(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LONGEST);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(url, { waitUntil: 'load' });
  await page.locator('stream-playground .row').nth(3).waitFor();
  return page;
}

function count(page: Page, selector: string): Promise<number> {
  return page.locator(selector).count();
}

async function cutAndPrint(page: Page, name: string): Promise<void> {
  const sample = SAMPLES.find(({ id }) => id === name)?.text() ?? '';
  await give(page, 'stream-playground', sample);
  const kind = await page.locator('stream-playground .notes .kind').textContent();
  const title = PROTOCOLS.find(({ codec }) => codec.name === name)?.title ?? '?';
  if (kind?.includes(title) !== true) throw new Error(`It was read as ${kind}`);
  const bytes = Number(await page.locator('stream-playground input[aria-label^=Cut]').getAttribute('max'));
  await page.locator('stream-playground input[aria-label^=Cut]').fill(String(Math.floor(bytes * 0.6)));
  await page.locator('stream-playground button', { hasText: 'connection lost' }).click();
  await settled(page);
  const events = page.locator('stream-playground .row', { hasText: 'events, by' }).locator('.count');
  if (!/[1-9]\d* event/.test((await events.textContent()) ?? '')) throw new Error('No event is left');
  await page.locator('stream-playground [role=tab]', { hasText: 'Marble test' }).click();
  const code = page.locator('stream-playground pre[aria-label="Marble test"]');
  await page.waitForTimeout(300);
  printed.set(name, (await code.textContent()) ?? '');
  await page.locator('stream-playground [role=tab]', { hasText: 'TypeScript' }).click();
}

async function typedChain(page: Page): Promise<void> {
  await give(page, 'stream-playground', 'm-o-t-u-c-s-z|');
  const removes = page.locator('stream-playground button[aria-label^=Remove]');
  while ((await removes.count()) > 0) {
    await removes.first().focus();
    await page.keyboard.press('Enter');
    await settled(page);
  }
  await page.locator('stream-playground textarea').focus();
  const steps = await tabTo(page, 'Add an operator by its name');
  if (steps > 12) throw new Error(`${steps} times Tab to the field`);
  for (const name of ['untilTerminal', 'accumulateMessage']) {
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await settled(page);
    await tabTo(page, 'Add an operator by its name');
  }
  const names = await page.locator('stream-playground .row .what').allTextContents();
  equal(names.slice(-2), ['untilTerminal()', 'accumulateMessage()']);
}

/** Presses Tab until an element of that label has the focus. */
async function tabTo(page: Page, label: string): Promise<number> {
  const focused = "document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label') ?? ''";
  for (let times = 0; times < 80; times++) {
    if ((await page.evaluate(focused)) === label) return times;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${label}`);
}

async function movedByKeys(page: Page): Promise<void> {
  const row = page.locator('stream-playground [role=slider][aria-label^=events]');
  await row.focus();
  for (const key of ['End', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await settled(page);
  const says = await row.getAttribute('aria-valuetext');
  if (says?.includes('message stop, at 13 ms') !== true) throw new Error(`The last event: ${says}`);
  await page.keyboard.press('p');
  await settled(page);
  equal(await page.locator('stream-playground .row .count').nth(2).textContent(), '8 events');
  await page.keyboard.press('u');
  await settled(page);
  equal(await page.locator('stream-playground .row .count').nth(2).textContent(), '7 events');
}

async function linked(page: Page): Promise<void> {
  await page.waitForTimeout(600);
  const hash: string = await page.evaluate('location.hash');
  const other = await opened(browser, `${server.url}${hash}`);
  await settled(other);
  equal(await other.locator('stream-playground textarea').inputValue(), 'm-o-t-u-c-s-z|');
  equal(await other.locator('stream-playground .row .what').nth(3).textContent(), 'untilTerminal()');
  await other.evaluate("location.hash = '#9.abc'");
  await other.locator('stream-playground [role=alert]', { hasText: 'version 9' }).waitFor();
  await other.close();
}

async function wrongOption(page: Page): Promise<void> {
  const field = page.locator('stream-playground input[aria-label="Add an operator by its name"]').first();
  await field.fill('coalesce');
  await field.press('Enter');
  await settled(page);
  await page.locator('stream-playground .chip', { hasText: 'coalesce reads events' }).waitFor();
  await page.locator('stream-playground .row .problem', { hasText: 'coalesce reads events' }).waitFor();
  await page.locator('stream-playground button[aria-label="Remove coalesce"]').click();
  await settled(page);
}

async function pictured(page: Page): Promise<void> {
  await page.locator('stream-playground [role=tab]', { hasText: 'SVG' }).click();
  const marble = page.locator('stream-playground .picture svg .tint').first();
  await marble.waitFor();
  equal(await marble.evaluate((drawn) => getComputedStyle(drawn).color !== 'rgb(0, 0, 0)'), true);
  await page.locator('stream-playground [role=tab]', { hasText: 'TypeScript' }).click();
}

async function accessible(browser: Browser, colorScheme: 'light' | 'dark', width: number): Promise<void> {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 900 },
    bypassCSP: true,
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator('stream-playground .row').nth(3).waitFor();
  await page.locator('stream-playground button', { hasText: 'Compare' }).click();
  await page.locator('stream-viewer .piece').first().waitFor();
  await page.evaluate(AXE);
  const found: { violations: { id: string; nodes: { html: string }[] }[] } = await page.evaluate('axe.run()');
  await context.close();
  equal(
    found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`,
    ),
    [],
  );
}
