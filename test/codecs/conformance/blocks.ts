import fc from 'fast-check';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { INPUT, MUTATED } from '../../operators/replies.js';
import { CITATION, INPUT_OBJECT, JSON_VALUE, NAME, TEXT } from './contents.js';
import type { Scope } from './scope.js';

/** One block, to be written once it has a place. */
export interface Part {
  /** Blocks of the same kind in a row need a protocol that tells where one ends. */
  readonly kind: string;
  /** Its events, from the start to the stop or abort. */
  write(index: number, number: string): readonly StreamEvent[];
  /** What became of the call, for a finished call of one of the caller's tools: approvals, progress, a result. */
  outcome?(number: string): readonly StreamEvent[];
}

/** What ends a block. */
type End = (index: number) => StreamEvent;

/** Up to four blocks of any kind that the scope allows. */
export function blocks(scope: Scope): fc.Arbitrary<readonly Part[]> {
  // A call that awaits its result needs a reason that the message may end with.
  const mayCall = scope.has('toolUseReason') || scope.has('endTurnAfterCalls');
  const kinds: readonly fc.Arbitrary<Part>[] = [
    ...(scope.has('text') ? [text(scope), text(scope)] : []),
    ...(scope.has('thinking') ? [thinking(scope)] : []),
    ...(scope.has('redactedThinking') ? [redacted] : []),
    ...(scope.has('toolUse') && mayCall ? [toolUse(scope), toolUse(scope)] : []),
    ...(scope.has('serverToolUse') ? [serverToolUse(scope)] : []),
    ...(scope.has('providerResults') ? [whole] : []),
  ];
  return kinds.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...kinds), { maxLength: 4 });
}

function text(scope: Scope): fc.Arbitrary<Part> {
  const citations = fc.array(fc.tuple(fc.nat(), CITATION), { maxLength: scope.has('citations') ? 2 : 0 });
  return fc
    .record({ first: atStart(scope), pieces: pieces(scope), citations, end: end(scope) })
    .map(({ first, pieces, citations, end }) => ({
      kind: 'text',
      write: (index) => {
        const written: StreamEvent[] = pieces.map((piece) => events.textDelta(index, piece));
        for (const [at, citation] of citations) {
          written.splice(at % (written.length + 1), 0, events.citationsDelta(index, citation));
        }
        return [events.textStart(index, first), ...written, end(index)];
      },
    }));
}

function thinking(scope: Scope): fc.Arbitrary<Part> {
  const signature = scope.has('signatures') ? fc.option(TEXT) : fc.constant(null);
  return fc
    .record({ first: atStart(scope), pieces: pieces(scope), signature, end: end(scope) })
    .map(({ first, pieces, signature, end }) => ({
      kind: 'thinking',
      write: (index) => [
        events.thinkingStart(index, first),
        ...pieces.map((piece) => events.thinkingDelta(index, piece)),
        ...(signature === null ? [] : [events.signatureDelta(index, signature)]),
        end(index),
      ],
    }));
}

const redacted: fc.Arbitrary<Part> = TEXT.map((data) => ({
  kind: 'redacted_thinking',
  write: (index) => [events.redactedThinkingStart(index, data), events.blockStop(index)],
}));

function toolUse(scope: Scope): fc.Arbitrary<Part> {
  const first = scope.isLoose ? fc.constantFrom({}, {}, { city: 'Oslo' }) : fc.constant({});
  return fc
    .record({ id: NAME, name: NAME, first, input: input(scope), outcome: outcome(scope), end: end(scope) })
    .map(({ id, name, first, input, outcome, end }) => ({
      kind: 'tool_use',
      write: (index, number) => [
        events.toolUseStart(index, id + number, name, first),
        ...input.map((piece) => events.inputJsonDelta(index, piece)),
        end(index),
      ],
      outcome: (number) => outcome(id + number),
    }));
}

function serverToolUse(scope: Scope): fc.Arbitrary<Part> {
  return fc
    .record({ id: NAME, input: input(scope), isMcp: fc.boolean(), end: end(scope) })
    .map(({ id, input, isMcp, end }) => ({
      kind: 'server_tool_use',
      write: (index, number) => [
        isMcp
          ? events.blockStart(index, {
              type: 'mcp_tool_use',
              id: id + number,
              name: 'search',
              server_name: 'web',
              input: {},
            })
          : events.serverToolUseStart(index, id + number, 'web_search'),
        ...input.map((piece) => events.inputJsonDelta(index, piece)),
        end(index),
      ],
    }));
}

