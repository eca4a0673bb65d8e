import {
  accumulateBlocks,
  accumulateMessage,
  accumulateMetrics,
  accumulateState,
  accumulateToolCalls,
  accumulateToolInput,
  accumulateUsage,
  sumUsage,
  toBlocks,
  toMessage,
  toToolCalls,
} from '../../../src/index.js';
import type { Flow, OperatorSpec } from '../catalogue.js';
import { taken } from '../options.js';

function plain(
  name: string,
  what: string,
  gives: Flow,
  make: OperatorSpec['make'],
  options: OperatorSpec['options'] = [],
): OperatorSpec {
  return { name, entry: 'rxjs-llm-stream', what, takes: ['events'], gives, options, make };
}

/** Operators from events to what they add up to. */
export const SNAPSHOTS: readonly OperatorSpec[] = [
  plain('accumulateMessage', 'The message as far as it is known, on every change.', 'messages', () =>
    accumulateMessage(),
  ),
  plain('toMessage', 'The message, once it is whole.', 'messages', () => toMessage()),
  plain('accumulateState', 'All that a view shows of a turn, also when it fails.', 'states', () =>
    accumulateState(),
  ),
  plain('accumulateBlocks', 'The list of blocks, on every change.', 'values', () => accumulateBlocks()),
  plain('toBlocks', 'Each block, once it has ended.', 'values', () => toBlocks()),
  plain(
    'accumulateToolInput',
    'The input of each call while it comes in.',
    'values',
    (options) => accumulateToolInput(taken(options)),
    [{ name: 'closed', kind: 'flag', hint: 'whether finished members are named' }],
  ),
  plain('accumulateToolCalls', 'All calls with their states and results, on every change.', 'values', () =>
    accumulateToolCalls(),
  ),
  plain('toToolCalls', 'Each call, once it is certain that it is to be run.', 'values', () => toToolCalls()),
  plain('accumulateUsage', 'What the message has used so far, in tokens.', 'values', () => accumulateUsage()),
  plain('sumUsage', 'What all messages have used, in tokens.', 'values', () => sumUsage()),
  plain(
    'accumulateMetrics',
    'First event, first content, longest wait, tokens per second.',
    'values',
    (_, scheduler) => accumulateMetrics(scheduler),
  ),
];
