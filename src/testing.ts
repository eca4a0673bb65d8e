/** Tests of what is built on event streams, in virtual time, for any test runner: `rxjs-llm-stream/testing`. */
export { alphabet, connectionLost } from './testing/letters/alphabet.js';

// Marbles
export type { LlmSource, LlmSources, MarbleSource, Subscriptions } from './testing/marbles/llm.js';
export type { MarbleRun, ObservableExpectation, RunMarblesOptions } from './testing/marbles/marbleRun.js';
export { runMarbles } from './testing/marbles/runMarbles.js';
export { assertMarbles } from './testing/marbles/assertMarbles.js';

// What an LLM is to say
export type { ChunkOptions } from './testing/script/chunked.js';
export type { Chunking } from './testing/script/cut.js';
export type { DeltaSize, Pieces } from './testing/script/part.js';
export type { Point } from './testing/script/plan.js';
export { script, type Script } from './testing/script/script.js';
export type { Timed, TimedValues, Timing } from './testing/script/timing.js';

// Strict equality
export { difference, MISSING, type Difference } from './testing/marbles/difference.js';

// The network, mocked
export type { Answer, Answers, MockRequest } from './testing/network/answers.js';
export { mockFetch, type MockFetch, type MockFetchOptions } from './testing/network/mockFetch.js';
export { mockResponse, type Failure, type MockResponseOptions } from './testing/network/mockResponse.js';
export type { Playable, Scripted } from './testing/network/playable.js';

// Recordings
export { marbleTest, type MarbleTestOptions, type TestedOperator } from './testing/recordings/marbleTest.js';
export { maskText } from './testing/recordings/maskText.js';
export { record, type RecordOptions, type Redaction } from './testing/recordings/record.js';
export { parseRecording, recordingText } from './testing/recordings/recording.js';
export type {
  RecordedEnd,
  RecordedError,
  RecordedEvent,
  Recording,
  RecordingHead,
} from './testing/recordings/recording.js';
export { replay, type ReplayOptions } from './testing/recordings/replay.js';
export { toMarbles, type Marbles, type ToMarblesOptions } from './testing/recordings/toMarbles.js';
