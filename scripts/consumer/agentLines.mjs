/** Writes a file of TypeScript that compiles where the agent SDK's types let in what claudeCode writes of a turn, and it theirs. */
import { writeFileSync } from 'node:fs';
import { events } from 'rxjs-llm-stream';
import { claudeCode } from 'rxjs-llm-stream/claude-code';

// Events pass as they came: those of the API have all members of its beta types.
const BETA = { fallback_credit: null, iterations: null };
const context_management = null;
const usage = { input_tokens: 9, output_tokens: 1, ...BETA };
const message = { id: 'msg_1', model: 'claude', usage, context_management };
const turn = [
  events.messageStart(message),
  events.thinkingStart(0),
  events.blockDelta(0, { type: 'thinking_delta', thinking: 'Hm', estimated_tokens: null }),
  events.signatureDelta(0, 'c2ln'),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, 'Let me see'),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'warmth'),
  events.inputJsonDelta(2, '{"in":"Oslo"}'),
  events.blockStop(2),
  { ...events.messageDelta('tool_use', { output_tokens: 5, ...BETA }), context_management },
  events.messageStop(),
  ...['4', [{ type: 'text', text: '4' }], { celsius: 4 }, [1, 2], null, undefined].map((content) =>
    events.toolResult('toolu_1', content, false),
  ),
  events.toolResult('toolu_1', 'No', true),
];
const failed = [events.messageStart(message), events.error('overloaded_error', 'Too busy')];

const TYPES = `import type { query, SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { from, map, type Observable } from 'rxjs';
import { decode, type StreamEvent } from 'rxjs-llm-stream';
import { claudeCode, type ClaudeCodeLine } from 'rxjs-llm-stream/claude-code';

/** The types of messages that are lines of ours. */
type Read = Exclude<ClaudeCodeLine['type'], 'keep_alive'>;

/** What the SDK yields of these fits the lines that the decoder knows. */
export const line = (message: Extract<SDKMessage, { type: Read }>): ClaudeCodeLine => message;

/** A turn of the SDK as events. */
export const eventsOf = (turn: ReturnType<typeof query>): Observable<StreamEvent> =>
  from(turn).pipe(
    map((message) => ({ data: JSON.stringify(message) })),
    decode(claudeCode),
  );

/** A type of no message stands for a package whose types are missing. */
export const known: string extends SDKMessage['type'] ? never : true = true;

/** What the encoder writes is what the SDK calls a message. */
export function written<Line extends SDKMessage>(message: Line): Line {
  return message;
}
`;

const lines = [turn, failed].flatMap((stream) => {
  const encoder = claudeCode.encoder();
  return [...stream.flatMap((event) => encoder.next(event)), ...encoder.end()];
});
const calls = lines.map(({ data }) => `written(${data});\n`);
writeFileSync('agent.ts', `${TYPES}\n${calls.join('')}`);
