import { StreamError } from '../../../src/errors/streamError.js';
import type { AnyContentBlock, AnyServerToolUseBlock, McpToolUseBlock } from '../../../src/events/block.js';
import type { StreamEvent, ToolApprovalEvent, ToolResultEvent } from '../../../src/events/event.js';
import { Reply } from '../../../src/fold/message/reply.js';
import { wholeInput } from '../../../src/fold/message/wholeInput.js';
import type { Message } from '../../../src/events/message.js';
import type { Feature } from './carries.js';

/** What one message of a stream came to. */
export interface Answer {
  readonly message: Message | undefined;
  readonly text: string;
  /** The calls of the caller's tools that can be run. */
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  /** Whether it called a tool of the caller's at all, also where the call was given up or cannot be read. */
  readonly hasCalls: boolean;
  /** What tools gave, progress too; without those of the provider, which most protocols have blocks for. */
  readonly results: readonly ToolResultEvent[];
  readonly approvals: readonly ToolApprovalEvent[];
  /** What the message failed with. */
  readonly failure?: StreamError;
}

/** Each message of a stream that has ended, well or badly. */
export function answersIn(events: readonly StreamEvent[]): readonly Answer[] {
  const answers: Answer[] = [];
  let reply = new Reply(wholeInput);
  let results: ToolResultEvent[] = [];
  let approvals: ToolApprovalEvent[] = [];
  const served = new Set<string>();
  const forget = (): void => {
    results = [];
    approvals = [];
  };
  for (const event of events) {
    if (event.type === 'content_block_start' && isServed(event.content_block))
      served.add(event.content_block.id);
    if (event.type === 'tool_result' && !served.has(event.tool_use_id)) results.push(event);
    if (event.type === 'tool_approval') approvals.push(event);
    if (event.type === 'reset') forget();
    const failure = failureOf(reply, event);
    if (failure === undefined && !reply.endedNow) continue;
    answers.push({ ...contentOf(reply), results, approvals, ...(failure && { failure }) });
    reply = new Reply(wholeInput);
    forget();
  }
  return answers;
}

function isServed(block: AnyContentBlock): block is AnyServerToolUseBlock | McpToolUseBlock {
  return block.type === 'server_tool_use' || block.type === 'mcp_tool_use';
}

function failureOf(reply: Reply, event: StreamEvent): StreamError | undefined {
  try {
    reply.add(event);
    return undefined;
  } catch (error) {
    if (!(error instanceof StreamError) || error.code !== 'api') throw error;
    reply.abandon(error);
    return error;
  }
}

function contentOf(reply: Reply): Pick<Answer, 'message' | 'text' | 'calls' | 'hasCalls'> {
  const calls = reply.blocks.flatMap((block) =>
    block.type === 'tool_use' && block.status === 'complete'
      ? [{ id: block.id, name: block.name, input: block.input }]
      : [],
  );
  const text = reply.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const hasCalls = reply.blocks.some(({ type }) => type === 'tool_use');
  return { message: reply.message, text, calls, hasCalls };
}

/**
 * What these features hold of an answer, to be compared with what arrived of it.
 *
 * @param sent - what was sent, where the answer is what arrived of it
 */
export function partOf(answer: Answer, features: ReadonlySet<Feature>, sent: Answer = answer): object {
  const { message, text, calls, results, approvals, failure } = answer;
  const has = <T>(feature: Feature, value: T): T | undefined => (features.has(feature) ? value : undefined);
  const usage = failure === undefined ? message?.usage : undefined;
  // Of an answer that failed no call is run, and where nothing ends a call it may be given up.
  const known = failure === undefined || features.has('boundaries') ? calls : undefined;
  return {
    id: has('messageId', message?.id),
    model: has('model', message?.model),
    text: has('text', text),
    calls: has('toolUse', known),
    results: has(
      'toolResults',
      results
        .filter(({ preliminary }) => !preliminary || features.has('toolProgress'))
        .map(({ tool_use_id, content, is_error, preliminary, cancelled }) => [
          tool_use_id,
          content,
          preliminary,
          has('toolResultErrors', is_error),
          has('cancelledCalls', cancelled),
        ]),
    ),
    approvals: has('toolApprovals', approvals),
    stopReason: has('stopReason', message?.stop_reason),
    // The reason tool_use, where a protocol gives it to every answer with calls, leaves no place for it.
    stopSequence: has(
      'stopSequence',
      sent.hasCalls && !features.has('endTurnAfterCalls') ? undefined : message?.stop_sequence,
    ),
    tokens: has('usage', usage && [usage.input_tokens, usage.output_tokens]),
    // A gateway may leave out what is not known.
    cached: has(
      'cacheUsage',
      usage && [usage.cache_creation_input_tokens ?? null, usage.cache_read_input_tokens ?? null],
    ),
    failure: has('errors', failure && saidBy(failure, features)),
    failureType: has('errorTypes', failure?.errorType),
    requestId: has('requestIds', failure?.requestId),
  };
}

/** What an error says, which begins with its type: that belongs to it where types are carried too. */
function saidBy({ message, errorType }: StreamError, features: ReadonlySet<Feature>): string {
  return features.has('errorTypes') ? message : message.slice(`${errorType}: `.length);
}
