import {
  asapScheduler,
  concat,
  EMPTY,
  from,
  lastValueFrom,
  Observable,
  of,
  scheduled,
  throwError,
  toArray,
} from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import { ToolError } from '../../src/errors/toolError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { runTools } from '../../src/operators/runTools.js';
import { answersWithTools } from './toolLoop.js';

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
      ? throwError(() => new ToolError('No such city'))
      : of({ city, celsius: city.length });
  },
});

/** What the model is told of a call. */
function resultOf(city: string, content: string, is_error = false) {
  return { type: 'tool_result', tool_use_id: `toolu_${city}`, content, is_error };
}

describe('the loop of tools', () => {
  it.each([
    ['at once', (answer: StreamEvent[]) => from(answer)],
    ['later', (answer: StreamEvent[]) => scheduled(answer, asapScheduler)],
  ])('goes on until no tool is asked for, where the server answers %s', async (_, sent) => {
    const answers = [calling('Paris', 'Rome'), calling('Atlantis'), saying('Paris')];
    const { asked, ask } = scripted(...answers.map(sent));
    const all = await lastValueFrom(answersWithTools([question], ask, weather).pipe(toArray()));

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
      { role: 'user', content: [resultOf('Atlantis', 'No such city', true)] },
    ];
    expect(asked).toEqual([[question], first, second]);
    expect(all.filter(({ type }) => type !== 'tool_result')).toEqual(answers.flat());
    expect(all.filter(({ type }) => type === 'tool_result')).toHaveLength(3);
    expect(all.at(-1)).toEqual(events.messageStop());
  });

  it('asks nothing before it is subscribed to, and anew for each subscriber', async () => {
    const { asked, ask } = scripted(of(...saying('Hi')), of(...saying('Hi')));
    const loop = answersWithTools([question], ask, weather);
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
    await lastValueFrom(answersWithTools([question], ask, weather));
    expect(asked).toHaveLength(1);
  });

  it('asks no more often than it may', async () => {
    const { asked, ask } = scripted(of(...calling('Paris')), of(...calling('Rome')), of(...calling('Oslo')));
    await expect(lastValueFrom(answersWithTools([question], ask, weather, 2))).rejects.toThrow(
      'Not done after 2 rounds',
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
      answersWithTools([question], ask, weather).forEach((event) => seen.push(event)),
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
      const subscription = answersWithTools([question], scripted(answer).ask, slow).subscribe();
      expect(open).toBe(1);
      subscription.unsubscribe();
      expect(open).toBe(0);
    }
  });
});
