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
  type Observable,
  type ObservableInput,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import { requireText } from '../errors/requireText.js';
import { PacedSnapshots } from '../fold/pace/pacedSnapshots.js';
import { PacedText } from '../fold/pace/pacedText.js';
import { FRAME, isHidden } from '../fold/pace/screen.js';
import type { TextSnapshot } from '../fold/pace/shownTexts.js';
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
 * Of messages and of states of a turn, each snapshot comes with so much of its texts, and without the blocks that stand
 * behind the end of that. What else there is in a snapshot, such as its calls and its status, is not held back; while text
 * waits, it comes with the next piece of it.
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
 * @returns an operator from pieces of text to other pieces of the same text, none of them empty; or from messages or states
 *   to other snapshots, the last of which are the same
 * @see {@link textDeltas} {@link accumulateMessage} {@link accumulateState}
 */
export function smoothText<T extends string | TextSnapshot>(
  { by, maxLag = by === 'line' ? 2_000 : 200, interval = FRAME, locale }: SmoothTextOptions,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<T> {
  return (values) =>
    defer(() => {
      const ends = unitEnds(by, locale);
      const newText = (): PacedText => new PacedText(ends, maxLag, interval);
      let paced: Paced | undefined;
      let isTicking = false;
      const ticks = (from: Paced): Observable<ObservableNotification<Shown>> =>
        timer(0, interval, scheduler).pipe(
          map(() => {
            const shown = from.take(scheduler.now(), isHidden());
            // Told before it is emitted: text that comes meanwhile needs ticks of its own if this was the last one.
            isTicking = from.isWaiting;
            return { shown, isLast: !isTicking };
          }),
          takeWhile(({ isLast }) => !isLast, true),
          map(({ shown }) => next(shown)),
        );
      return values.pipe(
        materialize(),
        mergeMap((notification): ObservableInput<ObservableNotification<Shown>> => {
          if (notification.kind !== 'N') return [next(paced?.flush()), notification];
          const { value } = notification;
          paced ??= pacedOf(value, newText);
          const now = scheduler.now();
          const before = paced.add(value, now);
          const shown =
            isHidden() || (!paced.isWaiting && !isTicking) ? paced.take(now, isHidden()) : undefined;
          const atOnce = [next(before), next(shown)];
          if (isTicking || !paced.isWaiting) return atOnce;
          isTicking = true;
          return concat(atOnce, ticks(paced));
        }),
        // It ends with the end of the source, and the ticks with it.
        dematerialize(),
        filter((shown): shown is T => shown !== '' && shown !== undefined),
      );
    });
}

type Shown = string | TextSnapshot | undefined;

/** What paces values of one kind, and gives others of that kind. */
interface Paced {
  readonly isWaiting: boolean;
  add(value: string | TextSnapshot, now: number): Shown;
  take(now: number, isHurried: boolean): Shown;
  flush(): Shown;
}

function pacedOf(value: string | TextSnapshot, begin: () => PacedText): Paced {
  // All values of a stream are of one kind.
  const { content, messages } = Object(value) as { readonly content?: unknown; readonly messages?: unknown };
  if (content ?? messages) return new PacedSnapshots(begin);
  requireText('smoothText', value);
  return begin();
}

function next<T>(value: T): ObservableNotification<T> {
  return { kind: 'N', value };
}
