/** An event as it stands on the wire. */
export interface WireEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A stream in memory: each chunk holds one event, as servers flush them. */
export interface Workload {
  readonly kind: 'text' | 'tool' | 'blocks';
  readonly chunks: readonly Uint8Array[];
  /** Events in it, pings among them. */
  readonly events: number;
  readonly pings: number;
  readonly deltas: number;
}

const PING_EVERY = 20;
const WORDS = [
  'The ',
  'answer',
  ' is',
  ' a',
  ' "quoted"',
  ' line\n',
  ' über',
  ' ✓',
  ' of',
  ' forty',
  '-',
  'two',
  '. ',
];
const TOOL_INPUT_LENGTH = 1024 * 1024;
/** How many characters of JSON a delta of tool input has. */
export const DELTA_LENGTH = 16;

const encoder = new TextEncoder();

/** One event as its bytes on the wire. */
export function bytesOf(event: WireEvent): Uint8Array {
  return encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** A text of a few characters, as a delta has it; not all are ASCII. */
export function wordAt(place: number): string {
  return WORDS[place % WORDS.length] ?? '';
}

/** A `text_delta` of a few characters. */
export function textDelta(count: number, index = 0): WireEvent {
  const text = wordAt(count);
  return { type: 'content_block_delta', index, delta: { type: 'text_delta', text } };
}

/** The start of a message without content. */
export function messageStart(): WireEvent {
  const message = {
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 25, output_tokens: 1 },
  };
  return { type: 'message_start', message };
}

/** The start of a block of text. */
export function textStart(index = 0): WireEvent {
  return { type: 'content_block_start', index, content_block: { type: 'text', text: '' } };
}

/** The end of a block. */
export function blockStop(index = 0): WireEvent {
  return { type: 'content_block_stop', index };
}

/** A keep-alive. */
export const PING: WireEvent = { type: 'ping' };

/** How a message ends. */
export function ending(stopReason: string): readonly WireEvent[] {
  const delta = { stop_reason: stopReason, stop_sequence: null };
  return [{ type: 'message_delta', delta, usage: { output_tokens: 15 } }, { type: 'message_stop' }];
}

/** One block of text in so many deltas, with a ping after every twentieth. */
export function textWorkload(deltas: number): Workload {
  const chunks = [bytesOf(messageStart()), bytesOf(textStart())];
  let pings = 0;
  for (let count = 1; count <= deltas; count++) {
    chunks.push(bytesOf(textDelta(count)));
    if (count % PING_EVERY !== 0) continue;
    chunks.push(bytesOf(PING));
    pings++;
  }
  chunks.push(bytesOf(blockStop()), ...ending('end_turn').map(bytesOf));
  return { kind: 'text', chunks, events: chunks.length, pings, deltas };
}

/** So many blocks of text, one after another, in so many deltas each. */
export function blocksWorkload(blocks: number, deltasEach: number): Workload {
  const chunks = [bytesOf(messageStart())];
  for (let index = 0; index < blocks; index++) {
    chunks.push(bytesOf(textStart(index)));
    for (let count = 1; count <= deltasEach; count++) chunks.push(bytesOf(textDelta(count, index)));
    chunks.push(bytesOf(blockStop(index)));
  }
  chunks.push(...ending('end_turn').map(bytesOf));
  return { kind: 'blocks', chunks, events: chunks.length, pings: 0, deltas: blocks * deltasEach };
}

/** One tool call whose input is this JSON, in deltas of 16 characters. */
export function toolWorkload(json: string): Workload {
  const content_block = { type: 'tool_use', id: 'toolu_01', name: 'write_file', input: {} };
  const chunks = [bytesOf(messageStart()), bytesOf({ type: 'content_block_start', index: 0, content_block })];
  let deltas = 0;
  for (let start = 0; start < json.length; start += DELTA_LENGTH, deltas++) {
    const delta = { type: 'input_json_delta', partial_json: json.slice(start, start + DELTA_LENGTH) };
    chunks.push(bytesOf({ type: 'content_block_delta', index: 0, delta }));
  }
  chunks.push(bytesOf(blockStop()), ...ending('tool_use').map(bytesOf));
  return { kind: 'tool', chunks, events: chunks.length, pings: 0, deltas };
}

/** JSON of about this length whose bulk is one string with escapes. */
export function longString(length = TOOL_INPUT_LENGTH): string {
  const line = 'const greeting = "héllo";\n\tconsole.log(greeting, \\d+);\n';
  const content = line.repeat(Math.ceil(length / JSON.stringify(line).length));
  return JSON.stringify({ path: 'src/index.ts', content });
}

/** JSON of about this length whose bulk is one array of small objects. */
export function wideArray(length = TOOL_INPUT_LENGTH): string {
  const items: string[] = [];
  for (let held = 0, id = 0; held < length; id++) {
    const item = JSON.stringify({ id, name: `item ${id}`, done: id % 2 === 0, score: id / 8 });
    items.push(item);
    held += item.length + 1;
  }
  return `{"items":[${items.join(',')}]}`;
}

/** The same bytes, cut every `size` bytes. */
export function cut(chunks: readonly Uint8Array[], size: number): Uint8Array[] {
  const whole = Buffer.concat(chunks);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < whole.length; start += size) {
    pieces.push(new Uint8Array(whole.subarray(start, start + size)));
  }
  return pieces;
}
