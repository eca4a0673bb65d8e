import { timer } from 'rxjs';
import {
  abortOpenBlocks,
  checkProtocol,
  coalesce,
  dropPings,
  limitMessages,
  retryBeforeOutput,
  retryWithReset,
  stopOn,
  streamTimeout,
  untilTerminal,
} from '../../../src/index.js';
import { guardText } from '../../../src/text.js';
import type { OperatorSpec } from '../catalogue.js';
import { optionsCode, taken, valueCode } from '../options.js';

const OWN = 'rxjs-llm-stream';

/** Operators from events to events. */
export const EVENTS: readonly OperatorSpec[] = [
  {
    name: 'dropPings',
    entry: OWN,
    what: 'Leaves out the pings.',
    takes: ['events'],
    gives: 'events',
    options: [],
    make: () => dropPings(),
  },
  {
    name: 'untilTerminal',
    entry: OWN,
    what: 'Completes right after message_stop; an early end and an error event are errors.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'errorEvent', kind: 'choice', of: ['throw', 'emit'], hint: 'what an error event becomes' },
      { name: 'truncation', kind: 'choice', of: ['throw', 'complete'], hint: 'what an early end becomes' },
    ],
    make: (options) => untilTerminal(taken(options)),
  },
  {
    name: 'streamTimeout',
    entry: OWN,
    what: 'Fails when the first content, the next event or the end does not come in time.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'firstToken', kind: 'ms', hint: 'ms until the first content' },
      { name: 'idle', kind: 'ms', hint: 'ms between two events', needed: 1000 },
      { name: 'total', kind: 'ms', hint: 'ms for all of it' },
      { name: 'pingsKeepAlive', kind: 'flag', hint: 'whether a ping counts' },
    ],
    make: (options, scheduler) => streamTimeout(taken(options), scheduler),
  },
  {
    name: 'checkProtocol',
    entry: OWN,
    what: 'Raises an error for the first event out of order, or puts it in order.',
    takes: ['events'],
    gives: 'events',
    options: [{ name: 'mode', kind: 'choice', of: ['strict', 'repair'], hint: 'an error, or a repair' }],
    make: (options) => checkProtocol(taken(options)),
  },
  {
    name: 'limitMessages',
    entry: OWN,
    what: 'Fails where a block or a message holds too much.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'block', kind: 'count', hint: 'characters of one block' },
      { name: 'message', kind: 'count', hint: 'characters of one message' },
      { name: 'blocks', kind: 'count', hint: 'blocks of one message' },
    ],
    make: (options) => limitMessages(taken(options)),
  },
  {
    name: 'abortOpenBlocks',
    entry: OWN,
    what: 'Ends the blocks that are open when the stream breaks off, by a block_abort each.',
    takes: ['events'],
    gives: 'events',
    options: [{ name: 'reason', kind: 'text', hint: 'what the aborts say' }],
    make: ({ reason }) => abortOpenBlocks(reason as string | undefined),
    code: ({ reason }) => `abortOpenBlocks(${reason === undefined ? '' : valueCode(reason)})`,
  },
  {
    name: 'stopOn',
    entry: OWN,
    what: 'Stops the stream after a time, as a stop button does, with an end that all behind it see.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'after', kind: 'ms', hint: 'ms until the button is pressed', needed: 100 },
      { name: 'reason', kind: 'text', hint: 'what the aborts say' },
    ],
    make: ({ after, ...options }, scheduler) => stopOn(timer(Number(after), scheduler), taken(options)),
    code({ after, reason }) {
      const options = reason === undefined ? '' : `, { reason: ${valueCode(reason)} }`;
      return `stopOn(timer(${String(after)})${options})`;
    },
    imports: { rxjs: ['timer'] },
  },
  {
    name: 'coalesce',
    entry: OWN,
    what: 'Joins neighbouring deltas of a block that come within a time.',
    takes: ['events'],
    gives: 'events',
    options: [{ name: 'within', kind: 'ms', hint: 'ms that a delta may wait', needed: 50 }],
    make: ({ within }, scheduler) => coalesce({ within: Number(within) }, scheduler),
  },
  {
    name: 'retryBeforeOutput',
    entry: OWN,
    what: 'Sends the request again after a failure, as long as no content has come. Here every attempt is alike.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'count', kind: 'count', hint: 'how many more attempts' },
      { name: 'delay', kind: 'ms', hint: 'ms before the next' },
    ],
    make: (options, scheduler) => retryBeforeOutput(taken({ ...options, jitter: 0 }), scheduler),
    code: (options) => `retryBeforeOutput(${optionsCode({ ...options, jitter: 0 })})`,
  },
  {
    name: 'retryWithReset',
    entry: OWN,
    what: 'Sends the request again after any failure, and says so by a reset. Here every attempt is alike.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'count', kind: 'count', hint: 'how many more attempts' },
      { name: 'delay', kind: 'ms', hint: 'ms before the next' },
    ],
    make: (options, scheduler) => retryWithReset(taken({ ...options, jitter: 0 }), scheduler),
    code: (options) => `retryWithReset(${optionsCode({ ...options, jitter: 0 })})`,
  },
  {
    name: 'guardText',
    entry: 'rxjs-llm-stream/text',
    what: 'Replaces words that nobody is to see, however they are cut.',
    takes: ['events'],
    gives: 'events',
    options: [
      { name: 'words', kind: 'words', hint: 'what is kept out, with commas', needed: ['secret'] },
      { name: 'replace', kind: 'text', hint: 'what stands in its place' },
    ],
    make: ({ words, ...options }) => guardText(words as readonly string[], taken(options)),
    code({ words = [], replace }) {
      const options = replace === undefined ? '' : `, { replace: ${valueCode(replace)} }`;
      return `guardText(${valueCode(words)}${options})`;
    },
  },
];
