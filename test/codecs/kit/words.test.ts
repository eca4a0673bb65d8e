import { words } from '../../../src/codecs/kit/words.js';

const reasons = words(
  [
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['max', 'max_tokens'],
    ['stop', 'stop_sequence'],
  ],
  (theirs) => theirs.toLowerCase(),
);

describe('words', () => {
  it.each([
    ['stop', 'end_turn'],
    ['STOP', 'end_turn'],
    ['max', 'max_tokens'],
    ['New', 'New'],
    ['constructor', 'constructor'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('of theirs: %p is %p of ours', (theirs, ours) => {
    expect(reasons.ours(theirs)).toBe(ours);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', undefined],
    ['constructor', undefined],
    [null, undefined],
  ])('of ours: %p is %p of theirs', (ours, theirs) => {
    expect(reasons.theirs(ours)).toBe(theirs);
  });
});
