import { StreamError } from '../src/errors/streamError.js';

export { alphabet, connectionLost } from '../src/testing/letters/alphabet.js';

/** What the event `e` stands for as an error. */
export const overloaded = new StreamError('api', 'overloaded_error: Overloaded', {
  errorType: 'overloaded_error',
  status: 529,
  retryable: true,
});

/** What `n` stands for as an error, where the message before it is still to end. */
export const anotherBegan = new StreamError('protocol', 'Another message began inside an unfinished one', {
  retryable: true,
});

/** What the end of a source stands for, where a message is still to end. */
export const endedEarly = new StreamError(
  'truncated',
  'The stream ended before it said that it was finished',
);
