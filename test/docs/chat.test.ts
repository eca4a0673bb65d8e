import { filter, firstValueFrom, Subject, type Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { ConversationInput } from '../../src/turns/converse.js';
import { mockFetch } from '../../src/testing/network/mockFetch.js';
import { script, type Script } from '../../src/testing/script/script.js';
import { chat } from './chat.js';

type View = ReturnType<typeof chat> extends Observable<infer V> ? V : never;

/** A page on which somebody chats, with what the server answers one after the other. */
function pageOf(answers: readonly Script[], kept = new Map<string, string>()) {
  const inputs = new Subject<ConversationInput>();
  const views = new Subject<View>();
  const sent: string[] = [];
  const fetch = mockFetch(answers, { codec: anthropic });
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
  const services = {
    weather: (city: string) => Promise.resolve({ city, celsius: 21 }),
    mail: (to: string, text: string) => Promise.resolve(`${String(sent.push(`${to}: ${text}`))} sent`),
    report: (error: unknown) => {
      throw error;
    },
  };
  chat(inputs, storage, services, { fetch }).subscribe(views);
  const until = (isSo: (view: View) => boolean): Promise<View> => firstValueFrom(views.pipe(filter(isSo)));
  const say = (input: ConversationInput, isSo: (view: View) => boolean): Promise<View> => {
    const view = until(isSo);
    inputs.next(input);
    return view;
  };
  const stored = (): { role: string; content: unknown }[] =>
    JSON.parse(kept.get('chat') ?? '[]') as { role: string; content: unknown }[];
  return { say, sent, stored, kept, fetch };
}

const isOver = (view: View): boolean => !view.isBusy;

const asksWeather = script().toolUse('get_weather', { city: 'Rome' }, 'toolu_1');
const asksMail = script().toolUse('send_mail', { to: 'Ada', text: 'Hello' }, 'toolu_2');

describe('the chat', () => {
  it('answers with tools, and keeps what can be sent', async () => {
    const page = pageOf([asksWeather, script().text('It is warm')]);
    const view = await page.say('How is Rome?', isOver);
    expect(view.lines).toEqual(['How is Rome? (done) It is warm']);
    expect(page.stored().map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  });

  it.each([
    [true, ['Ada: Hello'], '1 sent'],
    [false, [], 'not approved'],
  ])('sends a mail once it is allowed: %s', async (approved, sent, result) => {
    const page = pageOf([asksMail, script().text('Well')]);
    const asking = await page.say('Greet Ada', ({ approvals }) => approvals.length > 0);
    expect(asking.approvals).toMatchObject([{ name: 'send_mail', input: { to: 'Ada', text: 'Hello' } }]);
    expect(page.sent).toEqual([]);
    const view = await page.say({ approve: 'toolu_2', approved }, isOver);
    expect(view).toMatchObject({ lines: ['Greet Ada (done) Well'], approvals: [] });
    expect(page.sent).toEqual(sent);
    expect(JSON.stringify(page.stored()[2])).toContain(result);
  });

  it('stops, tries again, and goes on where it was the next time', async () => {
    const page = pageOf([asksMail, script().text('Never mind')]);
    await page.say('Greet Ada', ({ approvals }) => approvals.length > 0);
    const stopped = await page.say({ stop: true }, isOver);
    expect(stopped.lines).toEqual(['Greet Ada (stopped) ']);
    expect(JSON.stringify(page.stored().at(-1))).toContain('Cancelled');
    const again = await page.say({ retry: true }, isOver);
    expect(again.lines).toEqual(['Greet Ada (done) Never mind']);

    const later = pageOf([script().text('Yes')], page.kept);
    expect((await later.say('Really?', isOver)).lines).toEqual(['Really? (done) Yes']);
    const { messages } = JSON.parse(later.fetch.requests[0]?.body ?? '') as { messages: unknown[] };
    expect(messages).toEqual(later.stored().slice(0, 3));
    expect(messages).toHaveLength(3);
  });

  it('shows a failure, and lets somebody try again', async () => {
    const page = pageOf([script().text('It is').lost(), script().text('It is warm')]);
    const failed = await page.say('How is Rome?', ({ error }) => error !== undefined);
    expect(failed).toMatchObject({ isBusy: false, error: { code: 'network' } });
    expect((await page.say({ retry: true }, isOver)).lines).toEqual(['How is Rome? (done) It is warm']);
  });
});
