// @vitest-environment jsdom
import 'zone.js';
import '@angular/compiler';
import { provideHttpClient, withFetch } from '@angular/common/http';
import {
  afterEveryRender,
  ChangeDetectionStrategy,
  Component,
  Directive,
  inject,
  InjectionToken,
  NgZone,
  provideZoneChangeDetection,
  signal,
  type ApplicationRef,
  type DoCheck,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { bootstrapApplication } from '@angular/platform-browser';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { concatMap, filter, firstValueFrom, interval, map, Subject, take, timer } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { injectAnswer, injectConversation, provideStreams, type Asked } from '../../src/angular.js';
import { provideStreamTesting, StreamTesting } from '../../src/angular/testing.js';
import * as events from '../../src/events/make.js';
import { script } from '../../src/testing.js';
import { isThorough } from '../thorough.js';
import { beginStream, closeLoopbacks, loopback, wire, type Loopback } from '../sources/loopback.js';

// A program has one platform, so the applications that begin below have it, too.
TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting());

const HELLO = [events.messageStart({ id: 'msg_1' }), events.textStart(0), events.textDelta(0, 'Hello')];
const WORLD = [
  events.textDelta(0, ' world'),
  events.blockStop(0),
  events.messageDelta('end_turn', {}),
  events.messageStop(),
];
const CALL = [
  events.messageStart({ id: 'msg_0' }),
  events.toolUseStart(0, 'toolu_1', 'save'),
  events.blockStop(0),
  events.messageDelta('tool_use', {}),
  events.messageStop(),
];

/** What the components ask. */
const ASKED = new InjectionToken<Asked>('ASKED', { factory: () => ({ url: '/api/chat', body: {} }) });

/** How the tool of the conversation is run. */
const SAVE = new InjectionToken<() => unknown>('SAVE', { factory: () => () => 'saved' });

/** How many timers an answer of timers has: far more than frames pass meanwhile. */
const TIMERS = isThorough ? 200 : 60;

/** How often each template was checked, by what it shows. */
let checks: Record<string, number> = {};

const rendered = new Subject<void>();

@Directive({ selector: '[checked]', inputs: ['checked'] })
class Checked implements DoCheck {
  checked = '';

  ngDoCheck(): void {
    checks[this.checked] = (checks[this.checked] ?? 0) + 1;
  }
}

/** What changes in the old way, with no signal: it shows when zone.js has seen something happen. */
const plain = { saved: 0 };

const template = (name: string): string => `
  <p checked="${name}">
    ${name} {{ answer.state().status }} {{ answer.text() }},
    @for (turn of chat.turns(); track turn) { {{ turn.state().status }} {{ turn.text() }} }
    saved {{ plain.saved }}
  </p>
  <button class="ask" (click)="asks.set(true)"></button>
  <button class="stop" (click)="answer.stop()"></button>
  <button class="say" (click)="chat.ask('Hello')"></button>
  <button class="silence" (click)="chat.stop()"></button>
`;

class Shown {
  readonly plain = plain;
  readonly asks = signal(false);
  readonly asked = inject(ASKED);
  readonly answer = injectAnswer(() => this.asks() && this.asked);
  readonly chat = injectConversation({ ask: () => this.asked, tools: { save: inject(SAVE) } });
}

@Component({
  selector: 'app-on-push',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: template('OnPush'),
})
class OnPush extends Shown {}

@Component({
  selector: 'app-eager',
  imports: [Checked],
  changeDetection: ChangeDetectionStrategy.Eager,
  template: template('Eager'),
})
class Eager extends Shown {}

@Component({
  selector: 'app-root',
  imports: [Eager, OnPush],
  changeDetection: ChangeDetectionStrategy.Eager,
  template: `
    @if (isThere()) {
      <app-on-push /><app-eager />
    }
    <button class="leave" (click)="isThere.set(false)"></button>
  `,
})
class App {
  readonly isThere = signal(true);

  constructor() {
    afterEveryRender(() => rendered.next());
  }
}

let app: ApplicationRef;

async function start(
  server: Pick<Loopback, 'url'>,
  {
    useHttpClient = false,
    asked,
    save,
  }: { useHttpClient?: boolean; asked?: Asked; save?: () => unknown } = {},
): Promise<void> {
  document.body.innerHTML = '<app-root></app-root>';
  checks = {};
  plain.saved = 0;
  app = await bootstrapApplication(App, {
    providers: [
      provideZoneChangeDetection(),
      provideHttpClient(withFetch()),
      provideStreams({ codec: anthropic, baseUrl: server.url, useHttpClient }),
      asked ? { provide: ASKED, useValue: asked } : [],
      save ? { provide: SAVE, useValue: save } : [],
    ],
  });
  expect(app.injector.get(NgZone)).toBeInstanceOf(NgZone);
}

const TAGS = ['app-on-push', 'app-eager'] as const;

/** As a user does it, in both components: Angular hears of it by zone.js. */
function click(selector: string): void {
  const buttons = document.querySelectorAll<HTMLElement>(selector);
  if (buttons.length === 0) throw new Error(`There is no ${selector}`);
  buttons.forEach((button) => button.click());
}

/** What both components show. */
const shown = (): string[] =>
  TAGS.map((tag) => document.querySelector(`${tag} p`)?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '');

/** Settles when both components show this. */
const until = (text: string): Promise<unknown> =>
  firstValueFrom(rendered.pipe(filter(() => shown().every((now) => now.includes(text)))));

