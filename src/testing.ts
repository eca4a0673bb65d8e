/** Tests of what is built on event streams, in virtual time, for any test runner: `rxjs-llm-stream/testing`. */
export { alphabet, connectionLost } from './testing/alphabet.js';

// Marbles
export type { LlmSource, LlmSources } from './testing/llm.js';
export type { MarbleSource, Subscriptions } from './testing/marbleSource.js';
export type { MarbleRun, ObservableExpectation, RunMarblesOptions } from './testing/marbleRun.js';
export { runMarbles } from './testing/runMarbles.js';
export { assertMarbles } from './testing/assertMarbles.js';

// What an LLM is to say
export type { ChunkOptions } from './testing/chunked.js';
export type { Chunking } from './testing/cut.js';
export type { DeltaSize } from './testing/deltaSize.js';
export type { Pieces } from './testing/part.js';
export type { Point } from './testing/plan.js';
export { script, type Script } from './testing/script.js';
export type { Timed, TimedValues, Timing } from './testing/timing.js';

// Strict equality
export { difference, MISSING, type Difference } from './testing/difference.js';

// Pictures
export type {
  Drawing,
  End,
  Face,
  Line,
  Look,
  Marble,
  OperatorBox,
  Piece,
  Row,
  Subscription,
  Tone,
} from './testing/pictures/drawing.js';
export type { Theme } from './testing/pictures/palette.js';
export { toSvg, type SvgOptions } from './testing/pictures/toSvg.js';
export { toText, type TextOptions } from './testing/pictures/toText.js';

// The network, mocked
export type { Answer, Answers, MockRequest } from './testing/answers.js';
export { mockFetch, type MockFetch, type MockFetchOptions } from './testing/mockFetch.js';
export { mockResponse, type Failure, type MockResponseOptions } from './testing/mockResponse.js';
export type { Playable, Scripted } from './testing/playable.js';

// Recordings
export { marbleTest, type MarbleTestOptions, type TestedOperator } from './testing/marbleTest.js';
export { maskText } from './testing/maskText.js';
export { record, type RecordOptions, type Redaction } from './testing/record.js';
export { parseRecording, recordingText } from './testing/recording.js';
export type {
  RecordedEnd,
  RecordedError,
  RecordedEvent,
  Recording,
  RecordingHead,
} from './testing/recording.js';
export { replay, type ReplayOptions } from './testing/replay.js';
export { toMarbles, type Marbles, type ToMarblesOptions } from './testing/toMarbles.js';
