import type { TurnMessage } from '../../src/events/turnMessage.js';

/** What a history says, whatever else its blocks have on them. */
export interface SaidInHistory {
  readonly roles: readonly string[];
  readonly texts: readonly unknown[];
  readonly thoughts: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly results: readonly unknown[];
}

/** @returns what a history says, to be compared with that of another protocol's messages */
export function saidIn(history: readonly TurnMessage[]): SaidInHistory {
  const blocks = history.flatMap(({ content }) => content as readonly Readonly<Record<string, unknown>>[]);
  const own = (type: string, ...members: string[]): unknown[] =>
    blocks.filter((block) => block['type'] === type).map((block) => members.map((member) => block[member]));
  return {
    roles: history.map(({ role }) => role),
    texts: own('text', 'text'),
    thoughts: own('thinking', 'thinking', 'signature'),
    calls: own('tool_use', 'id', 'name', 'input'),
    results: own('tool_result', 'tool_use_id', 'content', 'is_error'),
  };
}
