import {
  asyncScheduler,
  concat,
  defer,
  dematerialize,
  filter,
  map,
  materialize,
  mergeMap,
  takeWhile,
  timer,
  type MonoTypeOperatorFunction,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import { PacedText } from '../fold/pace/pacedText.js';
import { FRAME, isHidden } from '../fold/pace/screen.js';
import { unitEnds, type TextUnit } from '../fold/pace/textUnits.js';

/** Options of {@link smoothText}. Times are in ms. */
export interface SmoothTextOptions {
  /** What text is shown by: characters as a reader sees them, words with the space after them, lines. */
  readonly by: TextUnit;
  /** How long text may wait for its turn, or for the end of its word or line. Default 200; by line 2,000. */
  readonly maxLag?: number | undefined;
  /** How often text is shown while some waits. Default 16: 60 times a second. */
  readonly interval?: number | undefined;
  /** Whose words, as a BCP 47 tag. Default: those of the platform's language. */
  readonly locale?: string | undefined;
}

/**
 * Lets text that comes in bursts come at a steady pace: holds it back and gives it out character by character, word by
 * word or line by line.
 *
 * ```text
 * -A------B-------|
 * > smoothText({ by: 'word', interval: 2, maxLag: 9 })
 * -1-2-3---4-5----(6|)
 * ^---------------!
 * ```
 *
 * The pace is that of the source: the slowest at which no text comes more than `maxLag` behind, faster when more comes.
 * What comes when nothing waits begins to show at once. All that waits comes without delay when the source completes,
 * before an error, and while the page is hidden.
 *
 * What a reader sees as one character is never split, however the pieces are: its end is certain when another begins. Nor
 * is a word or a line, except one that does not end within `maxLag`. Only a source that pauses for that long inside a
 * character shows what there is of it, if that can be shown at all: half a surrogate pair, half a flag wait for the rest;
 * the whole character before them does not.
 *
 * ```ts
 * import { smoothText, streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), textDeltas(), smoothText({ by: 'word' }))
 *   .subscribe((text) => output.append(text));
 * ```
 *
 * @param options - `by`, what is never split; `maxLag` and `interval`, in ms; `locale`
 * @param scheduler - whose time it is
 * @returns an operator from pieces of text to other pieces of the same text, none of them empty
 * @see {@link textDeltas}
 */
export function smoothText(
  { by, maxLag = by === 'line' ? 2_000 : 200, interval = FRAME, locale }: SmoothTextOptions,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<string> {
  return (pieces) =>
    defer(() => {
      const text = new PacedText(unitEnds(by, locale), maxLag, interval);
      let isTicking = false;
      const ticks = timer(0, interval, scheduler).pipe(
        map(() => {
          const shown = text.take(scheduler.now(), isHidden());
          // Told before it is emitted: text that comes meanwhile needs ticks of its own if this was the last one.
          isTicking = text.isWaiting;
          return { shown, isLast: !isTicking };
        }),
        takeWhile(({ isLast }) => !isLast, true),
        map(({ shown }) => piece(shown)),
      );
      return pieces.pipe(
        materialize(),
        mergeMap((notification) => {
          if (notification.kind !== 'N') return [piece(text.flush()), notification];
          text.add(notification.value, scheduler.now());
          const shown = isHidden() ? [piece(text.take(scheduler.now(), true))] : [];
          if (isTicking || !text.isWaiting) return shown;
          isTicking = true;
          return concat(shown, ticks);
        }),
        // It ends with the end of the source, and the ticks with it.
        dematerialize(),
        filter((shown) => shown !== ''),
      );
    });
}

function piece(value: string): ObservableNotification<string> {
  return { kind: 'N', value };
}
