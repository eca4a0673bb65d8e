import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { errorOf, parseRecording, type Recording } from '../../src/testing/recordings/recording.js';
import { Cutter } from './cutter.js';
import type { Feed } from './feed.js';
import { spelledFeed, type TimedEvent } from './spelled.js';
import { textIn } from './sniff.js';
import type { Turns } from './slices.js';

/** So many lines are read at once. */
const AT_ONCE = 250;

/** Whether a text is what `recordingText` writes. */
export function isRecording(text: string): boolean {
  return /^\s*\{[^\n]*"format"\s*:\s*"rxjs-llm-stream recording"/.test(text);
}

/**
 * The stream that was recorded, with its times.
 *
 * @throws StreamError `malformed` naming the line that cannot be read
 */
export async function recordedFeed(chunks: readonly Uint8Array[], turns: Turns): Promise<Feed> {
  const lines = await linesOf(chunks, turns);
  const [head = ''] = lines;
  const events: TimedEvent[] = [];
  let end: Recording['end'] = { at: 0, end: 'complete' };
  // Some lines at a time, each time with the head of the recording and an end.
  for (let at = 1; at < Math.max(lines.length, 2); at += AT_ONCE) {
    const some = lines.slice(at, at + AT_ONCE);
    const isLast = at + AT_ONCE >= lines.length;
    const text = [head, ...some, ...(isLast ? [] : [`{"at":${Number.MAX_VALUE},"end":"complete"}`])].join(
      '\n',
    );
    const read = parseRecording(text);
    for (const entry of read.entries) events.push(entry);
    if (isLast) end = read.end;
    if (turns.isDue) await turns.next();
  }
  const isOpen = end.end === 'unsubscribe';
  const error = end.end === 'error' ? errorOf(end.error) : undefined;
  return spelledFeed(events, { at: end.at, isOpen, ...(error && { error }) }, anthropic);
}

async function linesOf(chunks: readonly Uint8Array[], turns: Turns): Promise<readonly string[]> {
  const cutter = new Cutter('ndjson');
  const lines: string[] = [];
  for (const chunk of chunks) {
    for (const line of cutter.next(chunk)) lines.push(textIn(line));
    if (turns.isDue) await turns.next();
  }
  for (const line of cutter.end()) lines.push(textIn(line));
  return lines.filter((line) => line.trim() !== '');
}
