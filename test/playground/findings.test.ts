import { conversationOf } from '../../playground/model/conversation.js';
import { findingsOf, type Finding } from '../../playground/model/findings.js';
import { SAMPLES } from '../../playground/model/samples.js';
import { AT_ONCE } from '../../playground/model/slices.js';
import { shown } from './shown.js';

async function found(given: string): Promise<readonly Finding[]> {
  const { reading, recording } = await shown(given);
  return findingsOf(reading, recording, AT_ONCE);
}

const codesIn = async (given: string): Promise<readonly string[]> =>
  (await found(given)).map(({ code }) => code);

describe('what is wrong with a capture', () => {
  it('is nothing in any of the samples of a protocol', async () => {
    for (const sample of SAMPLES.filter(({ group }) => group !== 'Drawn')) {
      const wrong = (await found(sample.text())).filter(({ weight }) => weight === 'wrong');
      expect([sample.id, wrong]).toEqual([sample.id, []]);
    }
  });

  it.each([
    ['a cut', 'm-o-t-u|', ['truncated']],
    ['a cut in the second message', 'm-o-t-c-s-z-n-o-t|', ['truncated']],
    ['a lost connection', 'm-o-t-#', ['network']],
    ['an error of the provider', 'm-o-t-e|', ['api']],
    ['an event of an unknown type', 'm-x-o-t-c-s-z|', ['unknown']],
    ['an end with an open block', 'm-o-t-s-z|', ['protocol']],
    ['the stop of a block that is not open', 'm-o-t-d-c-s-z|', ['stray']],
    ['another message inside an unfinished one', 'm-o-t-n-o-c-s-z|', ['protocol']],
    ['a stall', 'm-o-t-u 3s t-c-s-z|', ['stall']],
    ['a stream that is still open', 'm-o-t--', []],
  ])('is %s', async (_, row, codes) => {
    expect(await codesIn(row)).toEqual(codes);
  });

  it('is told with the time and the event where it is', async () => {
    const [stall] = await found('m-o-t-u 3s p-t-c-s-z|');
    expect(stall).toMatchObject({ code: 'stall', at: 3007, event: 4, weight: 'strange' });
    expect(stall?.what).toContain(
      'Nothing came for 3.0 s, and then a ping. A connection that is open proves nothing',
    );
  });

  it('is what could not be read, and what was passed over', async () => {
    const event =
      'data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n';
    expect(await codesIn(`${event}data: keep-alive\n\ndata: {"type":\n\n`)).toEqual([
      'no-event',
      'malformed',
    ]);
  });
});

describe('a conversation', () => {
  it('has texts, thinking, calls and their results, and says what was cut off', async () => {
    const { recording } = await shown(
      "script().thinking('Hm').text('It is 🎵').toolUse('get_weather', { city: 'Kyoto' }).toolResult('21 °C').timed(5)",
    );
    const [reply] = await conversationOf(recording, AT_ONCE);
    expect(reply?.pieces.map(({ kind, text, result }) => [kind, text, result])).toEqual([
      ['thinking', 'Hm', undefined],
      ['text', 'It is 🎵', undefined],
      ['call', '{\n  "city": "Kyoto"\n}', '21 °C'],
    ]);
    expect(reply?.end).toBe('It stopped: tool_use');
    const cut = await shown('m-o-t-q-|');
    const [part] = await conversationOf(cut.recording, AT_ONCE);
    expect(part?.pieces[0]?.note).toBe('It was cut off: stopped');
    expect(part?.end).toBe('It has no stop reason.');
  });
});
