import { NEVER, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { abortOpenBlocks } from '../../src/operators/abortOpenBlocks.js';
import { accumulateBlocks } from '../../src/operators/accumulateBlocks.js';
import { accumulateJson } from '../../src/operators/accumulateJson.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { accumulateUsage } from '../../src/operators/accumulateUsage.js';
import { checkProtocol } from '../../src/operators/checkProtocol.js';
import { dropPings } from '../../src/operators/dropPings.js';
import { latestPerFrame } from '../../src/operators/latestPerFrame.js';
import { limitMessages } from '../../src/operators/limitMessages.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { runTools } from '../../src/operators/runTools.js';
import { shareSnapshot } from '../../src/operators/shareSnapshot.js';
import { smoothText } from '../../src/operators/smoothText.js';
import { streamTimeout } from '../../src/operators/streamTimeout.js';
import { sumUsage } from '../../src/operators/sumUsage.js';
import { textDeltas } from '../../src/operators/textDeltas.js';
import { toArrayElements } from '../../src/operators/toArrayElements.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';

/** An answer with a bit of everything, whole. */
export const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1' }),
  events.ping(),
  events.textStart(0),
  events.textDelta(0, 'Hel'),
  events.textDelta(0, 'lo'),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'draw'),
  events.inputJsonDelta(1, '{"x":1,'),
  events.inputJsonDelta(1, '"y":[2,3]}'),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_2', 'draw'),
  events.inputJsonDelta(2, '{}'),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** A reply that is JSON and never ends, piece by piece. */
const LIST: readonly string[] = ['[1,2,3,', '4,5,6,', '7,8,9,'];

/** An operator, and what it makes something of. */
export interface OperatorCase {
  readonly make: (scheduler: SchedulerLike) => OperatorFunction<never, unknown>;
  readonly given: readonly unknown[];
  /** How many values come of the given, at least. Default 2. */
  readonly gives?: number;
  /** Whether values come only when time passes. */
  readonly isTimed?: boolean;
}

const ofEvents = (
  make: (scheduler: SchedulerLike) => OperatorFunction<StreamEvent, unknown>,
): OperatorCase => ({
  make,
  given: ANSWER,
});

const ofText = (make: (scheduler: SchedulerLike) => OperatorFunction<string, unknown>): OperatorCase => ({
  make,
  given: LIST,
});

/** Every operator of the library, by its name. */
export const OPERATORS: Readonly<Record<string, OperatorCase>> = {
  abortOpenBlocks: ofEvents(() => abortOpenBlocks('gone', NEVER)),
  accumulateBlocks: ofEvents(() => accumulateBlocks()),
  accumulateJson: ofText(() => accumulateJson()),
  accumulateMessage: ofEvents(() => accumulateMessage()),
  accumulateState: ofEvents(() => accumulateState()),
  accumulateToolCalls: ofEvents(() => accumulateToolCalls()),
  accumulateToolInput: ofEvents(() => accumulateToolInput()),
  accumulateUsage: ofEvents(() => accumulateUsage()),
  checkProtocol: ofEvents(() => checkProtocol({ mode: 'repair' })),
  dropPings: ofEvents(() => dropPings()),
  latestPerFrame: { ...ofText((scheduler) => latestPerFrame(scheduler)), isTimed: true, gives: 1 },
  limitMessages: ofEvents(() => limitMessages()),
  retryBeforeOutput: ofEvents((scheduler) => retryBeforeOutput({}, scheduler)),
  retryWithReset: ofEvents((scheduler) => retryWithReset({}, scheduler)),
  runTools: ofEvents((scheduler) => runTools({ draw: () => NEVER }, { timeout: 1_000 }, scheduler)),
  shareSnapshot: ofEvents(() => shareSnapshot()),
  smoothText: { ...ofText((scheduler) => smoothText({ by: 'word' }, scheduler)), isTimed: true, gives: 1 },
  streamTimeout: ofEvents((scheduler) => streamTimeout({ firstToken: 9, idle: 9, total: 99 }, scheduler)),
  sumUsage: ofEvents(() => sumUsage()),
  textDeltas: ofEvents(() => textDeltas()),
  toArrayElements: ofText(() => toArrayElements()),
  toBlocks: ofEvents(() => toBlocks()),
  toMessage: { ...ofEvents(() => toMessage()), gives: 1 },
  toText: { ...ofEvents(() => toText()), gives: 1 },
  toToolCalls: ofEvents(() => toToolCalls()),
  untilTerminal: ofEvents(() => untilTerminal()),
};
