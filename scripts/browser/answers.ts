import { from, lastValueFrom, map, toArray } from 'rxjs';
import { encode, events, frameText, type Codec, type StreamEvent } from '../../src/index.js';
import { modelrelayDialect } from '../../src/modelrelay.js';
import { CODECS as EXPORTED } from '../codecs.js';

const ALL = [...EXPORTED.values(), modelrelayDialect('v1'), modelrelayDialect('event')];

/** The protocols that an answer can be had in, by name. */
export const CODECS: ReadonlyMap<string, Codec> = new Map(ALL.map((codec) => [codec.name, codec]));

export const CONTENT_TYPES = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  eventstream: 'text/event-stream',
} as const;

/** Its text is JSON, so that there is something to read for each operator. */
const TEXT = '{"greeting":"Grüße, 世界 👋","places":["京都","Orléans"]}';
const INPUT = '{"city":"京都","days":3,"stops":[{"at":"08:00","booked":true},{"at":"14:30"}]}';

/** One answer with a block of each common kind. */
export const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude-sonnet-4-5' }),
  events.ping(),
  events.thinkingStart(0),
  ...pieces('Let me see …').map((piece) => events.thinkingDelta(0, piece)),
  events.signatureDelta(0, 'c2ln'),
  events.blockStop(0),
  events.textStart(1),
  ...pieces(TEXT).map((piece) => events.textDelta(1, piece)),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'plan_trip'),
  ...pieces(INPUT).map((piece) => events.inputJsonDelta(2, piece)),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 42 }),
  events.messageStop(),
];

/** The answer as a server sends it that speaks this protocol. */
export async function bytesOf(codec: Codec): Promise<Uint8Array> {
  const texts = from(ANSWER).pipe(encode(codec), map(frameText(codec.framing)), toArray());
  return new TextEncoder().encode((await lastValueFrom(texts)).join(''));
}

function pieces(text: string): string[] {
  return text.match(/.{1,5}/gsu) ?? [];
}
