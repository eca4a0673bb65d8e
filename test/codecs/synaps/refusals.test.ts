import { policed } from '../../../src/codecs/policed.js';
import { synaps } from '../../../src/codecs/synaps/codec.js';
import type { TurnOptions } from '../../../src/codecs/synaps/turnOptions.js';
import * as events from '../../../src/events/make.js';
import {
  callDelta,
  callInput,
  callResult,
  callStart,
  failure,
  read,
  READY,
  response,
  text,
  USAGE,
} from './frames.js';

describe('what this version does not know', () => {
  it.each(['heartbeat', '__proto__', 'constructor', 'unknown'])('passes whole: a frame %s', (type) => {
    const data: unknown = JSON.parse(`{"type":"${type}","n":[1]}`);
    expect(read([data as object])).toEqual([events.unknown(type, data)]);
    expect(read([data as object], { unknown: 'skip' })).toEqual([]);
    expect(failure([data as object], { unknown: 'error' })).toMatchObject({ code: 'malformed' });
  });

  it('passes whole: an event of the assistant', () => {
    const data = { type: 'message_update', event: { type: 'response_reset', attempt: 2 } };
    expect(read([data])).toEqual([events.unknown('response_reset', data)]);
    expect(failure([data], { unknown: 'error' }).message).toBe('The event type "response_reset" is unknown');
  });

  it('passes within what is known: a field, a kind of outcome, a severity', () => {
    const usage = { ...USAGE, dreams: 7 };
    const outcome = { kind: 'bored', since: 3 };
    expect(
      read([{ type: 'agent_end', usage, at: 1 }, response('1', { ok: false, error: 'No', outcome })]).at(-1),
    ).toEqual({ type: 'error', error: { type: 'bored', message: 'No', details: outcome } });
  });
});

describe('what says nothing in a frame that is only passed on', () => {
  it.each([undefined, null, ''])('costs no turn: %p', (nothing) => {
    const agent = { subagent_id: 1, agent_name: nothing };
    const [start, update, done, event] = read([
      { type: 'subagent_start', ...agent, task_preview: nothing },
      { type: 'subagent_update', ...agent, status: nothing },
      { type: 'subagent_done', ...agent, result_preview: nothing, duration_secs: nothing },
      { type: 'event', payload: { id: 'e1', source: nothing, severity: nothing, text: nothing } },
    ]);
    expect(start).toMatchObject({ name: 'subagent_start', data: { agent_name: '', task_preview: '' } });
    expect(update).toMatchObject({ name: 'subagent_update', data: { status: '' } });
    expect(done).toMatchObject({ name: 'subagent_done', data: { result_preview: '', duration_secs: 0 } });
    expect(event).toMatchObject({ name: 'event', data: { payload: { id: 'e1', source: '', text: '' } } });
  });
});

describe('what is malformed', () => {
  const inside = (event: unknown): string => JSON.stringify({ type: 'message_update', event });
  it.each<[string, string, string | RegExp]>([
    ['no JSON', '{"type":', 'The data is not JSON'],
    ['text', 'starting up…', 'The data is not JSON'],
    ['null', 'null', 'The data is not a JSON object'],
    ['an array', '[{"type":"ready"}]', 'The data is not a JSON object'],
    ['no type', '{"event":{"type":"text_delta","delta":"a"}}', 'frame.type must be a string, but is missing'],
    ['a type that is no text', '{"type":7}', 'frame.type must be a string, but is 7'],
    ['an update without an event', '{"type":"message_update"}', 'message_update.event must be an object'],
    ['an update that is an array', inside([]), 'message_update.event must be an object'],
    ['an update without a type', inside({ delta: 'a' }), 'message_update.event.type must be a string'],
    [
      'thinking that is a number',
      inside({ type: 'thinking_delta', delta: 7 }),
      /^thinking_delta\.delta must be /,
    ],
    [
      'a delta without an id',
      inside({ type: 'toolcall_input_delta', delta: '{' }),
      /^toolcall_input_delta\.tool_id must be /,
    ],
    [
      'a result that is no text',
      inside({ type: 'toolcall_result', tool_id: 't', result: {} }),
      /^toolcall_result\.result must be /,
    ],
    [
      'ready without a version',
      '{"type":"ready","session_id":"s","model":"m"}',
      /^ready\.protocol_version must be /,
    ],
    [
      'usage that is text',
      '{"type":"agent_end","usage":{"input_tokens":"1","output_tokens":1}}',
      /^agent_end\.usage\.input_tokens must be /,
    ],
    [
      'a response without an id',
      '{"type":"response","command":"prompt","ok":true}',
      /^response\.id must be /,
    ],
    ['a response without a command', '{"type":"response","id":"1","ok":true}', /^response\.command must be /],
    [
      'a turn that says not how it went',
      '{"type":"response","id":"1","command":"prompt"}',
      /^response\.ok must be /,
    ],
    ['an error whose id is a number', '{"type":"error","id":1,"message":"bad"}', /^error\.id must be /],
    [
      'a subagent without an id',
      '{"type":"subagent_start","agent_name":"a","task_preview":"b"}',
      /^subagent_start\.subagent_id must be /,
    ],
    [
      'a status that is none',
      '{"type":"subagent_update","subagent_id":1,"agent_name":"a","status":7}',
      /^subagent_update\.status must be /,
    ],
    [
      'a duration in words',
      '{"type":"subagent_done","subagent_id":1,"agent_name":"a","result_preview":"","duration_secs":"1"}',
      /^subagent_done\.duration_secs must be /,
    ],
    ['an event without a payload', '{"type":"event"}', /^event\.payload must be /],
    [
      'an event whose text is a number',
      '{"type":"event","payload":{"id":"1","text":7}}',
      /^event\.payload\./,
    ],
  ])('is an error, or skipped where the caller says so: %s', (_what, data, message) => {
    const error = failure([data]);
    expect(error).toMatchObject({ code: 'malformed', raw: data.slice(0, 200) });
    expect(error.message).toMatch(message);
    expect(policed(synaps, { malformed: 'skip' }).next({ data })).toEqual([]);
  });

  it('shows no more than 200 characters of itself', () => {
    expect(failure([`{${'x'.repeat(10_000)}`]).raw).toHaveLength(200);
  });
});

