import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { finalize, from, lastValueFrom, mergeMap, tap, type Observable } from 'rxjs';
import type { StreamEvent } from 'rxjs-llm-stream';
import { greeting, scriptedAnswers, type Answers } from '../server/answers.js';
import { createChatServer } from '../server/chatServer.js';
import { readPages } from '../server/pages.js';
import { rendering } from '../server/rendering.js';

/** A test: a sentence, and what makes it true. */
export interface Test {
  readonly name: string;
  readonly options?: BrowserContextOptions;
  /** Who answers. Default: the script. */
  readonly answers?: Answers;
  /** What the page is opened at. Default: the app by `fetch`. */
  readonly path?: string;
  /** Whether it measures, and so wants the machine for itself. */
  readonly measures?: boolean;
  readonly run: (stage: Stage) => Promise<void>;
}

/** What a test works with. It is closed behind it. */
export interface Stage {
  readonly page: Page;
  /** Where the app is. */
  readonly url: string;
  /**
   * How many answers the server has begun, how many of them the browser left before their end, and how often it was asked
   * for the greeting.
   */
  readonly seen: { begun: number; left: number; greeted: number };
  /** What the browser complained about. */
  readonly complaints: readonly string[];
}

/** How many tests run beside each other: mostly they wait for answers. */
const AT_ONCE = 3;

/** Of a whole test, in ms. */
const LONGEST = 60_000;

const BROWSER = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** What `ng build` wrote, with this version of Angular or another. */
const BUILT = pathToFileURL(`${resolve(process.env['BUILT'] ?? 'dist')}/`);
const PAGES = fileURLToPath(new URL('browser', BUILT));

/**
 * Runs tests, each with a server and a page of its own, and prints what came of them. Those that measure come last, one
 * after the other.
 *
 * @returns the exit code
 */
export async function runTests(tests: readonly Test[]): Promise<number> {
  if (!existsSync(BROWSER)) {
    console.error(`There is no browser at ${BROWSER}: install chromium, or set CHROMIUM to where one is.`);
    console.log(`0 passed, ${tests.length} failed`);
    return 1;
  }
  // As root, where most containers run, Chromium has no sandbox.
  const browser = await chromium.launch({
    executablePath: BROWSER,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const wanted = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
  let passed = 0;
  let failed = 0;
  const tell = async (test: Test): Promise<void> => {
    const failure = await runTest(browser, test).catch((error: unknown) => error ?? 'failed');
    console.log(`${failure === undefined ? '✓' : '✗'} ${test.name}`);
    if (failure === undefined) passed++;
    else {
      failed++;
      console.error(failure);
    }
  };
  const run = (some: readonly Test[], atOnce: number): Promise<void> =>
    lastValueFrom(from(some).pipe(mergeMap(tell, atOnce)), { defaultValue: undefined });
  const chosen = tests.filter(({ name }) => name.includes(wanted));
  try {
    await run(
      chosen.filter(({ measures }) => !measures),
      AT_ONCE,
    );
    await run(
      chosen.filter(({ measures }) => measures),
      1,
    );
  } finally {
    await browser.close();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function runTest(
  browser: Browser,
  { options, answers = scriptedAnswers(), path = '/', run }: Test,
): Promise<void> {
  const seen = { begun: 0, left: 0, greeted: 0 };
  const complaints: string[] = [];
  const server = createChatServer({
    answers: (messages) => watched(answers(messages), seen),
    greet: () => {
      seen.greeted++;
      return greeting();
    },
    pages: readPages(PAGES),
    render: await rendering(BUILT),
  });
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options });
  let timer: NodeJS.Timeout | undefined;
  try {
    const url = await listening(server);
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // Angular warns of what does not hydrate.
      if (message.type() === 'error' || /NG\d+/.test(message.text())) complaints.push(message.text());
    });
    // The compiler that runs this file wraps the functions that a page is given in calls of this one.
    await page.addInitScript('globalThis.__name = (target) => target');
    await page.addInitScript(() => (globalThis.checkCounts = { runs: 0, checks: {} }));
    await page.goto(`${url}${path}`);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Not finished after ${LONGEST} ms`)), LONGEST);
    });
    await Promise.race([run({ page, url, seen, complaints }), late]);
  } finally {
    clearTimeout(timer);
    await context.close();
    await closed(server);
  }
}

function watched(events: Observable<StreamEvent>, seen: Stage['seen']): Observable<StreamEvent> {
  let isWhole = false;
  seen.begun++;
  return events.pipe(
    tap(({ type }) => (isWhole ||= type === 'message_stop')),
    finalize(() => {
      if (!isWhole) seen.left++;
    }),
  );
}

/** The address of a server once it listens on a free port. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Resolves when a server and all its connections are closed. */
export async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}
