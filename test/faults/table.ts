import type { FaultGroup } from './fault.js';
import { answers } from './groups/answers.js';
import { connection } from './groups/connection.js';
import { contents } from './groups/contents.js';
import { failures } from './groups/failures.js';
import { framing } from './groups/framing.js';
import { order } from './groups/order.js';
import { runs } from './groups/runs.js';
import { size } from './groups/size.js';
import { time } from './groups/time.js';

/** All that is known to go wrong, and what we do about it. */
export const FAULTS: readonly FaultGroup[] = [
  connection,
  answers,
  time,
  failures,
  order,
  contents,
  framing,
  size,
  runs,
];
