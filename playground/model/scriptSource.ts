import type { StreamEvent } from '../../src/events/event.js';
import { script, type Script } from '../../src/testing/script/script.js';
import type { Feed } from './feed.js';
import { LiteralReader } from './literal.js';
import { spelledFeed } from './spelled.js';

/** Methods of a script that take values only. */
const METHODS = [
  'block',
  'cutOff',
  'deltas',
  'error',
  'event',
  'interleaved',
  'lost',
  'message',
  'ping',
  'redactedThinking',
  'stop',
  'text',
  'thinking',
  'timed',
  'toolResult',
  'toolUse',
  'usage',
] as const;

type Method = (typeof METHODS)[number];

/** Whether a text is a script as tests have it: `script().text('Hello').timed(20)`. */
export function isScript(text: string): boolean {
  return /^\s*(?:\/\/.*\n\s*)*script\s*\(/.test(text);
}

/**
 * The stream that a script says. It is read, not run.
 *
 * @throws SyntaxError naming the line; Error naming a method that there is not
 */
export function scriptFeed(text: string): Feed {
  const [, ...calls] = new LiteralReader(text).calls();
  const said = calls.reduce((answer, { name, args }) => {
    if (!isMethod(name)) throw new Error(`A script has no method ${name} here. It has ${METHODS.join(', ')}`);
    return (answer[name] as (...values: unknown[]) => Script).apply(answer, [...args]);
  }, script());
  const { values, end } = said.timeline();
  const events = values.map(({ at, value }: { at: number; value: StreamEvent }) => ({ at, event: value }));
  if (end === undefined) return spelledFeed(events, { at: events.at(-1)?.at ?? 0, isOpen: true });
  return spelledFeed(events, { at: end.at, ...('error' in end && { error: end.error }) });
}

function isMethod(name: string): name is Method {
  return METHODS.some((method) => method === name);
}
