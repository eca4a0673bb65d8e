import {
  defer,
  fromEvent,
  last,
  map,
  merge,
  takeUntil,
  tap,
  type Observable,
  type TimestampProvider,
} from 'rxjs';
import { Recording } from '../../marbles/kit/recording.js';
import { HELP, readArguments, type Choice } from './arguments.js';
import { diagramLines } from './diagram.js';
import { explain } from './failure.js';
import type { Room } from './formLines.js';
import { atScreenPace, toFrames } from './frame.js';
import { sourceOf } from './source.js';
import { headLines, summaryLines } from './summary.js';
import { isScreen, paintOn, printOn } from './terminal.js';
import { toViews, type View } from './view.js';

const { stdout, stderr } = process;

/** Wider than this, lines are hard to read. */
const MAX_WIDTH = 120;

/** Of a diagram where nobody knows how wide the reader's window is. */
const PIPE_WIDTH = 80;

const TITLES = {
  timed: 'What flowed, and when',
  untimed: 'What flowed. A file has no times: one event is one ms here',
};

/** The columns to use at the moment; text that goes into a pipe is left as it is. */
function columns(): number {
  return stdout.isTTY ? Math.min(stdout.columns - 1, MAX_WIDTH) : Infinity;
}

/** The room for what grows; in a pipe nothing does. */
function screen(): Room {
  return { width: columns(), height: stdout.isTTY ? stdout.rows : 0 };
}

/** Shows an answer while it comes, and in the end what it was. */
function show(choice: Choice): Observable<View> {
  return defer(() => {
    const source = sourceOf(choice);
    const recording = new Recording(TITLES[source.isTimed ? 'timed' : 'untimed'], source.scheduler);
    const clock = stopwatch();
    print(headLines(source, columns()));
    return source.events.pipe(
      toViews(recording, clock, source.tools),
      atScreenPace(),
      toFrames(screen, clock),
      isScreen(stdout, process.env) ? paintOn(stdout) : printOn(stdout),
      last(),
      map(({ view }) => view),
      tap((view) => {
        if (view.pace.events === 0) return;
        const width = stdout.isTTY ? columns() : PIPE_WIDTH;
        print(summaryLines(view, source.isTimed ? view.pace.last : undefined, width));
        print(diagramLines(recording.drawing(), { width, color: stdout.isTTY && stdout.hasColors() }));
      }),
    );
  }).pipe(takeUntil(stopped()));
}

function stopwatch(): TimestampProvider {
  const start = performance.now();
  return { now: () => performance.now() - start };
}

/** Ctrl-C, or nobody there to read any more. Sets the exit code. */
function stopped(): Observable<number> {
  return merge(
    fromEvent(process, 'SIGINT').pipe(map(() => 130)),
    fromEvent(process, 'SIGTERM').pipe(map(() => 143)),
    fromEvent(stdout, 'error').pipe(map(writeFailed)),
  ).pipe(tap((code) => (process.exitCode = code)));
}

/** `… | head` has read enough: that is no failure. */
function writeFailed(error: unknown): number {
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
  stderr.write(`${explain(error)}\n`);
  return 1;
}

function print(lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const command = readArguments(process.argv.slice(2), process.env);
// What was written before a pipe closed may fail after everything has ended.
stdout.on('error', () => undefined);

if (command.kind === 'help') {
  stdout.write(HELP);
} else if (command.kind === 'mistake') {
  stderr.write(`${command.reason} (See --help.)\n`);
  process.exitCode = 2;
} else {
  show(command).subscribe(({ end }) => {
    if (end?.failure === undefined) return;
    stderr.write(`${explain(end.failure)}\n`);
    process.exitCode = 1;
  });
}
