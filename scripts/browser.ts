/**
 * Tries the library in a browser, on a page whose policy forbids everything that can be: `npm run browser`. Debian's
 * Chromium, or the one that CHROMIUM names.
 */
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { firstValueFrom, from, map, merge, take, timeout, type ObservableInput } from 'rxjs';
import { groupsOf } from '../marbles/gallery/readme.js';
import { fromBytes } from '../src/index.js';
import { bytesOf, CODECS } from './browser/answers.js';
import type { Checks } from './browser/page.js';
import { isRead, read } from './browser/readings.js';
import { servePage } from './browser/server.js';
import { checkWake } from './browser/wake.js';
import { check, equal, finish } from './checks.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** The longest that anything here may take, in ms. */
const LONGEST = 90_000;
const STREAMS = 200;
/** Streams before memory is looked at, so that all that is made once is there. */
const WARM_UP = 50;
/** In bytes: less than any answer that was kept. */
const MOST_GROWTH = STREAMS * 100;
/** Compiled code is in the heap too, and V8 goes on compiling for many hundreds of streams. */
const WITHOUT_COMPILER = ['--js-flags=--jitless'];

const server = await servePage(await bundled('scripts/browser/page.ts'));
try {
  await inBrowser([], async (browser) => {
    await checkPage(browser);
    await checkWake(browser, server, await readHere(), (page) => call(page, 'resumed'));
  });
  await inBrowser(WITHOUT_COMPILER, checkMemory);
} finally {
  await server.close();
}
finish();

async function inBrowser(
  flags: readonly string[],
  checks: (browser: Browser) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    timeout: LONGEST,
    args: [...flags],
  });
  try {
    console.log(['Chromium', browser.version(), ...flags].join(' '));
    await checks(browser);
  } finally {
    await browser.close();
  }
}

async function checkPage(browser: Browser): Promise<void> {
  const page = await opened(browser);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await checkSources(page);
  await checkOperators(page);
  await checkSchemas(page);
  await checkCancellation(page);
  await check('the page reports no error and no warning', () => equal(complaints, []));
  await check('the policy forbade nothing', async () => equal(await call(page, 'violations'), []));
  await check('the browser reported nothing', () => equal(server.reports, []));
  await checkPolicy(await opened(browser));
}

async function checkSources(page: Page): Promise<void> {
  const sources = await call(page, 'sources');
  for (const [name, codec] of CODECS) {
    const expected = await read(fromBytes(await bytesOf(codec), { codec }));
    for (const source of sources) {
      await check(`${source} reads ${name} as Node does`, async () =>
        equal(await call(page, 'answer', source, name), expected),
      );
    }
  }
  await check('streamMessages reads the answer as Node does', async () =>
    equal(await call(page, 'messages'), await readHere()),
  );
}

async function checkOperators(page: Page): Promise<void> {
  for (const operator of groupsOf()
    .flatMap(({ operators }) => operators)
    .filter(isRead)) {
    await check(`${operator} gives what it gives in Node`, async () => {
      const expected = await readHere(operator);
      if (expected === '[]') throw new Error('Nothing comes out of it');
      equal(await call(page, 'answer', 'streamEvents of an address', 'anthropic', operator), expected);
    });
  }
}

async function checkSchemas(page: Page): Promise<void> {
  await check('the schemas of all protocols check', async () => {
    const { asked, tookNonsense } = await call(page, 'schemas');
    equal(tookNonsense, 0);
    if (asked < 20) throw new Error(`Only ${asked} were found`);
  });
}

