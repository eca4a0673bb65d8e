import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent, ToolApprovalEvent, ToolResultEvent } from '../../../src/events/event.js';
import { Reply } from '../../../src/fold/message/reply.js';
import { wholeInput } from '../../../src/fold/message/wholeInput.js';
import type { Usage } from '../../../src/events/usage.js';

/** What a client shows of a turn: a list for each step that has anything, and how it ended. */
export interface Shown {
  readonly steps: readonly (readonly object[])[];
  /** The addresses of the pages that are cited. */
  readonly sources: readonly string[];
  /** What went wrong. */
  readonly errors: readonly string[];
  readonly isAborted: boolean;
  readonly finishReason: string | undefined;
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly stopReason: string | undefined;
  readonly stopSequence: string | undefined;
  readonly usage: Tokens | undefined;
}

type Tokens = { readonly [Field in (typeof COUNTED)[number]]: number };

const COUNTED = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
] as const;

/** The version that a stream is written for, and that of its reader. */
export interface Versions {
  readonly written: 6 | 7;
  readonly read: 6 | 7;
}

/** One message of the turn. */
interface Step {
  readonly reply: Reply;
  /** The text of the input of each call, by index. */
  readonly inputs: Map<number, string>;
  /** What was said of the calls. */
  readonly said: (ToolResultEvent | ToolApprovalEvent)[];
}

const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

/** Why an input is shown as its text. */
export const REFUSED =
  'The AI SDK reads no input with a number beyond 1.8e308, or a member __proto__ or constructor.prototype';

const ANEW = 'The answer began anew after a part of it was sent: ask again';

/** What the client of a version has to show of a turn, by the events alone and by what docs/protocols.md says is lost. */
export function shownOf(turn: readonly StreamEvent[], versions: Versions): Shown {
  const { written } = versions;
  const steps: Step[] = [];
  const errors: string[] = [];
  for (const event of turn) {
    const last = steps.at(-1);
    if (event.type === 'ping' || event.type === 'unknown') continue;
    if (event.type === 'error') errors.push(event.error.message);
    if (event.type === 'reset' && written === 6 && last !== undefined && !isEmpty(last)) errors.push(ANEW);
    if (errors.length > 0) break;
    if (event.type === 'reset') {
      last?.inputs.clear();
      last?.said.splice(0);
    }
    const step = last === undefined || last.reply.hasEnded ? begun(steps) : last;
    step.reply.add(event);
    if (event.type === 'tool_result' || event.type === 'tool_approval') step.said.push(event);
    if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') {
      const { index, delta } = event;
      step.inputs.set(index, (step.inputs.get(index) ?? '') + delta.partial_json);
    }
  }
  const blocks = steps.flatMap(({ reply }) => reply.blocks);
  const last = steps.at(-1)?.reply.message;
  const stop = errors.length > 0 ? undefined : (last?.stop_reason ?? undefined);
  const isAborted = stop === 'cancelled';
  return {
    steps: steps.map((step) => partsOf(step, versions)).filter(({ length }) => length > 0),
    sources: [...new Set(blocks.flatMap(urlsIn))],
    errors,
    isAborted,
    finishReason: stop === undefined || isAborted ? undefined : reasonIn(stop, written),
    id: steps[0]?.reply.message?.id || undefined,
    model: last?.model || undefined,
    stopReason: stop,
    stopSequence: errors.length > 0 ? undefined : (last?.stop_sequence ?? undefined),
    usage: errors.length > 0 || last === undefined ? undefined : tokensOf(last.usage),
  };
}

/** Numbers of tokens; of those nobody told, 0. */
export function tokensOf(usage: { readonly [Field in keyof Usage]?: unknown } = {}): Tokens {
  return Object.fromEntries(COUNTED.map((name) => [name, Number(usage[name] ?? 0)])) as Tokens;
}

function begun(steps: Step[]): Step {
  const step: Step = { reply: new Reply(wholeInput), inputs: new Map(), said: [] };
  steps.push(step);
  return step;
}

function reasonIn(stop: string, version: 6 | 7): string {
  if (stop === 'pause_turn' && version === 7) return 'interrupted';
  return REASONS[stop] ?? 'other';
}

