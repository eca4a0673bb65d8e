/** What an answer may hold, and what is said of each in `docs/protocols.md`. A protocol carries some of it. */
export const FEATURES = {
  messageId: 'the id of the message',
  model: 'the model that answers',
  inputUsage: 'usage at the start of the message',
  text: 'text',
  citations: 'citations of a text',
  thinking: 'thinking',
  signatures: 'signatures of thinking',
  redactedThinking: 'thinking that was redacted',
  toolUse: 'calls of the caller’s tools',
  inputPieces: 'the input of a call in pieces, to the letter',
  emptyInput: 'an input of no text at all, distinct from `{}`',
  serverToolUse: 'calls of tools that the provider or an MCP server runs',
  providerResults: 'blocks with what such tools gave, and other blocks that come whole',
  toolResults: 'results of tools, as events',
  toolResultValues: 'results that are JSON values rather than text',
  toolResultErrors: 'whether a result is an error',
  toolApprovals: 'whether a call may be run, as events',
  toolProgress: 'what a tool has so far, before its result',
  cancelledCalls: 'whether a call was cancelled before its tool had finished',
  boundaries: 'where a block ends and another of its kind begins',
  emptyBlocks: 'blocks without content',
  emptyPieces: 'pieces of no text',
  interleaving: 'blocks that grow at the same time',
  stopReason: 'any stop reason',
  toolUseReason: 'the stop reason tool_use, where calls await results',
  endTurnAfterCalls: 'end_turn, or a reason like it, where calls await results',
  stopSequence: 'the stop sequence that was met',
  usage: 'tokens in and out, at the end',
  cacheUsage: 'tokens read from the cache and written to it',
  pings: 'pings',
  errors: 'errors within the stream: their message',
  errorTypes: 'the type of such an error',
  requestIds: 'the id of the request in such an error',
  blockAborts: 'blocks that were given up',
  resets: 'attempts that are repeated',
  unknown: 'events of an unknown type',
} as const;

/** One thing that a protocol may or may not carry. */
export type Feature = keyof typeof FEATURES;

/**
 * What a protocol carries, both ways: `true` where decoding what was encoded gives the same again, or a sentence that
 * says what becomes of it.
 */
export type Carries = Readonly<Record<Feature, true | string>>;

/** What becomes of a reset in a protocol that has no words for it. */
export const UNREPEATED =
  'left out before any content; after that the answer ends in an error, because what was sent cannot be taken back';
