import { from, VirtualTimeScheduler } from 'rxjs';
import { isThorough } from '../thorough.js';
import { ANSWER, OPERATORS, type OperatorCase } from './everyOperator.js';
import { EVENT_SHAPES, TEXT_SHAPES, type Shape } from './shapes.js';

/** So many parts at first; a list of all blocks or calls is as long as the limit of blocks lets it be. */
const FEW = isThorough ? 2_000 : 500;
const FEW_LISTED = isThorough ? 1_000 : 500;
/** By how many times more there are. */
const MORE = 4;
/** What takes less says nothing of how it grows, in ms of the processor. */
const TOO_SHORT = 40;
/** The same for lists, of which the pointers are copied: 4,000 times 4,000 of them take less, and anything more does not. */
const TOO_SHORT_LISTED = 400;
const TRIES = 8;

/** What an operator takes of the processor for a stream, in ms. */
function timeOf(items: readonly unknown[], make: OperatorCase['make']): number {
  const time = new VirtualTimeScheduler();
  const before = process.cpuUsage();
  const subscription = from(items as readonly never[])
    .pipe(make(time))
    .subscribe({ error: () => undefined });
  time.flush();
  subscription.unsubscribe();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * How many times longer the longer stream takes: the least of a few tries, for what else goes on in the machine makes a
 * run slower and never faster. The one that was too slow is tried again, and both have been warm by then.
 */
function growthOf(
  { make: shape, isListed = false }: Shape,
  make: OperatorCase['make'],
  most: number,
): number {
  const count = isListed ? FEW_LISTED : FEW;
  const [few, many] = [shape(count), shape(MORE * count)];
  let [short, long] = [Infinity, Infinity];
  for (let tried = 0; tried < TRIES; tried++) {
    long = Math.min(long, timeOf(many, make));
    if (long < (isListed ? TOO_SHORT_LISTED : TOO_SHORT)) return 1;
    // Half of a short run may be noise, so it counts as its slowest time, but for the first, which is cold.
    const once = timeOf(few, make);
    short = short === Infinity ? once : Math.max(Math.min(short, once), TOO_SHORT / MORE / 2);
    if (long / short < most) break;
  }
  return long / short;
}

/** Every shape if there is time; else one in eight, others for each operator. */
function shapesFor(given: OperatorCase['given'], place: number): readonly Shape[] {
  const shapes = given === ANSWER ? EVENT_SHAPES : TEXT_SHAPES;
  return isThorough ? shapes : shapes.filter((_, at) => (at + place) % 8 === 0);
}

describe.each(Object.entries(OPERATORS).map(([name, operator], place) => [name, operator, place] as const))(
  '%s',
  (_, { make, given }, place) => {
    it.each(shapesFor(given, place))('takes for more $name what more takes', (shape) => {
      // A plain list of all blocks or calls is copied at each change: its pointers alone, and no more of them than the limit.
      const most = shape.isListed === true ? 8 : 6;
      expect(growthOf(shape, make, most)).toBeLessThan(most);
    });
  },
);