/** An answer that begins, and waits to be ended. */
const halfAnswer = (): Promise<Loopback> => loopback((exchange) => beginStream(exchange, ...HELLO));

/** What both requests of a server came to. */
const cutOff = ({ exchanges }: Loopback): Promise<boolean[]> =>
  Promise.all(exchanges.map((exchange) => exchange.cutOff));

const finish = ({ exchanges }: Loopback): void =>
  exchanges.forEach(({ response }) => response.end(wire(...WORLD)));

/** What zone.js has counted and Angular waits for. */
function pending(): boolean[] {
  const { hasPendingMacrotasks, hasPendingMicrotasks } = app.injector.get(NgZone);
  return [hasPendingMacrotasks, hasPendingMicrotasks];
}

afterEach(async () => {
  if (!app.destroyed) app.destroy();
  await closeLoopbacks();
});

describe.each([
  ['an answer', '.ask', '.stop'],
  ['a conversation', '.say', '.silence'],
])('with zone.js %s', (_, ask, stop) => {
  it('shows as it comes, and the application is stable before its end and after', async () => {
    const server = await halfAnswer();
    await start(server);
    const half = until('streaming Hello');
    click(ask);
    await half;
    await app.whenStable();
    for (const text of shown()) expect(text).toContain('streaming Hello');
    const whole = until('done Hello world');
    finish(server);
    await whole;
    await app.whenStable();
    expect(pending()).toEqual([false, false]);
  });

  it('is stopped by a click, and the application is stable', async () => {
    const server = await halfAnswer();
    await start(server);
    const half = until('streaming Hello');
    click(ask);
    await half;
    click(stop);
    expect(await cutOff(server)).toEqual([true, true]);
    await app.whenStable();
    for (const text of shown()) expect(text).toContain('stopped Hello');
    expect(pending()).toEqual([false, false]);
  });

  it('ends with its component, and the application is stable', async () => {
    const server = await halfAnswer();
    await start(server);
    const half = until('streaming Hello');
    click(ask);
    await half;
    click('.leave');
    expect(await cutOff(server)).toEqual([true, true]);
    await app.whenStable();
    expect(document.querySelector('p')).toBeNull();
    expect(pending()).toEqual([false, false]);
  });

  it('has timers that check nothing: there is at most one check for each frame', async () => {
    const deltas = Array.from({ length: 5 }, () => events.textDelta(0, 'x'));
    const asked = interval(1).pipe(
      take(TIMERS),
      concatMap((nth) => [...(nth === 0 ? HELLO : []), ...deltas, ...(nth === TIMERS - 1 ? WORLD : [])]),
    );
    await start({ url: '' }, { asked });
    const whole = until('done Hello');
    click(ask);
    await app.whenStable();
    let frames = 0;
    const count = (): void => {
      frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    const before = { ...checks };
    await whole;
    const during = (name: string): number => (checks[name] ?? 0) - (before[name] ?? 0);
    expect(during('OnPush')).toBeGreaterThan(0);
    expect(during('OnPush')).toBeLessThanOrEqual(frames + 2);
    // jsdom tells of each change of the page by a promise, which zone.js sees: what shows is checked once more.
    expect(during('Eager')).toBeLessThanOrEqual(2 * (frames + 2));
  });

  it('is waited for where HttpClient asks, which counts its requests', async () => {
    const server = await halfAnswer();
    await start(server, { useHttpClient: true });
    const half = until('streaming Hello');
    click(ask);
    await half;
    // What shows now holds it, too, for a moment.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    expect(await firstValueFrom(app.isStable)).toBe(false);
    const whole = until('done Hello world');
    finish(server);
    await whole;
    await app.whenStable();
    expect(pending()).toEqual([false, false]);
  });
});

describe('a tool with zone.js', () => {
  it.each([
    ['a promise', () => new Promise((resolve) => setTimeout(resolve, 1, 'saved')).then(() => plain.saved++)],
    ['an Observable', () => timer(1).pipe(map(() => plain.saved++))],
  ])('that is %s may change what is no signal, and holds nothing once it has ended', async (_, save) => {
    const server = await loopback((exchange) => {
      beginStream(exchange, ...(server.exchanges.length > 1 ? [...HELLO, ...WORLD] : CALL));
      exchange.response.end();
    });
    await start(server, { save });
    const whole = firstValueFrom(
      rendered.pipe(filter(() => shown()[1]?.includes('done Hello world') ?? false)),
    );
    click('app-eager .say');
    await whole;
    await app.whenStable();
    expect(shown()[1]).toContain('saved 1');
    expect(pending()).toEqual([false, false]);
  });
});

it('a component test with zone.js is answered in virtual time', () => {
  const hello = script().text('Hello world').deltas({ words: 1 }).timed(20);
  TestBed.configureTestingModule({ providers: [provideZoneChangeDetection(), provideStreamTesting(hello)] });
  const { nativeElement } = TestBed.createComponent(OnPush);
  const text = (): string => (nativeElement as HTMLElement).textContent;
  (nativeElement as HTMLElement).querySelector<HTMLElement>('.ask')?.click();
  const time = TestBed.inject(StreamTesting);
  time.advance(79);
  expect(text()).toContain('streaming Hello ,');
  time.flush();
  expect(text()).toContain('done Hello world,');
});
