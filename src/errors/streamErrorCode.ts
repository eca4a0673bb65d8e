/**
 * What went wrong, in one word:
 *
 * | code | means |
 * | --- | --- |
 * | `http` | the server answered with a status outside 200 to 299 |
 * | `network` | the connection failed, or broke while the body was read; nothing else |
 * | `timeout` | the first content, the next event or the end did not come in the time allowed |
 * | `not-a-stream` | a 200, but a page, a document, gzip or nothing instead of a stream |
 * | `malformed` | a frame that is not JSON, or a known event of the wrong shape |
 * | `protocol` | events that contradict each other: order, index, two messages mixed |
 * | `api` | the provider's own `error`: an event, a line of the stream, or a document with a 200 |
 * | `truncated` | the stream ended before it said that it was finished |
 * | `limit` | more than a configured limit allows |
 * | `tool-input` | the input of a tool is not what its schema asks for |
 * | `gap` | something between what a reader of a run has and what comes is missing |
 * | `gone` | the run is not there, or not any more |
 * | `abandoned` | the producer of the run has been silent for longer than its lease |
 * | `aborted` | the caller's own `AbortSignal` ended the request |
 * | `source` | an error that is not of this library came from the source; it is the `cause` |
 */
export type StreamErrorCode =
  | 'http'
  | 'network'
  | 'timeout'
  | 'not-a-stream'
  | 'malformed'
  | 'protocol'
  | 'api'
  | 'truncated'
  | 'limit'
  | 'tool-input'
  | 'gap'
  | 'gone'
  | 'abandoned'
  | 'aborted'
  | 'source';

/** Which clock ran out: the wait for the first content, the gap between two events, or the whole stream. */
export type TimeoutKind = 'firstToken' | 'idle' | 'total';
