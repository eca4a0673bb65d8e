import { EventType, HttpAgent, type BaseEvent, type Message } from '@ag-ui/client';
import { EventSchema } from '@ag-ui/core/schemas';
import { vi } from 'vitest';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { agUi, agUiRun } from '../../../src/ag-ui.js';
import type { Codec } from '../../../src/codecs/codec.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { stopOn } from '../../../src/operators/stopOn.js';
import { runs } from '../../seed.js';
import { answers } from '../conformance/answers.js';
import { expectSame } from '../conformance/expectSame.js';
import { EVERYTHING } from '../conformance/scope.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';

const GIVEN_UP = 'This call was given up before it was whole';

/** What a client makes of a stream. */
interface Read {
  readonly texts: readonly string[];
  readonly thoughts: readonly string[];
  /** The calls whose input is JSON and which nobody gave up. */
  readonly calls: readonly string[];
  readonly results: readonly string[];
  readonly ends: readonly string[];
  /** Its own warnings and errors. */
  readonly complaints: readonly unknown[];
}

/** What the official client reads, which checks the order and the shape of each event. */
async function readBy(codec: Codec, sequence: readonly StreamEvent[]): Promise<Read> {
  const body = bytesOf(codec, framesOf(codec, sequence)) as Uint8Array<ArrayBuffer>;
  const complaints: unknown[] = [];
  const spies = (['warn', 'error'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void complaints.push(words)),
  );
  const agent = new HttpAgent({
    url: 'http://127.0.0.1:1',
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  });
  const seen: BaseEvent[] = [];
  try {
    await agent.runAgent({}, { onEvent: ({ event }) => void seen.push(event) });
  } catch (error) {
    complaints.push(error);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const { messages } = agent;
  const givenUp = new Set(
    messages.flatMap((message) =>
      message.role === 'tool' && message.content === GIVEN_UP ? [message.toolCallId] : [],
    ),
  );
  return {
    texts: contentOf(messages, 'assistant'),
    thoughts: contentOf(messages, 'reasoning'),
    calls: messages
      .flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
      .filter(({ id, function: { arguments: json } }) => !givenUp.has(id) && isJson(json))
      .map(({ id, function: { name, arguments: json } }) => `${id} ${name} ${json || '{}'}`)
      .sort(),
    results: messages
      .flatMap((message) =>
        message.role === 'tool' && message.content !== GIVEN_UP
          ? [`${message.toolCallId} ${String(message.content)}`]
          : [],
      )
      .sort(),
    ends: seen.flatMap(endIn),
    complaints,
  };
}

function contentOf(messages: readonly Message[], role: Message['role']): readonly string[] {
  return messages.flatMap((message) =>
    message.role === role && typeof message.content === 'string' && message.content !== ''
      ? [message.content]
      : [],
  );
}

function endIn(event: BaseEvent): readonly string[] {
  const { metadata, message, outcome } = event as BaseEvent & {
    outcome?: { type: string };
    message?: string;
  };
  if (event.type === EventType.RUN_ERROR) return [`failed: ${String(message)}`];
  if (event.type !== EventType.RUN_FINISHED) return [];
  return [outcome?.type === 'cancelled' ? 'cancelled' : String(metadata?.['stop_reason'])];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || '{}');
    return true;
  } catch {
    return false;
  }
}

/** What it should read. */
function saidIn(sequence: readonly StreamEvent[]): Read {
  const open = new Map<number, { block: AnyContentBlock; said: string }>();
  const [texts, thoughts]: [string[], string[]] = [[], []];
  const [calls, results, ends]: [string[], string[], string[]] = [[], [], []];
  const places = new Map<object, { list: string[]; at: number }>();
  let stop: string | null = null;
  const start = (index: number, block: AnyContentBlock): void => {
    const kept = { block, said: '' };
    open.set(index, kept);
    const list = block.type === 'text' ? texts : block.type === 'thinking' ? thoughts : undefined;
    if (list) places.set(kept, { list, at: list.push('') - 1 });
    if (block.type === 'text') grow(index, block.text);
    if (block.type === 'thinking') grow(index, block.thinking);
  };
  const grow = (index: number, piece: string): void => {
    const kept = open.get(index);
    if (kept === undefined) return;
    kept.said += piece;
    const place = places.get(kept);
    if (place) place.list[place.at] = kept.said;
  };
  const close = (index: number): void => {
    const { block, said } = open.get(index) ?? { block: { type: 'none' }, said: '' };
    open.delete(index);
    if (block.type !== 'tool_use') return;
    const { id, name, input } = block as { id: string; name: string; input: unknown };
    const json = said || JSON.stringify(input);
    if (isJson(json)) calls.push(`${id} ${name} ${json}`);
  };
  for (const event of sequence) {
    switch (event.type) {
      case 'message_start':
        stop = event.message.stop_reason;
        event.message.content.forEach((block, index) => {
          start(index, block);
          close(index);
        });
        break;
      case 'content_block_start':
        start(event.index, event.content_block);
        break;
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') grow(event.index, event.delta.text);
        if (event.delta.type === 'thinking_delta') grow(event.index, event.delta.thinking);
        if (event.delta.type === 'input_json_delta') grow(event.index, event.delta.partial_json);
        break;
      case 'content_block_stop':
        close(event.index);
        break;
      case 'block_abort':
        open.delete(event.index);
        break;
      case 'message_delta':
        stop = event.delta.stop_reason ?? stop;
        break;
      case 'tool_result':
        if (!event.preliminary) {
          const { tool_use_id, content } = event;
          results.push(`${tool_use_id} ${typeof content === 'string' ? content : JSON.stringify(content)}`);
        }
        break;
      case 'message_stop':
        ends.push(String(stop));
        open.clear();
        break;
      case 'error':
        ends.push(`failed: ${event.error.message}`);
        open.clear();
        break;
      default:
    }
  }
  const [said, thought] = [texts, thoughts].map((all) => all.filter((text) => text !== ''));
  return {
    texts: said ?? [],
    thoughts: thought ?? [],
    calls: calls.sort(),
    results: results.sort(),
    ends,
    complaints: [],
  };
}

