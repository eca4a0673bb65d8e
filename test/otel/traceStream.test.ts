import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { concat, from, NEVER, of, throwError } from 'rxjs';
import * as events from '../../src/events/make.js';
import { ANSWER, each, run, SECRET, traced } from './traced.js';

describe('traceStream', () => {
  it('makes a client span of an answer and passes its events', () => {
    const { operator, spans, parentId } = traced();
    expect(run(from(ANSWER).pipe(operator()))).toEqual(ANSWER);
    const [span, ...others] = spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: 'chat model', kind: SpanKind.CLIENT });
    expect(span?.parentSpanContext?.spanId).toBe(parentId);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'model',
      'gen_ai.request.stream': true,
      'gen_ai.response.id': 'msg_1',
      'gen_ai.response.model': 'model-1',
      'gen_ai.response.finish_reasons': ['tool_use'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.input_tokens': 42,
      'gen_ai.usage.cache_read.input_tokens': 30,
      'gen_ai.usage.output_tokens': 7,
    });
  });

  it('says all that the provider counts, and nothing that it did not say', () => {
    const { operator, spans } = traced();
    const told = {
      output_tokens: 7,
      input_tokens: 12,
      cache_creation_input_tokens: 3,
      output_tokens_details: { thinking_tokens: 5 },
    };
    const untold = { ...events.messageStart(), message: { id: 7, content: [] } } as unknown;
    run(
      of(events.messageStart(), events.messageDelta('end_turn', told), events.messageStop()).pipe(operator()),
    );
    run(of(untold as (typeof ANSWER)[number], events.messageStop()).pipe(operator()));
    const [whole, bare] = spans();
    expect(whole?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 15,
      'gen_ai.usage.cache_write.input_tokens': 3,
      'gen_ai.usage.reasoning.output_tokens': 5,
    });
    expect(
      Object.keys(bare?.attributes ?? {}).filter((name) => /usage|response\.(?:id|model)/.test(name)),
    ).toEqual([]);
    expect(bare?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it.each([
    [
      'an error event',
      of(...ANSWER.slice(0, 2), events.error('overloaded_error', SECRET)),
      'overloaded_error',
    ],
    ['one whose type is no name', of(events.error(SECRET, SECRET)), '_OTHER'],
    ['an end inside a message', from(ANSWER.slice(0, 4)), 'truncated'],
    ['what somebody else threw', throwError(() => new Error(SECRET)), '_OTHER'],
    [
      'another message inside one',
      concat(from(ANSWER.slice(0, 4)), of(events.messageStart({ id: 'msg_2' }))),
      'protocol',
    ],
  ])('says of what type a failure is: %s', (_, source, type) => {
    const { operator, spans } = traced();
    run(source.pipe(operator()));
    expect(each(spans(), 'error.type')).toEqual([type]);
    expect(each(spans(), 'gen_ai.response.finish_reasons')).toEqual([['error']]);
    expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('passes events that are out of order to those who read them', () => {
    const disorder = [events.messageStart({ id: 'msg_1' }), events.messageStart({ id: 'msg_2' }), ...ANSWER];
    expect(run(from(disorder).pipe(traced({ content: true }).operator()))).toEqual(disorder);
  });

  it('passes over what sub-agents say', () => {
    const { operator, spans } = traced();
    const aside = ANSWER.map((event) => ({ ...event, lane: 'agent' }));
    run(concat(from(aside), from(ANSWER)).pipe(operator()));
    expect(spans()).toHaveLength(1);
  });

  it('ends without an error where somebody leaves, or where nothing came', () => {
    const { operator, spans } = traced();
    concat(from(ANSWER.slice(0, 4)), NEVER)
      .pipe(operator())
      .subscribe()
      .unsubscribe();
    run(of().pipe(operator()));
    expect(spans().map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET]);
    expect(each(spans(), 'error.type')).toEqual([undefined, undefined]);
    expect(each(spans(), 'gen_ai.response.finish_reasons')).toEqual([['cancelled'], undefined]);
  });
});