describe('frames that contradict each other', () => {
  it.each<[string, readonly object[], TurnOptions | undefined, string]>([
    ['a delta of an unknown call', [callDelta('t', '{')], undefined, 'Block "call:t" is not open'],
    [
      'a delta of a call that is whole',
      [callStart('t'), callInput('t', {}), callDelta('t', '{')],
      undefined,
      'Block "call:t" is not open',
    ],
    ['an input of an unknown call', [text('a'), callInput('t', {})], undefined, 'There is no block "call:t"'],
    [
      'a result of an unknown call',
      [text('a'), callResult('t', '')],
      undefined,
      'The result is of the call "t", which this turn does not have',
    ],
    [
      'a result of another turn',
      [callStart('t'), callInput('t', {}), response('1'), callResult('t', '')],
      undefined,
      'The result is of the call "t", which this turn does not have',
    ],
    [
      'a delta of a call that another turn left open',
      [callStart('t'), response('1'), callDelta('t', '{')],
      undefined,
      'Block "call:t" is not open',
    ],
    ['a call that begins twice', [callStart('t'), callStart('t')], undefined, 'The call "t" began twice'],
    [
      'an input that was whole and is unreadable',
      [callStart('t'), callInput('t', {}), callInput('t', { __parse_error: 'x' })],
      undefined,
      'The input of "t" was whole JSON, and is now reported as invalid',
    ],
    [
      'another version',
      [{ ...READY, protocol_version: 2 }],
      undefined,
      'Version 2 of the protocol is not supported; 1 is',
    ],
    [
      'a session within a turn',
      [text('a'), READY],
      undefined,
      'The session "s1" began inside an unfinished turn',
    ],
    [
      'a frame before the handshake',
      [text('a')],
      { handshake: true },
      'A frame came before ready: "message_update"',
    ],
    [
      'an unknown frame before the handshake',
      [{ type: 'heartbeat' }],
      { handshake: true },
      'A frame came before ready: "heartbeat"',
    ],
    [
      'the end of another prompt',
      [text('a'), response('2')],
      { promptId: '1' },
      'The turn of prompt "2" ended, but "1" was expected',
    ],
    [
      'the failure of another prompt',
      [response('2', { ok: false })],
      { promptId: '1' },
      'The turn of prompt "2" ended, but "1" was expected',
    ],
    [
      'the end of a turn of the child’s own',
      [response('auto:1', { ok: true }, 'auto_turn')],
      { promptId: '1' },
      'The turn of prompt "auto:1" ended, but "1" was expected',
    ],
  ])('are an error, whatever the policies: %s', (_what, frames, turn, message) => {
    const error = failure(frames, { ...(turn && { turn }), malformed: 'skip', unknown: 'skip' });
    expect(error).toMatchObject({
      code: 'protocol',
      message,
      raw: JSON.stringify(frames.at(-1)).slice(0, 200),
    });
  });
});