const whole: fc.Arbitrary<Part> = fc
  .constantFrom<AnyContentBlock>(
    { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [], caller: { type: 'direct' } },
    { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', content: 'found', is_error: false },
    { type: 'container_upload', file_id: 'file_1' },
    { type: 'compaction', content: null, encrypted_content: null },
    // A type that this version does not know.
    { type: 'hologram', depth: 3 } as unknown as AnyContentBlock,
  )
  .map((block) => ({
    kind: block.type,
    write: (index) => [events.blockStart(index, block), events.blockStop(index)],
  }));

function pieces(scope: Scope): fc.Arbitrary<readonly string[]> {
  const any = fc
    .array(TEXT, { maxLength: 4 })
    .map((all) => all.filter((piece) => piece !== '' || scope.has('emptyPieces')));
  return scope.has('emptyBlocks') ? any : any.map((all) => (all.join('') === '' ? [...all, 'Hi'] : all));
}

/** The content that a block starts with: none, save where a gateway wrote it there. */
function atStart({ isLoose }: Scope): fc.Arbitrary<string> {
  return isLoose ? fc.constantFrom('', '', 'Begun. ') : fc.constant('');
}

function input(scope: Scope): fc.Arbitrary<readonly string[]> {
  if (!scope.has('inputPieces')) return INPUT_OBJECT.map((value) => [JSON.stringify(value)]);
  const none = fc.constantFrom<readonly string[]>([], ['']);
  return fc.oneof(
    { weight: 4, arbitrary: INPUT },
    {
      weight: 1,
      arbitrary: fc.constantFrom<readonly string[]>(['{}'], ['', '{', '', '}'], ['{"q":"', '"}']),
    },
    ...(scope.has('emptyInput') ? [{ weight: 1, arbitrary: none }] : []),
    ...(scope.isLoose ? [{ weight: 1, arbitrary: MUTATED }] : []),
  );
}

/** What becomes of the call of an id. */
type Outcome = (id: string) => readonly StreamEvent[];

function outcome(scope: Scope): fc.Arbitrary<Outcome> {
  return fc
    .tuple(approvals(scope), results(scope))
    .map(([approvals, results]) => (id) => [...approvals(id), ...results(id)]);
}

function approvals(scope: Scope): fc.Arbitrary<Outcome> {
  if (!scope.has('toolApprovals')) return fc.constant(() => []);
  const decision = fc.tuple(
    fc.constantFrom('approved' as const, 'denied' as const),
    fc.option(TEXT, { nil: undefined }),
  );
  return fc.option(fc.array(decision, { maxLength: 1 })).map((decisions) => (id) => {
    if (decisions === null) return [];
    const decided = decisions.map(([state, reason]) => events.toolApproval(id, state, reason));
    return [events.toolApproval(id, 'requested'), ...decided];
  });
}

/** Progress, if there is any, and the result, if there is one. */
function results(scope: Scope): fc.Arbitrary<Outcome> {
  if (!scope.has('toolResults')) return fc.constant(() => []);
  const content = scope.has('toolResultValues') ? fc.oneof(TEXT, JSON_VALUE) : TEXT;
  const isError = scope.has('toolResultErrors')
    ? fc.option(fc.boolean(), { nil: undefined })
    : fc.constant(undefined);
  const isCancelled = scope.has('toolResultErrors') && scope.has('cancelledCalls');
  return fc
    .record({
      progress: fc.array(content, { maxLength: scope.has('toolProgress') ? 2 : 0 }),
      given: fc.option(fc.tuple(content, isError)),
      isCancelled: isCancelled ? fc.boolean() : fc.constant(false),
    })
    .map(({ progress, given, isCancelled }) => (id) => [
      ...progress.map((content) => ({ ...events.toolResult(id, content), preliminary: true })),
      ...(given === null ? [] : [resultOf(id, ...given, isCancelled)]),
    ]);
}

function resultOf(
  id: string,
  content: unknown,
  isError: boolean | undefined,
  isCancelled: boolean,
): StreamEvent {
  return isCancelled && isError === true
    ? { ...events.toolResult(id, content, true), cancelled: true }
    : events.toolResult(id, content, isError);
}

function end(scope: Scope): fc.Arbitrary<End> {
  const stop = fc.constant<End>(events.blockStop);
  if (!scope.has('blockAborts')) return stop;
  const abort = TEXT.map<End>((reason) => (index) => events.blockAbort(index, reason));
  return fc.oneof({ weight: 5, arbitrary: stop }, { weight: 1, arbitrary: abort });
}
