/** The answer to everything here. */
export const STORY =
  'A lighthouse keeper wrote one line a night into a book that the sea could not reach. ' +
  'When a storm took him in the middle of a line, another keeper rowed over, opened the book, ' +
  'and the ships never noticed that the light had been held by two hands.';