function partsOf(step: Step, versions: Versions): readonly object[] {
  return step.reply.blocks.flatMap((block): readonly object[] => {
    if (block.type === 'text') return [{ type: 'text', text: block.text, state: stateOf(block) }];
    if (block.type === 'thinking')
      return [{ type: 'reasoning', text: block.thinking, state: stateOf(block) }];
    if (block.type === 'redacted_thinking') return [{ type: 'reasoning', text: '', state: stateOf(block) }];
    if ('source' in block)
      return [{ type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AAAA' }];
    return /tool_use$/.test(block.type) ? [callOf(block as object as Call, step, versions)] : [];
  });
}

function stateOf({ status }: { readonly status?: unknown }): string {
  return status === 'streaming' ? 'streaming' : 'done';
}

interface Call {
  readonly type: string;
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly input: unknown;
  readonly reason?: string;
}

/** What has become of a call. */
interface Outcome {
  readonly state: string;
  readonly output?: unknown;
  readonly errorText?: string | undefined;
  readonly preliminary?: boolean;
  readonly approval?: object;
}

function callOf(block: Call, step: Step, { written, read }: Versions): object {
  const { index, id, name, type, status, input } = block;
  const isMcp = type === 'mcp_tool_use';
  const names = {
    type: isMcp ? 'dynamic-tool' : `tool-${name}`,
    toolCallId: id,
    toolName: isMcp ? name : undefined,
    isProviders: type !== 'tool_use',
  };
  if (status === 'streaming') return { ...names, state: 'input-streaming' };
  const json = step.inputs.get(index) ?? '';
  const flaw = flawOf(block);
  const said = step.said.filter(({ tool_use_id }) => tool_use_id === id);
  const given = step.reply.blocks.filter(
    (other) => 'tool_use_id' in other && other.tool_use_id === id && other.index > index,
  );
  let outcome: Outcome =
    flaw === undefined ? { state: 'input-available' } : { state: 'output-error', errorText: flaw };
  for (const event of said)
    outcome =
      event.type === 'tool_result'
        ? afterResult(outcome, event, name)
        : afterApproval(outcome, event, written);
  for (const { content } of given as readonly { readonly content?: unknown }[])
    outcome = { state: 'output-available', output: content };
  // JSON has no `-0`. An input that cannot be run is shown as its text; version 6 drops that of a tool with types once there is a result.
  const text = json || (status === 'aborted' ? '' : JSON.stringify(input));
  const isDropped =
    read === 6 &&
    !isMcp &&
    (given.length > 0 ||
      said.some((event) => event.type === 'tool_result' && (event.preliminary || !event.is_error)));
  return {
    ...names,
    ...outcome,
    input: flaw === undefined ? (JSON.parse(JSON.stringify(input)) as unknown) : isDropped ? undefined : text,
  };
}

function flawOf({ status, input, reason }: Call): string | undefined {
  if (status === 'aborted') return reason;
  if (status === 'invalid') return 'The input is not JSON';
  return isRefused(input) ? REFUSED : undefined;
}

function afterResult(before: Outcome, event: ToolResultEvent, name: string): Outcome {
  const { content, is_error, preliminary } = event;
  const { approval } = before;
  const kept = approval && { approval };
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  if (!is_error || preliminary) {
    const output = isRefused(content) ? text : content;
    return { state: 'output-available', output, ...(preliminary && { preliminary }), ...kept };
  }
  if (text.startsWith(`${name} was not approved`)) return { ...before, state: 'output-denied' };
  return { state: 'output-error', errorText: text, ...kept };
}

function afterApproval(before: Outcome, event: ToolApprovalEvent, written: 6 | 7): Outcome {
  const { tool_use_id: id, state, reason } = event;
  if (state === 'requested') return { ...before, state: 'approval-requested', approval: { id } };
  if (written === 6) return before;
  const approval = { id, approved: state === 'approved', ...(reason !== undefined && { reason }) };
  return { ...before, state: 'approval-responded', approval };
}

/** Whether the JSON reader of the AI SDK refuses a value, or JSON has no spelling for it. */
function isRefused(value: unknown): boolean {
  if (value === Infinity || value === -Infinity) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]: [string, unknown]) => {
    const isPrototype = name === 'constructor' && Object.hasOwn(Object(member) as object, 'prototype');
    return name === '__proto__' || isPrototype || isRefused(member);
  });
}

function urlsIn(block: AnyContentBlock): readonly string[] {
  if (block.type !== 'text') return [];
  const { citations } = block as { readonly citations?: readonly object[] | null };
  return (citations ?? []).flatMap((cited) => ('url' in cited ? [String(cited.url)] : []));
}

/** Whether nothing was written of a step that a second attempt would have to take back. */
function isEmpty(step: Step): boolean {
  return partsOf(step, { written: 6, read: 6 }).length === 0;
}