/** A connection is closed when the server sees that it is. */
async function checkCancellation(page: Page): Promise<void> {
  await check('unsubscribing before the headers closes the connection', async () => {
    const asked = server.next('/silent', 'asked');
    const left = server.next('/silent', 'left by the client');
    await call(page, 'subscribe', '/silent', 'now');
    await within(asked);
    await call(page, 'unsubscribe');
    await within(left);
  });
  await check('unsubscribing in the middle of the body closes the connection', async () => {
    const left = server.next('/open', 'left by the client');
    await call(page, 'subscribe', '/open', 'first event');
    await call(page, 'unsubscribe');
    await within(left);
  });
  // Chromium's own log calls every body that is read piece by piece aborted at its end, so the server is asked.
  await check('a whole answer ends whole for the server', async () => {
    const answered = server.next('/answer', 'answered');
    const left = server.next('/answer', 'left by the client').pipe(map(() => 'left'));
    await call(page, 'subscribe', '/answer', 'completion');
    equal(await within(merge(answered.pipe(map(() => 'answered')), left)), 'answered');
  });
  await check('the end of the message closes a connection that the server keeps open', async () => {
    const left = server.next('/finished', 'left by the client');
    await call(page, 'subscribe', '/finished', 'completion');
    await within(left);
  });
}

async function checkMemory(browser: Browser): Promise<void> {
  const page = await opened(browser);
  const growthOf = async (streams: 'streams' | 'leftStreams' | 'keptStreams'): Promise<number> => {
    await call(page, streams, WARM_UP);
    const before = await inUse(page);
    await call(page, streams, STREAMS);
    return (await inUse(page)) - before;
  };
  const read = await growthOf('streams');
  await check(`${STREAMS} streams leave ${read} bytes, at most ${MOST_GROWTH}`, () =>
    equal(read <= MOST_GROWTH, true),
  );
  const left = await growthOf('leftStreams');
  await check(`${STREAMS} streams that were left leave ${left} bytes, at most ${MOST_GROWTH}`, () =>
    equal(left <= MOST_GROWTH, true),
  );
  const kept = await growthOf('keptStreams');
  await check(`${STREAMS} answers that are kept are seen: ${kept} bytes`, async () => {
    equal(kept > MOST_GROWTH, true);
    equal(await call(page, 'kept'), STREAMS);
  });
}

/** The other way round: what the page is held to would have been seen. */
async function checkPolicy(page: Page): Promise<void> {
  await check('code made of text is forbidden on this page, and told', async () => {
    const reported = server.next('/violation', 'answered');
    equal(await call(page, 'offend'), false);
    await within(reported);
    const [violation = ''] = await call(page, 'violations');
    equal(violation.split(' ', 2), ['script-src', 'eval']);
  });
}

async function opened(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LONGEST);
  const response = await page.goto(server.url, { waitUntil: 'load' });
  if (response?.headers()['content-security-policy'] === undefined) throw new Error('The page has no policy');
  return page;
}

/** Asks the page. As text, for what it says is to run there. */
function call<Name extends keyof Checks>(
  page: Page,
  name: Name,
  ...parameters: Parameters<Checks[Name]>
): Promise<Awaited<ReturnType<Checks[Name]>>> {
  const values = [name, ...parameters].map((value) => JSON.stringify(value)).join(', ');
  return within(page.evaluate<Awaited<ReturnType<Checks[Name]>>>(`ask(${values})`));
}

/** Bytes of the page's heap that are in use once all garbage is gone. */
async function inUse(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  } finally {
    await session.detach();
  }
}

/** The same answer as it is read here, from bytes. */
async function readHere(operator?: string): Promise<string> {
  const codec = CODECS.get('anthropic');
  if (codec === undefined) throw new Error('The codec of the page is not there');
  return read(fromBytes(await bytesOf(codec), { codec }), operator);
}

async function bundled(file: string): Promise<Uint8Array> {
  const root = resolve(import.meta.dirname, '..');
  const { outputFiles } = await build({
    entryPoints: [file],
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error(`esbuild made nothing of ${file}`);
  return script.contents;
}

function within<T>(source: ObservableInput<T>): Promise<T> {
  return firstValueFrom(from(source).pipe(take(1), timeout(LONGEST)));
}
