import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { ToolUseBlock } from '../../../src/events/block.js';
import type { BetaStopReason } from '../../../src/events/message.js';
import { answersIn } from './answerIn.js';
import { arranged } from './arranged.js';
import { blocks } from './blocks.js';
import { JSON_VALUE, NAME, TEXT, usageAtEnd, usageAtStart } from './contents.js';
import { cutAt, maySay, openBlocks } from './cuts.js';
import type { Scope } from './scope.js';

/** Why a message may end. */
export const STOP_REASONS: readonly BetaStopReason[] = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
  'compaction',
];

/** Reasons that a protocol without a word for calls ends with all the same. */
const LIKE_END_TURN: ReadonlySet<string> = new Set<BetaStopReason>([
  'end_turn',
  'stop_sequence',
  'pause_turn',
]);

const STRANGE = fc.constantFrom('heartbeat', 'constructor', 'session.update');

type Sequence = readonly StreamEvent[];

/** Makes a message, whose ids are those of its place in the stream. */
type Message = (turn: number) => Sequence;

/** A whole stream within the scope: one message, or two. */
export function answers(scope: Scope): fc.Arbitrary<Sequence> {
  return fc
    .array(message(scope), { minLength: 1, maxLength: 2 })
    .map((messages) => messages.flatMap((write, turn) => write(turn)));
}

/** A whole stream of one message within the scope. */
export function answer(scope: Scope): fc.Arbitrary<Sequence> {
  return message(scope).map((write) => write(0));
}

function message(scope: Scope): fc.Arbitrary<Message> {
  const streamed = streamedMessage(scope);
  if (!scope.isLoose) return streamed;
  return fc.oneof({ weight: 6, arbitrary: streamed }, { weight: 1, arbitrary: streamed.map(atOnce) });
}

/** As a message that was finished long ago is sent: whole in its start, its stop reason with it. */
function atOnce(streamed: Message): Message {
  return (turn) => {
    const sequence = streamed(turn);
    const [answer] = answersIn(sequence);
    if (answer?.message === undefined || answer.failure !== undefined) return sequence;
    // JSON has no `-0` and nothing beyond the largest number.
    const message = JSON.parse(JSON.stringify(answer.message)) as typeof answer.message;
    return [events.messageStart(message), events.messageStop()];
  };
}

function streamedMessage(scope: Scope): fc.Arbitrary<Message> {
  const none = fc.constant(null);
  const attempt = fc.tuple(fc.nat(), reset);
  const attempts = fc.oneof({ weight: 4, arbitrary: none }, { weight: 1, arbitrary: attempt });
  return fc
    .record({
      start: start(scope),
      parts: blocks(scope),
      choices: fc.array(fc.nat(11), { minLength: 1, maxLength: 8 }),
      failed: scope.has('resets') ? attempts : none,
      end: end(scope),
      passing: passing(scope),
    })
    .map(({ start, parts, choices, failed, end, passing }) => (turn) => {
      const content = arranged(scope, parts, choices, turn);
      const attempt = failed === null ? [] : [start, ...cutAt(scope, content, failed[0]), failed[1]];
      return passing.reduce<Sequence>(
        (sequence, [at, event]) => inserted(scope, sequence, at, event),
        [...attempt, start, ...end(content)],
      );
    });
}

function start(scope: Scope): fc.Arbitrary<StreamEvent> {
  return fc
    .record({
      usage: usageAtStart(scope),
      ...(scope.has('messageId') && { id: NAME }),
      ...(scope.has('model') && { model: NAME }),
    })
    .map((fields) => events.messageStart(fields));
}

const reset = fc
  .tuple(fc.integer({ min: 2, max: 9 }), JSON_VALUE)
  .map(([attempt, cause]) => events.reset(attempt, cause));

/** What follows the start: the content with a good end, or what came of it before an error. */
function end(scope: Scope): fc.Arbitrary<(content: Sequence) => Sequence> {
  const good = goodEnd(scope);
  return scope.has('errors')
    ? fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: badEnd(scope) })
    : good;
}

