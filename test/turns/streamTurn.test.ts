import {
  asapScheduler,
  concat,
  EMPTY,
  from,
  lastValueFrom,
  NEVER,
  Observable,
  of,
  scheduled,
  Subject,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { runTools } from '../../src/operators/runTools.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { historyOf } from '../../src/turns/history.js';
import { streamTurn } from '../../src/turns/streamTurn.js';
import { script } from '../../src/testing.js';
import { isThorough } from '../thorough.js';

/** Where one inside another would fill the stack. */
const ROUNDS = isThorough ? 10_000 : 700;

const question = { role: 'user', content: 'Which one is warmer?' } as const;

/** An answer that calls the tool once for each of these cities. */
function calling(...cities: readonly string[]): StreamEvent[] {
  const blocks = cities.flatMap((city, index) => [
    events.toolUseStart(index, `toolu_${city}`, 'get_weather'),
    events.inputJsonDelta(index, JSON.stringify({ city })),
    events.blockStop(index),
  ]);
  return [events.messageStart(), ...blocks, events.messageDelta('tool_use'), events.messageStop()];
}

function saying(text: string): StreamEvent[] {
  const block = [events.textStart(0), events.textDelta(0, text), events.blockStop(0)];
  return [events.messageStart(), ...block, events.messageDelta('end_turn'), events.messageStop()];
}

/** A server that gives one answer after the other, and keeps what it was asked. */
function scripted(...script: readonly Observable<StreamEvent>[]) {
  const asked: (readonly unknown[])[] = [];
  const ask = (messages: readonly unknown[]): Observable<StreamEvent> =>
    script[asked.push(messages) - 1] ?? EMPTY;
  return { asked, ask };
}

const weather = runTools({
  get_weather(input) {
    const { city } = input as { readonly city: string };
    return city === 'Atlantis'
      ? throwError(() => new Error('No such city'))
      : of({ city, celsius: city.length });
  },
});

/** What the model is told of a call. */
function resultOf(city: string, content: string, is_error = false) {
  const result = { type: 'tool_result', tool_use_id: `toolu_${city}`, content };
  return is_error ? { ...result, is_error } : result;
}

describe('a turn', () => {
  it.each([
    ['at once', (answer: StreamEvent[]) => from(answer)],
    ['later', (answer: StreamEvent[]) => scheduled(answer, asapScheduler)],
  ])('goes on until no tool is asked for, where the server answers %s', async (_, sent) => {
    const answers = [calling('Paris', 'Rome'), calling('Atlantis'), saying('Paris')];
    const { asked, ask } = scripted(...answers.map(sent));
    const all = await lastValueFrom(streamTurn([question], { ask, run: weather }).pipe(toArray()));

    const first = [
      question,
      {
        role: 'assistant',
        content: [expect.objectContaining({ input: { city: 'Paris' } }), expect.anything()],
      },
      {
        role: 'user',
        content: [
          resultOf('Paris', '{"city":"Paris","celsius":5}'),
          resultOf('Rome', '{"city":"Rome","celsius":4}'),
        ],
      },
    ];
    const second = [
      ...first,
      { role: 'assistant', content: [expect.objectContaining({ id: 'toolu_Atlantis' })] },
      { role: 'user', content: [resultOf('Atlantis', 'get_weather failed', true)] },
    ];
    expect(asked).toEqual([[question], first, second]);
    expect(all.filter(({ type }) => type !== 'tool_result')).toEqual(answers.flat());
    expect(all.filter(({ type }) => type === 'tool_result')).toHaveLength(3);
    expect(all.at(-1)).toEqual(events.messageStop());
  });

  it('asks nothing before it is subscribed to, and anew for each subscriber', async () => {
    const { asked, ask } = scripted(of(...saying('Hi')), of(...saying('Hi')));
    const loop = streamTurn([question], { ask, run: weather });
    expect(asked).toEqual([]);
    await lastValueFrom(loop);
    await lastValueFrom(loop);
    expect(asked).toEqual([[question], [question]]);
  });

  it('ends after a call that the reply cut off', async () => {
    const cutOff = calling('Paris').map((event) =>
      event.type === 'message_delta' ? events.messageDelta('max_tokens') : event,
    );
    const { asked, ask } = scripted(of(...cutOff));
    await lastValueFrom(streamTurn([question], { ask, run: weather }));
    expect(asked).toHaveLength(1);
  });

  it('asks no more often than it may', async () => {
    const { asked, ask } = scripted(of(...calling('Paris')), of(...calling('Rome')), of(...calling('Oslo')));
    await expect(lastValueFrom(streamTurn([question], { ask, run: weather, maxRounds: 2 }))).rejects.toThrow(
      'The model is not done after 2 rounds; raise maxRounds if the task needs more',
    );
    expect(asked).toHaveLength(2);
  });

  it('fails where a later answer does, after all that came before', async () => {
    const lost = new StreamError('network', 'The connection was lost');
    const { ask } = scripted(
      of(...calling('Paris')),
      concat(
        of(...saying('Par').slice(0, 3)),
        throwError(() => lost),
      ),
    );
    const seen: StreamEvent[] = [];
    await expect(
      streamTurn([question], { ask, run: weather }).forEach((event) => seen.push(event)),
    ).rejects.toMatchObject({ code: 'network' });
    expect(seen.filter(({ type }) => type !== 'tool_result')).toEqual([
      ...calling('Paris'),
      ...saying('Par').slice(0, 3),
    ]);
    expect(seen).toContainEqual(events.toolResult('toolu_Paris', { city: 'Paris', celsius: 5 }));
  });

  it('lets go of the request, or of the tool that runs, when it is unsubscribed', () => {
    let open = 0;
    const held = new Observable<never>(() => {
      open++;
      return () => open--;
    });
    const slow = runTools({ get_weather: () => held });
    for (const answer of [concat(of(events.messageStart()), held), of(...calling('Paris'))]) {
      const subscription = streamTurn([question], { ask: scripted(answer).ask, run: slow }).subscribe();
      expect(open).toBe(1);
      subscription.unsubscribe();
      expect(open).toBe(0);
    }
  });

  it('sends back what the provider sent, what it did not sign and what is not JSON included', async () => {
    const broken = script().thinking('Hm').text('').text('So').toolUse('get_weather', '{"city": Rome}', 'a');
    const { asked, ask } = scripted(from(broken), from(saying('Sorry')));
    const all = await lastValueFrom(streamTurn([question], { ask, run: weather }).pipe(toArray()));
    expect(asked[1]).toEqual([
      question,
      {
        role: 'assistant',
        content: [
          expect.objectContaining({ type: 'thinking', thinking: 'Hm' }),
          expect.objectContaining({ type: 'text', text: 'So' }),
          expect.objectContaining({ type: 'tool_use', id: 'a', input: { INVALID_JSON: '{"city": Rome}' } }),
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: expect.stringContaining('not JSON') as unknown,
            is_error: true,
          },
        ],
      },
    ]);
    // What stays of the turn is what any provider takes.
    expect(historyOf(all)).toEqual([
      {
        role: 'assistant',
        content: ['So', 'Sorry'].map((text) => ({ type: 'text', text, citations: null })),
      },
    ]);
  });

  it('goes on with an interrupted reply as it was, a call of the provider without its result included', async () => {
    const call = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} } as const;
    const { asked, ask } = scripted(
      from(script().text('I search').block(call).stop('pause_turn')),
      from(script().text('and').toolUse('get_weather', { city: 'Rome' }, 'a')),
      from(saying('Rome')),
    );
    await lastValueFrom(streamTurn([question], { ask, run: weather }));
    const paused = [expect.objectContaining({ text: 'I search' }), expect.objectContaining(call)];
    expect(asked[1]).toEqual([question, { role: 'assistant', content: paused }]);
    expect(asked[2]).toMatchObject([
      question,
      { role: 'assistant', content: [...paused, { text: 'and' }, { id: 'a' }] },
      { role: 'user', content: [{ tool_use_id: 'a' }] },
    ]);
  });

  it('is as good as endless, where all of it comes at once', async () => {
    const asked: number[] = [];
    const ask = (messages: readonly unknown[]): StreamEvent[] => {
      asked.push(messages.length);
      return asked.length <= ROUNDS ? calling('Rome') : saying('Rome');
    };
    const last = await lastValueFrom(streamTurn([question], { ask, run: weather, maxRounds: 20_000 }));
    expect(last).toEqual(events.messageStop());
    expect([asked.length, asked.at(-1)]).toEqual([ROUNDS + 1, 2 * ROUNDS + 1]);
  });

  it('asks no more once its subscriber has enough, or has stopped it', () => {
    const { asked, ask } = scripted(of(...calling('Paris')), of(...saying('Rome')));
    streamTurn([question], { ask, run: weather }).pipe(take(7)).subscribe();
    expect(asked).toHaveLength(1);

    const stop = new Subject<void>();
    const seen: StreamEvent[] = [];
    const again = scripted(of(...calling('Paris')), of(...saying('Rome')));
    streamTurn([question], { ask: again.ask, run: weather })
      .pipe(
        tap(({ type }) => {
          if (type === 'tool_result') stop.next();
        }),
        stopOn(stop),
      )
      .subscribe((event) => seen.push(event));
    expect(again.asked).toHaveLength(1);
    expect(seen.at(-2)).toMatchObject({ delta: { stop_reason: 'cancelled' } });
  });

  it.each([
    ['that is not JSON', script().toolUse('get_weather', '{"city": Rome}', 'a')],
    [
      'whose result comes before the reply ends',
      script().toolUse('get_weather', { city: 'Rome' }, 'a').text('So'),
    ],
  ])('is not done before the answer to a call %s', (_, calls) => {
    let last: string | undefined;
    const { asked, ask } = scripted(from(calls), NEVER);
    streamTurn([question], { ask, run: weather })
      .pipe(accumulateState())
      .subscribe(({ status }) => (last = status));
    expect([asked.length, last]).toEqual([2, 'tools']);
  });

  it('is not retried by itself where it has too many rounds', async () => {
    const { ask } = scripted(of(...calling('Paris')));
    await expect(
      lastValueFrom(streamTurn([question], { ask, run: weather, maxRounds: 0 })),
    ).rejects.toMatchObject({ code: 'limit', retryable: false });
  });

  it('changes nothing that it was given or has handed out', async () => {
    const given = Object.freeze([question]);
    const asked: (readonly unknown[])[] = [];
    const ask = (messages: readonly unknown[]): StreamEvent[] => {
      asked.push(Object.freeze(messages));
      return asked.length < 3 ? calling('Rome') : saying('Rome');
    };
    await lastValueFrom(streamTurn(given, { ask, run: weather }));
    expect(asked.map(({ length }) => length)).toEqual([1, 3, 5]);
  });

  it('fails with what asking throws', async () => {
    const ask = (): never => {
      throw new TypeError('No');
    };
    await expect(lastValueFrom(streamTurn([question], { ask }))).rejects.toThrow(TypeError);
  });
});
