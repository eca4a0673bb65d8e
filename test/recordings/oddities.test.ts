import { readFileSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import { from } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { policed } from '../../src/codecs/policed.js';
import type { Message } from '../../src/events/message.js';
import { toMessage } from '../../src/operators/toMessage.js';
import type { Frame } from '../../src/wire/frame.js';
import { SseFramer } from '../../src/wire/sse.js';
import { emptied } from '../codecs/tolerance/emptied.js';
import { said, spliced, type Variant } from '../codecs/tolerance/variants.js';
import { isThorough } from '../thorough.js';
import { bytesOf, recordings } from './recordings.js';

/** How many oddities of each kind each recording is given. */
const EACH = isThorough ? 40 : 8;

const known = recordings('anthropic');

const streams: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['the answer of this repository', readFileSync('scripts/consumer/answer.sse')],
  ...known.map((recording) => [recording.file, bytesOf(recording)] as const),
];

function framesIn(bytes: Uint8Array): readonly Frame[] {
  const framer = new SseFramer();
  return [...framer.next(new TextDecoder().decode(bytes)), ...framer.end()];
}

function messagesOf(frames: readonly Frame[]): readonly Message[] {
  const decoder = policed(anthropic);
  const messages: Message[] = [];
  let error: unknown;
  from([...frames.flatMap((frame) => decoder.next(frame)), ...decoder.end()])
    .pipe(toMessage())
    .subscribe({ next: (message) => messages.push(message), error: (failure: unknown) => (error = failure) });
  expect(error).toBeUndefined();
  return messages;
}

/** What the official client makes of the same frames, without what it adds of its own; nothing where it refuses them. */
async function officialMessage(frames: readonly Frame[]): Promise<object | undefined> {
  // The client passes over events without a name.
  const body = frames.map(({ data, event }) => `event: ${event ?? typeIn(data)}\ndata: ${data}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const client = new Anthropic({
    apiKey: 'sk-test',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { headers })),
  });
  try {
    const stream = client.beta.messages.stream({
      model: 'm',
      max_tokens: 1,
      messages: [{ role: 'user', content: '?' }],
    });
    const { parsed_output: _ours, ...message } = await stream.finalMessage();
    return message;
  } catch {
    return undefined;
  }
}

function typeIn(data: string): string {
  return (JSON.parse(data) as { readonly type: string }).type;
}

/** Some of many, evenly spread. */
function some<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / EACH));
  return all.filter((_, at) => at % step === 0).slice(0, EACH);
}

/** A member that says nothing, said in another way. */
function members(frames: readonly Frame[]): readonly Variant[] {
  const changes = frames.flatMap((frame, at) =>
    frame.data.startsWith('{')
      ? emptied(JSON.parse(frame.data)).map(([what, other]): Variant => {
          const changed = { ...frame, data: JSON.stringify(other) };
          return { what: `${at} ${what}`, frames: spliced(frames, at, 1, changed) };
        })
      : [],
  );
  return some(changes);
}

/** What is no event, between any two. */
function noises(frames: readonly Frame[]): readonly Variant[] {
  const noise: readonly Frame[] = [
    { data: '' },
    { data: ': keep-alive' },
    { data: '[DONE]' },
    { data: '1732812345' },
    { event: 'ping', data: '2026-11-28T16:45:00Z' },
    { event: 'ping', data: '' },
  ];
  return some(
    frames.flatMap((_, at) =>
      noise.map((one, of) => ({ what: `${at} noise ${of}`, frames: spliced(frames, at, 0, one) })),
    ),
  );
}

/** Events that one line feed separates. */
function joints(frames: readonly Frame[]): readonly Variant[] {
  const joined = frames.slice(1).map((frame, at): Variant => {
    const data = `${frames[at]?.data ?? ''}\n${frame.data}`;
    return { what: `${at} joined`, frames: spliced(frames, at, 2, { ...frame, data }) };
  });
  return some(joined.filter((_, at) => frames[at]?.data.startsWith('{')));
}

let compared = 0;

if (known.length === 0) {
  it('no recordings are here: only the answer of this repository is read', () => {
    expect(known).toEqual([]);
  });
}

describe.each(streams)('%s', (_, bytes) => {
  const frames = framesIn(bytes);

  it('is as the official client reads it', async () => {
    const official = await officialMessage(frames);
    const messages = messagesOf(frames);
    // The client refuses several messages one after another, and types that it does not know.
    if (official === undefined) return;
    expect(messages).toEqual([official]);
    compared += 1;
  });

  it('is the same with one oddity', () => {
    const messages = messagesOf(frames);
    for (const { what, frames: odd } of [...noises(frames), ...joints(frames)]) {
      expect({ what, messages: messagesOf(odd) }).toEqual({ what, messages });
    }
    for (const { what, frames: odd } of members(frames)) {
      expect({ what, messages: messagesOf(odd).map(said) }).toEqual({ what, messages: messages.map(said) });
    }
  });
});

it('most of them are compared with the official client', () => {
  expect(compared).toBeGreaterThan(0.85 * known.length);
});