function goodEnd(scope: Scope): fc.Arbitrary<(content: Sequence) => Sequence> {
  const early = scope.isLoose ? fc.option(usageAtEnd(scope)) : fc.constant(null);
  return fc
    .record({
      reason: scope.has('stopReason') ? fc.constantFrom(...STOP_REASONS) : fc.constant('end_turn' as const),
      sequence: scope.has('stopSequence') ? fc.option(NAME) : fc.constant(null),
      usage: usageAtEnd(scope),
      early,
    })
    .map(({ reason, sequence, usage, early }) => (content) => {
      const stop = awaitsResults(content) ? withCalls(scope, reason) : reason;
      const stop_sequence = stop === 'stop_sequence' ? sequence : null;
      return [
        ...(early === null ? [] : [events.messageDelta(null, early)]),
        ...content,
        events.messageDelta(stop as 'end_turn', { stop_sequence, ...usage }),
        events.messageStop(),
      ];
    });
}

/** The reason that a message with calls ends with in this scope. */
function withCalls(scope: Scope, reason: BetaStopReason): BetaStopReason {
  if (reason === 'tool_use' && !scope.has('toolUseReason')) return 'end_turn';
  return LIKE_END_TURN.has(reason) && !scope.has('endTurnAfterCalls') ? 'tool_use' : reason;
}

/** Whether there is a call that is whole and has no result. */
function awaitsResults(content: Sequence): boolean {
  const results = new Set(
    content.map((event) => event.type === 'tool_result' && !event.preliminary && event.tool_use_id),
  );
  const stopped = new Set(content.map((event) => event.type === 'content_block_stop' && event.index));
  return content.some(
    (event) =>
      event.type === 'content_block_start' &&
      event.content_block.type === 'tool_use' &&
      stopped.has(event.index) &&
      !results.has((event.content_block as ToolUseBlock).id),
  );
}

function badEnd(scope: Scope): fc.Arbitrary<(content: Sequence) => Sequence> {
  return fc
    .record({
      at: fc.nat(),
      reason: TEXT,
      type: scope.has('errorTypes')
        ? fc.constantFrom('overloaded_error', 'constructor', 'x')
        : fc.constant('api_error'),
      message: fc.oneof(TEXT, fc.constant('Overloaded')),
      // As the Messages API does it, which gives up nothing by name.
      isAbrupt: scope.isLoose ? fc.boolean() : fc.constant(false),
      requestId: scope.has('requestIds') ? fc.option(NAME, { nil: undefined }) : fc.constant(undefined),
    })
    .map(({ at, reason, type, message, requestId, isAbrupt }) => (content) => {
      const before = cutAt(scope, content, at);
      const aborts = openBlocks(before).map((index) => events.blockAbort(index, reason));
      return [...before, ...(isAbrupt ? [] : aborts), events.error(type, message, requestId)];
    });
}

/** What may come at any time and belongs to no block, and where. */
function passing(scope: Scope): fc.Arbitrary<readonly (readonly [at: number, event: StreamEvent])[]> {
  const kinds: readonly fc.Arbitrary<StreamEvent>[] = [
    ...(scope.has('pings') ? [fc.constant(events.ping())] : []),
    ...(scope.has('unknown') ? [stranger(scope)] : []),
  ];
  return kinds.length === 0
    ? fc.constant([])
    : fc.array(fc.tuple(fc.nat(), fc.oneof(...kinds)), { maxLength: 3 });
}

function stranger(scope: Scope): fc.Arbitrary<StreamEvent> {
  const spelled = fc
    .tuple(STRANGE, fc.dictionary(fc.constantFrom('a', 'b'), JSON_VALUE))
    .map(([name, fields]) => scope.stranger(name, fields));
  const foreign = fc.tuple(NAME, JSON_VALUE).map((of) => events.unknown(...of));
  return scope.isLoose ? fc.oneof(spelled, foreign) : spelled;
}

/** The sequence with an event before its end; in a protocol that says how and that a message ends in one, not between. */
function inserted(scope: Scope, sequence: Sequence, at: number, event: StreamEvent): Sequence {
  const place = at % sequence.length;
  const [before, after] = [sequence.slice(0, place), sequence.slice(place)];
  const isAllowed = scope.isLoose || (maySay(scope, before) && before.at(-1)?.type !== 'message_delta');
  return isAllowed ? [...before, event, ...after] : inserted(scope, sequence, place - 1, event);
}
