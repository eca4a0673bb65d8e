import { protocolIn } from '../codecs/kit/protocols.js';
import { isObject, type Json } from '../codecs/kit/json.js';

/** A protocol by the name of its codec, and a pattern of the outlines of its frames. */
type Look = readonly [name: string, pattern: RegExp];

/** Besides those that a decoder names when it is given the stream of another protocol. */
const MORE: readonly Look[] = [
  [
    'claude-code',
    /^(?=.*"(?:session_id|parent_tool_use_id)":).*"type":"(?:system|assistant|user|result|rate_limit_event)"/,
  ],
  [
    'ag-ui',
    /"type":"(?:RUN_(?:STARTED|FINISHED|ERROR)|(?:TEXT|REASONING|THINKING_TEXT)_MESSAGE_[A-Z]+|TOOL_CALL_(?:START|ARGS|END|CHUNK|RESULT))"/,
  ],
  [
    'ai-sdk-ui',
    /^(?=.*"type":"start").*"message(?:Id|Metadata)":|"type":"finish".*"(?:finishReason|messageMetadata)":/,
  ],
  ['synaps', /"type":"(?:message_update|agent_end|subagent_(?:start|update|done))"/],
  ['synaps', /^(?=.*"protocol_version":).*"type":"ready"|^(?=.*"command":).*"type":"response"/],
  ['modelrelay', /"event":"message_(?:start|delta|stop)"|"(?:event|type)":"tool_use_(?:start|delta|stop)"/],
  ['modelrelay', /"type":"reasoning_delta"|^(?=.*"type":"start").*"(?:request_id|stream_version|model)":/],
  [
    'modelrelay',
    /^(?=.*"type":"(?:update|completion)").*"(?:delta|payload|patch|complete_fields|content|stop_reason|usage)":/,
  ],
  ['llm-worker', /^\{"(?:Status|Usage|Ping|Block(?:Start|Delta|Stop|Abort))":\{/],
  ['llm-worker', /"elapsed_ms":.*"data":"\{\\"(?:Status|Usage|Ping|Block)/],
];

/** Errors that say whose they are. */
const ERRORS: readonly Look[] = [
  ['openai-responses', /^(?=.*"sequence_number":).*"type":"error"/],
  ['gemini-interactions', /"event_type":"error"/],
  ['anthropic', /^(?=.*"type":"error").*"error":\{[^}]*"type":/],
  ['gemini', /"error":\{(?=[^}]*"code":\d)[^}]*"status":"/],
  ['openai-chat', /"error":\{(?=[^}]*"code":)[^}]*"param":/],
];

/** What a frame must have besides, where the words by which its protocol is known are anybody's. */
const BESIDES: ReadonlyMap<string, RegExp> = new Map([
  ['openai-chat', /"(?:object|delta|finish_reason|usage)":/],
  ['gemini', /"(?:content|finishReason|modelVersion|responseId|promptFeedback)":/],
  ['ollama', /"(?:message|response)":/],
]);

/** So much of a text is looked at, in UTF-16 units. */
const MOST_OF_TEXT = 64;

/**
 * The name of the codec whose protocol a wire value looks like.
 *
 * @param value - the JSON of a frame
 * @returns `undefined` where it could be of several protocols, or of none
 */
export function nameIn(value: Json): string | undefined {
  const begun = outline(value);
  const name = protocolIn(begun)?.[0] ?? named(MORE, begun);
  return BESIDES.get(name ?? '')?.test(JSON.stringify(value)) === false ? undefined : name;
}

/** The same of an error. A stream that has nothing else is known by that alone. */
export function nameInError(value: Json): string | undefined {
  return named(ERRORS, outline(value));
}

function named(looks: readonly Look[], begun: string): string | undefined {
  return looks.find(([, pattern]) => pattern.test(begun))?.[0];
}

/** The members of a value without what they hold: an answer may quote the frames of any protocol. */
function outline(value: Json): string {
  return JSON.stringify(value, function (this: unknown, key, member: unknown) {
    if (member === value || (this === value && key === 'error' && isObject(member))) return member;
    if (typeof member === 'string') return member.slice(0, MOST_OF_TEXT);
    return typeof member === 'object' && member !== null ? (Array.isArray(member) ? [] : {}) : member;
  });
}
