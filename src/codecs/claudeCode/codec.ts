import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { ClaudeCodeDecoder } from './decoder.js';
import { ClaudeCodeEncoder } from './encoder.js';
import { approve, claudeCodeLineSchema, type ClaudeCodeLine } from './wire.js';

/**
 * The turns of Claude Code, one JSON object per line of its standard output, and those of the agent SDK.
 *
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { fromBytes, textDeltas } from 'rxjs-llm-stream';
 * import { claudeCode } from 'rxjs-llm-stream/claude-code';
 *
 * const format = ['--output-format', 'stream-json', '--include-partial-messages', '--verbose'];
 * const child = spawn('claude', ['-p', 'Hello', ...format]);
 * fromBytes(child.stdout, { codec: claudeCode })
 *   .pipe(textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * - A turn is several messages, one for each time that the model answers. A message that has stopped is held back until
 *   the next one begins or the turn ends, so what its calls gave, a `tool_result` each, stands inside it.
 * - `result` is the end of a turn: a good one ends the last message, any other is an `error` whose type is its `subtype`.
 *   Without it the stream is truncated. What it says of costs is the `usage_details` of that message.
 * - The events of a sub-agent have the id of the call that started it as their `lane`, and its messages are its own.
 * - A message that comes whole adds what was not streamed: nothing, or all of it where partial messages are not asked for.
 * - A request for the permission to use a tool is a `tool_approval` of the call, with the line as its `request`:
 *   `claudeCode.approve(request)` writes the answer.
 * - All other lines pass whole as `unknown` events, named by their type, with the subtype where there is one:
 *   `system/init`, `control_request/initialize`. `keep_alive` and heartbeats are pings.
 * - Words of other programs before the first line, and Node's warnings anywhere, are passed over.
 * - What went wrong in place of an answer, the `error` of a line `assistant`, is an `unknown` event `assistant/error`, and the
 *   type of the failure that the turn ends with.
 * - What `--output-format json` writes is read too: the end of the turn, or all of it as one array.
 *
 * What gathers or ends reads the main agent alone: `toMessage()`, `accumulateState()`, `untilTerminal()`. `byLane()` has the
 * others.
 *
 * An encoder writes `stream_event`, `user` and `result`, which comes with the end of the stream. What nobody knows of a turn,
 * its durations and cost, is 0 there. A failure that Claude Code has no subtype for is `error_during_execution`, with its type
 * in `error`.
 *
 * @see https://code.claude.com/docs/en/agent-sdk/streaming-output
 */
export const claudeCode: Codec<ClaudeCodeLine> & {
  readonly schema: StandardSchema<ClaudeCodeLine, unknown>;
  /**
   * Writes the answer to a request for the permission to use a tool, for the standard input of the program.
   *
   * @param request - what `permissionRequestIn(event)` finds in an event
   * @param permission - whether the tool may be used. Default: as it was asked for
   * @returns a line, with its line feed
   * @see https://code.claude.com/docs/en/agent-sdk/permissions
   */
  readonly approve: typeof approve;
} = {
  name: 'claude-code',
  framing: 'ndjson',
  schema: claudeCodeLineSchema,
  decoder: (pass) => guarded('claude-code', new ClaudeCodeDecoder(pass)),
  encoder: () => new ClaudeCodeEncoder(),
  approve,
};
