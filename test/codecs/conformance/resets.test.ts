import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { UNREPEATED } from './carries.js';
import { PROTOCOLS } from './protocols.js';
import { eventsOf, framesOf } from './spelling.js';

const MUTE = PROTOCOLS.filter(({ carries }) => carries.resets === UNREPEATED);

function answer(text: string): readonly StreamEvent[] {
  return [
    ...begun(text),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: 1 }),
    events.messageStop(),
  ];
}

function begun(text: string): readonly StreamEvent[] {
  return [events.messageStart({ id: 'm1' }), events.textStart(0), events.textDelta(0, text)];
}

function textIn(given: readonly StreamEvent[]): string {
  const texts = given.map((event) => {
    if (event.type === 'content_block_start' && event.content_block.type === 'text')
      return event.content_block.text;
    return event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '';
  });
  return texts.join('');
}

it('there are protocols that cannot take a part of an answer back', () => {
  expect(MUTE.map(({ codec }) => codec.name)).toEqual(
    expect.arrayContaining(['openai-chat', 'openai-responses', 'gemini', 'ollama', 'bedrock-converse']),
  );
});

describe.each(MUTE.map(({ codec }) => [codec.name, codec] as const))('an answer of %s', (_, codec) => {
  const sent = (...given: readonly StreamEvent[]) => eventsOf(codec, framesOf(codec, given));

  it('that begins anew ends in an error, and nothing of the next attempt is behind the first', () => {
    const found = sent(...begun('Hel'), events.reset(2, null), ...answer('Hello'));
    expect(textIn(found)).toBe('Hel');
    expect(found.at(-1)).toMatchObject({
      type: 'error',
      error: { message: 'The answer began anew after a part of it was sent: ask again' },
    });
    expect(found.filter(({ type }) => type === 'message_stop')).toEqual([]);
  });

  it('that begins anew twice fails once, and so does one whose next attempt fails', () => {
    const again = [events.reset(2, null), ...begun('Hel')];
    const found = sent(...begun('H'), ...again, ...again, events.error('overloaded_error', 'Too busy'));
    expect(found.filter(({ type }) => type === 'error')).toHaveLength(1);
    expect(textIn(found)).toBe('H');
  });

  it('that begins anew before it said anything is that of the next attempt', () => {
    const found = sent(events.messageStart({ id: 'm1' }), events.reset(2, null), ...answer('Hello'));
    expect(textIn(found)).toBe('Hello');
    expect(found.at(-1)).toMatchObject({ type: 'message_stop' });
  });

  it('that follows one which failed so is whole', () => {
    const encoder = codec.encoder();
    const failed = [...begun('Hel'), events.reset(2, null), ...answer('Hello')];
    for (const event of failed) encoder.next(event);
    const frames = answer('Next').flatMap((event) => encoder.next(event));
    expect(textIn(eventsOf(codec, [...frames, ...encoder.end()]))).toBe('Next');
  });
});
