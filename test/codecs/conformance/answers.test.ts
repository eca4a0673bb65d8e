import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Feature } from './carries.js';
import { answers } from './answers.js';
import { openBlocks } from './cuts.js';
import { ALL, EVERYTHING, scopeOf } from './scope.js';

/** What shows in events that they hold a feature. */
const SIGNS: Readonly<Record<Feature, (events: readonly StreamEvent[]) => boolean>> = {
  messageId: some('message_start', ({ message }) => message.id !== ''),
  model: some('message_start', ({ message }) => message.model !== ''),
  inputUsage: some(
    'message_start',
    ({ message }) => message.usage.input_tokens + message.usage.output_tokens > 0,
  ),
  text: startOf('text'),
  citations: deltaOf('citations_delta'),
  thinking: startOf('thinking'),
  signatures: deltaOf('signature_delta'),
  redactedThinking: startOf('redacted_thinking'),
  toolUse: startOf('tool_use'),
  inputPieces: (events) => events.some((event, at) => isInput(event) && isSameInput(event, events[at - 1])),
  emptyInput: blockOf(/tool_use$/, (grown) => grown === ''),
  serverToolUse: startOf('server_tool_use'),
  providerResults: startOf('web_search_tool_result'),
  toolResults: some('tool_result', ({ preliminary }) => !preliminary),
  toolResultValues: some('tool_result', ({ content }) => typeof content !== 'string'),
  toolResultErrors: some('tool_result', (event) => 'is_error' in event),
  toolApprovals: some('tool_approval', () => true),
  toolProgress: some('tool_result', ({ preliminary }) => preliminary === true),
  cancelledCalls: some('tool_result', ({ cancelled }) => cancelled === true),
  boundaries: (events) =>
    starts(events).some(
      (start, at, all) =>
        start.index > 0 && all[at - 1]?.content_block.type === 'text' && start.content_block.type === 'text',
    ),
  emptyBlocks: blockOf(/^(?:text|thinking)$/, (grown) => grown === ''),
  emptyPieces: some(
    'content_block_delta',
    ({ delta }) =>
      (delta.type === 'text_delta' && delta.text === '') ||
      (delta.type === 'thinking_delta' && delta.thinking === ''),
  ),
  interleaving: (events) => events.some((_, at) => openBlocks(ofMessage(events, at)).length > 1),
  stopReason: some('message_delta', ({ delta }) => delta.stop_reason !== 'end_turn'),
  toolUseReason: endWithCalls('tool_use'),
  endTurnAfterCalls: endWithCalls('end_turn'),
  stopSequence: some('message_delta', ({ delta }) => delta.stop_sequence !== null),
  usage: some('message_delta', ({ usage }) => usage.output_tokens > 0 || usage.input_tokens !== null),
  cacheUsage: some('message_delta', ({ usage }) => usage.cache_read_input_tokens !== null),
  pings: some('ping', () => true),
  errors: some('error', () => true),
  errorTypes: some('error', ({ error }) => error.type !== 'api_error'),
  requestIds: some('error', (event) => 'request_id' in event),
  blockAborts: some('block_abort', () => true),
  resets: some('reset', () => true),
  unknown: some('unknown', () => true),
};

function some<T extends StreamEvent['type']>(
  type: T,
  shows: (event: Extract<StreamEvent, { type: T }>) => boolean,
): (events: readonly StreamEvent[]) => boolean {
  return (events) =>
    events.some((event) => event.type === type && shows(event as Extract<StreamEvent, { type: T }>));
}

function isInput(
  event: StreamEvent | undefined,
): event is Extract<StreamEvent, { type: 'content_block_delta' }> {
  return event?.type === 'content_block_delta' && event.delta.type === 'input_json_delta';
}

function isSameInput({ index }: { readonly index: number }, before: StreamEvent | undefined): boolean {
  return isInput(before) && before.index === index;
}

function startOf(type: string): (events: readonly StreamEvent[]) => boolean {
  return (events) => starts(events).some(({ content_block }) => content_block.type === type);
}

function deltaOf(type: string): (events: readonly StreamEvent[]) => boolean {
  return some('content_block_delta', ({ delta }) => delta.type === type);
}

function starts(
  events: readonly StreamEvent[],
): readonly Extract<StreamEvent, { type: 'content_block_start' }>[] {
  return events.filter((event) => event.type === 'content_block_start');
}

/** The events of a message until this place. */
function ofMessage(events: readonly StreamEvent[], place: number): readonly StreamEvent[] {
  const before = events.slice(0, place);
  return before.slice(before.map(({ type }) => type).lastIndexOf('message_start'));
}

/** A message that ends with this reason, whose calls have no results. */
function endWithCalls(reason: string): (events: readonly StreamEvent[]) => boolean {
  return (events) =>
    events.some((event, at) => {
      if (event.type !== 'message_delta' || event.delta.stop_reason !== reason) return false;
      const content = ofMessage(events, at);
      const isAnswered = content.some(
        (event) => event.type === 'block_abort' || (event.type === 'tool_result' && !event.preliminary),
      );
      return startOf('tool_use')(content) && !isAnswered;
    });
}

/** A block that stopped, by what grew in it. */
function blockOf(
  type: RegExp,
  shows: (grown: string) => boolean,
): (events: readonly StreamEvent[]) => boolean {
  return (events) => {
    const grown = new Map<number, string>();
    return events.some((event) => {
      if (event.type === 'content_block_start') {
        grown.set(event.index, type.test(event.content_block.type) ? '' : 'of another type');
      }
      if (event.type === 'content_block_delta' && grown.has(event.index)) {
        const piece = { text: '', thinking: '', partial_json: '', ...event.delta };
        grown.set(
          event.index,
          `${grown.get(event.index) ?? ''}${piece.text}${piece.thinking}${piece.partial_json}`,
        );
      }
      return event.type === 'content_block_stop' && shows(grown.get(event.index) ?? 'unknown');
    });
  };
}

describe('generated streams', () => {
  const every = fc.sample(answers(scopeOf(new Set(ALL))), 500);

  it.each(ALL)('hold %s now and then', (feature) => {
    expect(every.some(SIGNS[feature])).toBe(true);
  });

  it.each(ALL)('hold no %s where that is not wanted', (feature) => {
    const others = new Set(ALL.filter((other) => other !== feature));
    expect(fc.sample(answers(scopeOf(others)), 50).filter(SIGNS[feature])).toEqual([]);
  });

  it('hold, without restraint, what no decoder of ours writes', () => {
    const sample = fc.sample(answers(EVERYTHING), 400);
    const signs: readonly ((events: readonly StreamEvent[]) => boolean)[] = [
      some('message_start', ({ message }) => message.content.length > 0 && message.stop_reason !== null),
      some(
        'content_block_start',
        ({ content_block }) => content_block.type === 'text' && content_block.text !== '',
      ),
      some('content_block_start', ({ index }) => index % 2 === 0 && index > 0),
      some('message_delta', ({ delta }) => delta.stop_reason === null),
      (events) => events.at(-1)?.type === 'error' && openBlocks(events).length > 0,
    ];
    expect(signs.map((shows) => sample.some(shows))).toEqual(signs.map(() => true));
  });
});