/** Any turns of one attempt: their calls with approvals, progress and results. */
const TURNS = answers({ ...EVERYTHING, has: (feature) => feature !== 'resets' });

describe('what the codec writes', () => {
  it('is read by the official client as the same text, calls, results and ends, without a complaint', async () => {
    await fc.assert(
      fc.asyncProperty(TURNS, async (sequence) => {
        expectSame(await readBy(agUi, sequence), saidIn(sequence));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is read by it as one run, where it answers one request', async () => {
    await fc.assert(
      fc.asyncProperty(TURNS, async (sequence) => {
        const failed = sequence.findIndex(({ type }) => type === 'error');
        const whole = failed < 0 ? sequence : sequence.slice(0, failed + 1);
        const { ends, ...said } = saidIn(whole);
        const read = await readBy(agUiRun({ threadId: 't', runId: 'r' }), sequence);
        expectSame(read, { ...said, ends: ends.slice(-1) });
      }),
      { numRuns: runs(200) },
    );
  });

  it('is read by it as cancelled, wherever the turn was stopped', async () => {
    await fc.assert(
      fc.asyncProperty(TURNS, fc.nat(), async (sequence, at) => {
        const stopped = stoppedAt(sequence, at % sequence.length);
        expectSame(await readBy(agUi, stopped), saidIn(stopped));
      }),
      { numRuns: runs(200) },
    );
  });

  it('is accepted by its schemas, event by event', () => {
    fc.assert(
      fc.property(TURNS, (sequence) => {
        for (const { data } of framesOf(agUi, sequence)) {
          const event = JSON.parse(data) as { readonly type: string };
          if (event.type in EventType) expect(EventSchema.safeParse(event).error).toBeUndefined();
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

/** What comes of a stream that is stopped at a place. */
function stoppedAt(sequence: readonly StreamEvent[], at: number): readonly StreamEvent[] {
  const [source, stop] = [new Subject<StreamEvent>(), new Subject<void>()];
  const stopped: StreamEvent[] = [];
  source.pipe(stopOn(stop)).subscribe((event) => stopped.push(event));
  for (const event of sequence.slice(0, at)) source.next(event);
  stop.next();
  return stopped;
}

const ODD = [
  'a\rb',
  'a\nb',
  'a\r\n\r\ndata: {"type":"RUN_ERROR","message":"x"}\n\nb',
  'a\u0000b',
  'a\u2028b',
  '__proto__',
];

it.each(ODD)('ids and names such as %j are nothing but ids and names', async (odd) => {
  const sequence = [
    events.messageStart({ id: odd, model: odd }),
    events.toolUseStart(0, odd, odd),
    events.blockStop(0),
    events.toolResult(odd, odd),
    events.textStart(1),
    events.textDelta(1, odd),
    events.blockStop(1),
    events.unknown(odd, { type: odd, value: odd }),
    events.messageDelta('end_turn', { stop_sequence: odd }),
    events.messageStop(),
  ];
  expect(await readBy(agUi, sequence)).toEqual(saidIn(sequence));
});

it('events of a later version, and of others, are no part of the answer', async () => {
  const strange = [
    events.unknown('LATER_EVENT', { type: 'LATER_EVENT', n: 1 }),
    events.unknown('RUN_FINISHED', { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }),
    events.unknown('TEXT_MESSAGE_CONTENT', { type: 'TEXT_MESSAGE_CONTENT', messageId: 'x', delta: 'x' }),
    events.unknown('STATE_DELTA', { type: 'STATE_DELTA', delta: 7 }),
    events.unknown('STEP_STARTED', { type: 'STEP_STARTED', stepName: 'plan', metadata: null }),
    events.unknown('SUBAGENT_STARTED', { type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'n' }),
    events.unknown('STEP_FINISHED', { type: 'STEP_FINISHED', stepName: 'never begun' }),
    events.unknown('heartbeat', null),
  ];
  const sequence = [
    ...strange,
    events.messageStart({ id: 'm' }),
    ...strange,
    events.textStart(0),
    events.textDelta(0, 'Hi'),
    events.blockStop(0),
    events.messageDelta('end_turn'),
    events.messageStop(),
    ...strange,
  ];
  const { complaints, ...read } = await readBy(agUi, sequence);
  expect({ ...read, complaints: [] }).toEqual(saidIn(sequence));
  // It passes over an event that it does not know, and says so.
  expect(complaints).toHaveLength(3);
  expect(String(complaints)).toMatch(/Dropping unrecognised event 'LATER_EVENT'/);
});
