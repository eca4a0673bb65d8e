import type { Frame, Framing } from './frame.js';

/**
 * Writes a frame as the text of one SSE message, which {@link sse} or a browser's `EventSource` reads as that frame
 * again.
 *
 * ```ts
 * import { map, of } from 'rxjs';
 * import { encode, events, sseText } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * of(events.ping()).pipe(encode(anthropic), map(sseText)).subscribe(console.log);
 * // event: ping
 * // data: {"type":"ping"}
 * ```
 *
 * One frame never reads as two, whoever chose its words: each line of `data` becomes a data line of its own (CR and CRLF
 * are read back as LF), and CR and LF are removed from `event` and `id`. NUL is removed from `id` as well, because
 * readers ignore an id that has one. A `retry` that is not a whole number of ms is left out. An `id` also holds for the
 * frames after it that have none; an empty `id` ends that.
 *
 * @param frame - what to write
 * @returns its lines, each ended by LF, and a blank line; for an `unterminated` frame without the last LF and the blank
 *   line, so that a cut frame still looks cut
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function sseText({ data, event = '', id, retry, unterminated }: Frame): string {
  const name = oneLine(event);
  const head = name === '' ? '' : `event: ${name}\n`;
  const identity = id === undefined ? '' : `id: ${oneLine(id).replaceAll('\0', '')}\n`;
  const reconnection = Number.isSafeInteger(retry) && Number(retry) >= 0 ? `retry: ${retry}\n` : '';
  return `${head}${identity}${reconnection}${everyLine('data: ', data)}${unterminated ? '' : '\n\n'}`;
}

/**
 * Writes an SSE comment, which readers ignore. Sent now and then, it keeps proxies from taking a silent stream for a
 * dead one.
 *
 * ```ts
 * import { interval, map, merge, of } from 'rxjs';
 * import { sseComment, sseText } from 'rxjs-llm-stream';
 *
 * const answer = of({ data: '{"type":"ping"}' }).pipe(map(sseText));
 * const heartbeats = interval(15_000).pipe(map(() => sseComment('still here')));
 * merge(answer, heartbeats).subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param text - what to say; each line of it becomes a comment. Default empty
 * @returns the comment and a blank line, to send between two messages
 */
export function sseComment(text = ''): string {
  return `${everyLine(text === '' ? ':' : ': ', text)}\n\n`;
}

/**
 * Writes a frame as one line of newline-delimited JSON, which {@link ndjson} reads as that frame again. CR and LF,
 * which are mere whitespace in JSON, become a space. NDJSON has no place for ids, so that of an object becomes its first
 * member, `$id`, of which only letters of ASCII, digits and `_.:+/=~-` are written; a value of another kind goes without.
 *
 * @param frame - what to write; its `data` is one JSON value
 * @returns the line, ended by LF unless it is `unterminated`
 * @see https://github.com/ndjson/ndjson-spec
 */
export function ndjsonText({ data, id = '', unterminated }: Frame): string {
  const line = data.replace(/[\r\n]+/g, ' ');
  return `${id === '' ? line : lineWithId(line, id)}${unterminated ? '' : '\n'}`;
}

function lineWithId(line: string, id: string): string {
  const [brace] = /^\s*\{\s*/.exec(line) ?? [];
  if (brace === undefined) return line;
  const members = line.slice(brace.length);
  return `{"$id":"${id.replace(/[^\w.:+/=~-]/g, '')}"${members.startsWith('}') ? '' : ','}${members}`;
}

/**
 * Chooses the writer of a framing, so that the frames of any codec can be sent.
 *
 * ```ts
 * import { map, of } from 'rxjs';
 * import { encode, events, frameText } from 'rxjs-llm-stream';
 * import { llmWorker } from 'rxjs-llm-stream/llm-worker';
 *
 * of(events.ping())
 *   .pipe(encode(llmWorker), map(frameText(llmWorker.framing)))
 *   .subscribe((text) => process.stdout.write(text));
 * // {"Ping":{"timestamp":null}}
 * ```
 *
 * @param framing - the `framing` of a codec
 * @returns its writer: {@link ndjsonText} or {@link sseText}, which stands for `eventstream` too where text is asked for
 */
export function frameText(framing: Framing): (frame: Frame) => string {
  return framing === 'ndjson' ? ndjsonText : sseText;
}

function everyLine(prefix: string, text: string): string {
  return isOneLine(text) ? prefix + text : prefix + text.replace(/\r\n?|\n/g, `\n${prefix}`);
}

function oneLine(text: string): string {
  return isOneLine(text) ? text : text.replace(/[\r\n]/g, '');
}

/** Nearly all are, and a look for two letters costs less than a pattern. */
function isOneLine(text: string): boolean {
  return !text.includes('\n') && !text.includes('\r');
}
