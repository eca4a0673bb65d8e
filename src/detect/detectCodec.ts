import { agUi } from '../codecs/agUi/codec.js';
import { aiSdkUi } from '../codecs/aiSdkUi/codec.js';
import { anthropic } from '../codecs/anthropic/codec.js';
import { textOfBase64 } from '../codecs/bedrock/base64.js';
import { bedrockConverse } from '../codecs/bedrock/codec.js';
import { isException } from '../codecs/bedrock/exception.js';
import { bedrockInvoke } from '../codecs/bedrock/invokeCodec.js';
import { titanAnswer } from '../codecs/bedrock/titan.js';
import { claudeCode } from '../codecs/claudeCode/codec.js';
import type { Codec } from '../codecs/codec.js';
import { gemini } from '../codecs/gemini/codec.js';
import { geminiInteractions } from '../codecs/geminiInteractions/codec.js';
import { isObject, type Json } from '../codecs/kit/json.js';
import { llmWorker } from '../codecs/llmWorker/codec.js';
import { modelrelay, modelrelayDialect } from '../codecs/modelrelay/codec.js';
import { ollama, ollamaDialect } from '../codecs/ollama/codec.js';
import { openaiChat, openaiChatDialect } from '../codecs/openaiChat/codec.js';
import { openaiResponses } from '../codecs/openaiResponses/codec.js';
import { synaps } from '../codecs/synaps/codec.js';
import { isStreamError } from '../errors/streamError.js';
import { ElementText } from '../wire/elementText.js';
import { framesIn, type Given, type WireValue } from './frames.js';
import { nameIn, nameInError } from './looks.js';

/** Makes the codec of a stream, by the frame that is known and by all of them. */
type CodecOf = (known: Json, all: readonly WireValue[]) => Codec;

/** The codec of each protocol, in the dialect of a stream. */
const CODECS: ReadonlyMap<string, CodecOf> = new Map(
  Object.entries<CodecOf>({
    'ag-ui': () => agUi,
    'ai-sdk-ui': () => aiSdkUi,
    anthropic: () => anthropic,
    'claude-code': () => claudeCode,
    gemini: () => gemini,
    'gemini-interactions': () => geminiInteractions,
    'llm-worker': () => llmWorker,
    modelrelay: relayIn,
    ollama: (known) => ('response' in known ? ollamaDialect('generate') : ollama),
    'openai-chat': chatIn,
    'openai-responses': () => openaiResponses,
    synaps: () => synaps,
  }),
);

/**
 * Finds out which protocol a stream is of, by its first frames: for captures, and for what comes from who knows where.
 *
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { fromBytes, textDeltas } from 'rxjs-llm-stream';
 * import { detectCodec } from 'rxjs-llm-stream/detect';
 *
 * const capture = readFileSync('capture.txt');
 * const codec = detectCodec(capture);
 * if (codec === undefined) throw new Error('No known protocol has a stream like this');
 * fromBytes([capture], { codec }).pipe(textDeltas()).subscribe((text) => process.stdout.write(text));
 * ```
 *
 * - It reads server-sent events, JSON lines, one JSON array, AWS event streams and a JSON document; what stands before the
 *   first frame, comments, pings and a frame that is cut off are passed over.
 * - The codec reads the framing that the stream has, also where that is not the protocol's own: a capture may be the data of
 *   its events, one a line. Its encoder writes the dialect of the stream, as far as that shows.
 * - What an answer says is not looked at, so a text that quotes another protocol is not mistaken for it.
 * - An error is of a protocol only where it is spelled as no other protocol spells it.
 *
 * It knows every protocol of the library, so it brings all codecs to a page, and needs the package `@smithy/core`. Where the
 * protocol is known, import its codec.
 *
 * @param begun - the beginning of the stream, with one whole frame at least, or all of it, of which the first 8 MiB are looked
 *   at; bytes where it may be an AWS event stream
 * @returns the codec; `undefined` where no frame shows whose it is: it may be too early, no stream, or of another protocol
 */
export function detectCodec(begun: Uint8Array | string): Codec | undefined {
  const { framing, frames } = framesIn(begun);
  if (framing === 'eventstream') return bedrockIn(frames);
  const known = found(frames);
  return known && as(known, framing);
}

/** The protocol of the first frame that shows one, or else of the first error. */
function found(frames: readonly WireValue[]): Codec | undefined {
  for (const nameOf of [nameIn, nameInError]) {
    for (const frame of frames) {
      const codec = CODECS.get(nameOf(frame.value) ?? '')?.(frame.value, frames);
      if (codec !== undefined && reads(codec, frame)) return codec;
    }
  }
  return undefined;
}

/** Whether a frame is one of a protocol's in all that it must have. */
function reads(codec: Codec, { frame }: WireValue): boolean {
  try {
    codec.decoder().next(frame);
    return true;
  } catch (error) {
    // Amid a stream much is missing that came before.
    return isStreamError(error) && error.code === 'protocol';
  }
}

/** A codec that reads a framing. */
function as(codec: Codec, framing: Exclude<Given, 'eventstream'>): Codec {
  if (framing === 'document' || codec.framing === framing) return codec;
  if (framing !== 'array') return { ...codec, framing };
  return codec.unpacker ? codec : { ...codec, framing: 'sse', unpacker: (limits) => new ElementText(limits) };
}

function bedrockIn(frames: readonly WireValue[]): Codec | undefined {
  for (const { frame, value } of frames) {
    if (isException(frame.event) || /^(?:message|contentBlock)[A-Z]|^metadata$/.test(frame.event ?? ''))
      return bedrockConverse;
    if (frame.event !== 'chunk' || typeof value['bytes'] !== 'string') continue;
    const { frames: inner } = framesIn(textOfBase64(value['bytes']) ?? '');
    const [chunk] = inner;
    if (chunk !== undefined && isNova(chunk.value)) return bedrockInvoke(bedrockConverse);
    if (chunk !== undefined && 'outputText' in chunk.value) return bedrockInvoke(titanAnswer());
    const codec = found(inner);
    if (codec !== undefined) return bedrockInvoke(codec);
  }
  return undefined;
}

/** Nova's chunks are named by their one member. */
function isNova(value: Json): boolean {
  return Object.keys(value).some((name) => /^(?:message|contentBlock)(?:Start|Delta|Stop)$/.test(name));
}

function relayIn(record: Json): Codec {
  if (typeof record['type'] !== 'string') return modelrelayDialect('event');
  const isOld = 'payload' in record || (record['type'] === 'start' && !record['stream_version']);
  return isOld ? modelrelayDialect('v1') : modelrelay;
}

/** What the first thinking is called says which dialect it is. */
function chatIn(_: Json, frames: readonly WireValue[]): Codec {
  for (const { value } of frames) {
    const [choice] = Array.isArray(value['choices']) ? (value['choices'] as readonly unknown[]) : [];
    const delta = isObject(choice) && isObject(choice['delta']) ? choice['delta'] : {};
    if (delta['reasoning_content']) break;
    if (delta['reasoning']) return openaiChatDialect({ reasoning: 'reasoning' });
  }
  return openaiChat;
}
