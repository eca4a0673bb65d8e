import { EventStreamCodec } from '@smithy/core/event-streams';
import { do_not_optimize } from 'mitata';
import { Subject } from 'rxjs';
import { bedrockConverse, eventStreamBytes } from '../src/bedrock.js';
import { claudeCode } from '../src/claude-code.js';
import { gemini, geminiInteractions } from '../src/gemini.js';
import {
  events,
  frameText,
  fromBytes,
  toMessage,
  untilTerminal,
  type Codec,
  type Message,
} from '../src/index.js';
import { ollama } from '../src/ollama.js';
import { openaiChat, openaiResponses } from '../src/openai.js';
import { loadFloor, type Floor } from './floor.js';
import { wordAt } from './workloads.js';

/** A codec of another provider, and so many words a delta, as the provider sends them: tokens one by one, or phrases. */
interface Protocol {
  readonly codec: Codec;
  readonly words: number;
}

/** Each is measured on an answer that its own encoder wrote. */
const PROTOCOLS: readonly Protocol[] = [
  { codec: openaiChat, words: 1 },
  { codec: openaiResponses, words: 1 },
  { codec: gemini, words: 16 },
  { codec: geminiInteractions, words: 16 },
  { codec: ollama, words: 1 },
  { codec: bedrockConverse, words: 2 },
  { codec: claudeCode, words: 2 },
];

/** What a process reads answers with: F1, or this package. */
export type AnswerReader = 'floor' | 'message';

/** The names of the codecs. */
export const PROTOCOL_NAMES: readonly string[] = PROTOCOLS.map(({ codec }) => codec.name);

/** So many text deltas are an answer. */
export const ANSWER_DELTAS = 4_000;

/** So many answers are read one after another. */
export const ANSWERS = 200;

/** How long the chunks of a network are, in bytes, one after another: most hold an event or a few, and cut the last one. */
const CHUNK_SIZES = [120, 310, 64, 1_400, 230, 512, 90, 180, 700, 260];

const utf8 = new TextEncoder();

/**
 * The CPU time that all threads of this process spend on reading some answers, in ms: with what the compiler takes to know
 * the code, as a user pays it.
 *
 * @param name - the name of the codec
 * @throws Error when what comes out is not the answer
 */
export async function answersTime(name: string, reader: AnswerReader): Promise<number> {
  const protocol = PROTOCOLS.find(({ codec }) => codec.name === name);
  if (protocol === undefined) throw new Error(`There is no codec ${name} to measure`);
  const { codec, words } = protocol;
  const deltas = Array.from({ length: ANSWER_DELTAS }, (_, place) => phraseAt(place, words));
  const chunks = answerIn(codec, deltas);
  const read = reader === 'floor' ? await floorOf(codec) : messageOf(codec);
  const before = process.cpuUsage();
  for (let count = 1; count < ANSWERS; count++) read(chunks);
  const last = read(chunks);
  const { user, system } = process.cpuUsage(before);
  // Looked at only now: the floor makes no text that one could look at.
  if (last !== undefined && textIn(last) !== deltas.join('')) throw new Error(`${name} gave another answer`);
  return (user + system) / 1000;
}

function phraseAt(place: number, words: number): string {
  return Array.from({ length: words }, (_, at) => wordAt(place * words + at)).join('');
}

/** One answer as the encoder of a codec writes it, in chunks as a network cuts it. */
function answerIn(codec: Codec, deltas: readonly string[]): readonly Uint8Array[] {
  const said = [
    events.messageStart({ id: 'answer_01', model: 'model-1', usage: { input_tokens: 25 } }),
    events.textStart(0),
    ...deltas.map((text) => events.textDelta(0, text)),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: deltas.length }),
    events.messageStop(),
  ];
  const encoder = codec.encoder();
  const frames = [...said.flatMap((event) => encoder.next(event)), ...encoder.end()];
  const text = frameText(codec.framing);
  return cutAsNetworksDo(
    Buffer.concat(
      frames.map((frame) =>
        codec.framing === 'eventstream' ? eventStreamBytes(frame) : utf8.encode(text(frame)),
      ),
    ),
  );
}

function cutAsNetworksDo(bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + (CHUNK_SIZES[chunks.length % CHUNK_SIZES.length] ?? NaN);
    chunks.push(new Uint8Array(bytes.subarray(start, end)));
    start = end;
  }
  return chunks;
}

function messageOf(codec: Codec): (chunks: readonly Uint8Array[]) => Message {
  return (chunks) => {
    const pushed = new Subject<Uint8Array>();
    let message: Message | undefined;
    fromBytes(pushed, { codec })
      .pipe(untilTerminal(), toMessage())
      .subscribe((value) => (message = value));
    for (const chunk of chunks) pushed.next(chunk);
    pushed.complete();
    if (message === undefined) throw new Error(`${codec.name} gave no answer`);
    return message;
  };
}

function textIn({ content: [block] }: Message): string | undefined {
  return block?.type === 'text' ? block.text : undefined;
}

async function floorOf(codec: Codec): Promise<(chunks: readonly Uint8Array[]) => undefined> {
  const startFloor = await FLOORS[codec.framing]();
  return (chunks) => {
    const floor = startFloor();
    for (const chunk of chunks) floor.next(chunk);
    if (floor.count < ANSWER_DELTAS) throw new Error(`Only ${floor.count} events of ${codec.name} came out`);
  };
}

const FLOORS: Readonly<Record<Codec['framing'], () => Promise<() => Floor>>> = {
  sse: () => loadFloor(),
  ndjson: () => Promise.resolve(startLines),
  eventstream: () => Promise.resolve(startBinary),
};

/** F1 for lines of JSON. */
function startLines(): Floor {
  const decoder = new TextDecoder();
  let rest = '';
  let count = 0;
  return {
    next(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) do_not_optimize(JSON.parse(line));
      count += lines.length;
    },
    get count() {
      return count;
    },
  };
}

/** F1 for AWS event streams: each frame is cut by its length, checked and unpacked by AWS's own reader. */
function startBinary(): Floor {
  const decoder = new TextDecoder();
  const frames = new EventStreamCodec(
    (bytes: unknown) => decoder.decode(bytes as Uint8Array),
    (text) => utf8.encode(text),
  );
  let rest = new Uint8Array();
  let count = 0;
  return {
    next(chunk) {
      rest = Buffer.concat([rest, chunk]);
      const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
      let at = 0;
      while (rest.length - at >= 4 && rest.length - at >= view.getUint32(at)) {
        const end = at + view.getUint32(at);
        do_not_optimize(JSON.parse(decoder.decode(frames.decode(rest.subarray(at, end)).body)));
        at = end;
        count++;
      }
      rest = rest.subarray(at);
    },
    get count() {
      return count;
    },
  };
}
