import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';

/** A protocol by the name of its codec, what to import of the package, and a pattern of the frames that begin its streams. */
type Looks = readonly [name: string, codec: string, pattern: RegExp];

/** No frame of another protocol fits a pattern that stands before its own. */
const LOOKS: readonly Looks[] = [
  ['openai-chat', 'openaiChat of /openai', /"(?:chat\.completion\.chunk|text_completion)"|"choices": *\[/],
  ['openai-responses', 'openaiResponses of /openai', /"type": *"response\./],
  ['claude-code', 'claudeCode of /claude-code', /"type": *"stream_event"/],
  ['anthropic', 'anthropic of /anthropic', /"type": *"(?:message_start|content_block_)/],
  ['gemini-interactions', 'geminiInteractions of /gemini', /"event_type": *"(?:interaction|step)\./],
  ['gemini', 'gemini of /gemini', /"(?:candidates|usageMetadata|promptFeedback)":/],
  [
    'ai-sdk-ui',
    'aiSdkUi of /ai-sdk-ui',
    /"type": *"(?:(?:text|reasoning)-(?:start|delta)|(?:start|finish)-step|tool-input-[a-z]+)"/,
  ],
  ['ollama', 'ollama of /ollama', /"created_at":[^]*"done":/],
];

/** How much of a frame is looked at, in UTF-16 units. */
const LOOKED_AT = 4096;

/** What the data of a frame looks like; `undefined` where no protocol of the list has it. */
export function protocolIn(data: string): Looks | undefined {
  const begun = data.slice(0, LOOKED_AT);
  return LOOKS.find(([, , pattern]) => pattern.test(begun));
}

/** An unknown event may look like one of another protocol; so many in a row are its stream. */
const MOST_STRANGERS = 3;

/**
 * Refuses the stream of another protocol: most of it would be unknown, and the answer nothing.
 *
 * @param own - the name of the decoder's codec, with or without a dialect
 * @param decoder - what reads the frames, a fresh one
 * @returns the decoder, which now throws a StreamError `not-a-stream`, which names the codec to use, for three frames of another
 *   protocol in a row, for one that cannot be read, and at the end; but not once something could be read
 */
export function guarded(own: string, decoder: Decoder): Decoder {
  const next = decoder.next.bind(decoder);
  const end = decoder.end.bind(decoder);
  let isKnown = false;
  let strangers = 0;
  let last: Frame | undefined;
  const refuse = (most: number): void => {
    const [name = own, codec] = (last && protocolIn(last.data)) ?? [];
    strangers = own.startsWith(name) ? 0 : strangers + 1;
    if (strangers >= most)
      throw new StreamError('not-a-stream', `This is no stream of ${own}; use ${codec}`, { raw: last?.data });
  };
  return Object.assign(decoder, {
    next(frame: Frame) {
      if (isKnown) return next(frame);
      last = frame;
      let events: readonly StreamEvent[];
      try {
        events = next(frame);
      } catch (error) {
        refuse(1);
        throw error;
      }
      isKnown = events.some(({ type }) => type !== 'unknown' && type !== 'ping');
      if (!isKnown) refuse(MOST_STRANGERS);
      return events;
    },
    end() {
      if (!isKnown) refuse(1);
      return end();
    },
  });
}
