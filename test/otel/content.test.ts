import { concat, from, NEVER, of, throwError, type Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { ANSWER, run, SECRET, textOf, traced } from './traced.js';

const QUESTION = [
  { role: 'user', content: SECRET },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: SECRET },
      { type: 'tool_use', id: 'toolu_0', name: 'draw', input: { key: SECRET } },
    ],
  },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_0', content: SECRET }] },
  { role: 'user', content: [{ type: 'image', source: { data: SECRET } }] },
] as const;

/** Errors that have the secret wherever an error may have something. */
function failures(): Observable<StreamEvent>[] {
  const details = { raw: SECRET, partial: SECRET, requestId: SECRET, cause: new Error(SECRET) };
  const foreign = Object.assign(new Error(SECRET), { code: SECRET, status: SECRET, name: SECRET });
  const errors = [
    new StreamError('api', SECRET, { ...details, errorType: SECRET }),
    new StreamError('http', SECRET, { ...details, status: 401 }),
    foreign,
    SECRET,
  ];
  return [
    ...errors.map((error) => throwError(() => error)),
    ...errors.map((error) => of(events.reset(2, error as StreamError))),
    of(events.error(SECRET, SECRET)),
    of(events.blockAbort(0, SECRET)),
    of(events.messageDelta(SECRET as 'end_turn')),
    of(events.toolResult('toolu_1', SECRET, true)),
    of({ type: 'unknown', name: SECRET, data: SECRET } as StreamEvent),
  ];
}

describe('what was said', () => {
  it('is nowhere by default, however far the answer came and however it ended', async () => {
    const sdk = traced({ messages: QUESTION });
    for (let count = 0; count <= ANSWER.length; count++)
      for (const end of [of(), NEVER, ...failures()]) {
        const heard = concat(from(ANSWER.slice(0, count)), end).pipe(sdk.operator());
        heard.subscribe({ error: () => undefined }).unsubscribe();
      }
    const spans = sdk.spans();
    expect(spans.length).toBeGreaterThan(ANSWER.length * failures().length);
    expect(spans.filter((span) => textOf(span).includes(SECRET))).toEqual([]);
    expect(JSON.stringify(await sdk.metrics())).not.toContain(SECRET);
  });

  it('stands in the span by option, as the conventions spell it, and in no metric', async () => {
    const sdk = traced({ messages: QUESTION, content: true });
    run(from(ANSWER).pipe(sdk.operator()));
    const attributes = sdk.spans()[0]?.attributes ?? {};
    const [input, output] = ['input', 'output'].map(
      (kind) => JSON.parse(String(attributes[`gen_ai.${kind}.messages`])) as unknown,
    );
    const text = { type: 'text', content: SECRET };
    const call = { type: 'tool_call', name: 'draw', arguments: { key: SECRET } };
    expect(input).toEqual([
      { role: 'user', parts: [text] },
      { role: 'assistant', parts: [text, { ...call, id: 'toolu_0' }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'toolu_0', response: SECRET }] },
      { role: 'user', parts: [{ type: 'image' }] },
    ]);
    expect(output).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'reasoning', content: SECRET }, text, { ...call, id: 'toolu_1' }],
        finish_reason: 'tool_call',
      },
    ]);
    expect(JSON.stringify(await sdk.metrics())).not.toContain(SECRET);
  });

  it('has no half of an input, and says how it ended', () => {
    const sdk = traced({ content: true });
    const begun = [
      events.messageStart(),
      events.toolUseStart(0, 'toolu_1', 'draw'),
      events.inputJsonDelta(0, '{"key":"half'),
    ];
    concat(from(begun), NEVER).pipe(sdk.operator()).subscribe().unsubscribe();
    run(
      concat(
        from(begun),
        throwError(() => new Error(SECRET)),
      ).pipe(sdk.operator()),
    );
    const parts = [{ type: 'tool_call', id: 'toolu_1', name: 'draw' }];
    const written = sdk
      .spans()
      .map(({ attributes }) => JSON.parse(String(attributes['gen_ai.output.messages'])) as unknown);
    expect(written).toEqual([
      [{ role: 'assistant', parts, finish_reason: 'cancelled' }],
      [{ role: 'assistant', parts, finish_reason: 'error' }],
    ]);
  });

  it('has a reason that nobody knows as it came, whatever it is called', () => {
    const sdk = traced({ content: true });
    const answer = [
      events.messageStart(),
      events.textStart(0, 'Hello'),
      events.blockStop(0),
      events.messageDelta('constructor' as never),
      events.messageStop(),
    ];
    run(from(answer).pipe(sdk.operator()));
    const [span] = sdk.spans();
    expect(JSON.parse(String(span?.attributes['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'constructor' },
    ]);
  });
});
