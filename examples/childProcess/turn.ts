import { spawn } from 'node:child_process';
import {
  concatMap,
  connect,
  defer,
  finalize,
  fromEvent,
  map,
  merge,
  pairwise,
  startWith,
  takeUntil,
  tap,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import {
  accumulateToolCalls,
  fromBytes,
  StreamError,
  textDeltas,
  untilTerminal,
  type StreamEvent,
  type ToolInvocation,
} from '../../src/index.js';
import { synapsTurn } from '../../src/synaps.js';

/** A program that speaks the protocol on its standard input and output: `synaps` with the argument `rpc`. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

const PROMPT_ID = 'prompt-1';

/**
 * Starts a child, asks it once it has said that it is ready, and reads its answer until the turn ends. The child is
 * killed with the end of the subscription, whichever end that is.
 *
 * @throws StreamError `protocol` where the child does not begin with `ready`, or speaks another version; `api` for a
 *   turn that failed; `truncated` where the child ends before the turn does; `network` where it cannot be started
 */
export function turn({ file, args }: Command, message: string): Observable<StreamEvent> {
  return defer(() => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    // That nobody reads the prompt any more is told by the end of the child's output.
    child.stdin.on('error', () => undefined);
    const failure = fromEvent(child, 'error').pipe(
      map((cause) => {
        throw new StreamError('network', 'The child could not be started', { cause });
      }),
    );
    return fromBytes(child.stdout, { codec: synapsTurn({ promptId: PROMPT_ID, handshake: true }) }).pipe(
      tap((event) => {
        if (event.type !== 'unknown' || event.name !== 'ready') return;
        const prompt = { type: 'prompt', id: PROMPT_ID, message, attachments: [] };
        child.stdin.write(`${JSON.stringify(prompt)}\n`);
      }),
      untilTerminal(),
      takeUntil(failure),
      finalize(() => child.kill()),
    );
  });
}

/** A turn for a person to read: its text as it comes, and each tool call once it has its result. */
export function toTranscript(): OperatorFunction<StreamEvent, string> {
  return connect((events) =>
    merge(
      // What stands between two texts is shown, and ends its lines itself.
      events.pipe(textDeltas({ between: '' })),
      events.pipe(
        accumulateToolCalls(),
        startWith([]),
        pairwise(),
        concatMap(([before, calls]) => calls.filter((call, at) => call !== before[at]).flatMap(linesOf)),
      ),
    ),
  );
}

function linesOf(call: ToolInvocation): string[] {
  switch (call.status) {
    case 'streaming':
    case 'queued':
    case 'approval':
    case 'running':
    case 'denied':
    case 'cancelled':
      return [];
    case 'done':
    case 'failed':
      return [`\n● ${call.name} ${JSON.stringify(call.input)}\n${indented(String(call.result))}\n`];
    case 'invalid':
      return [`\n● ${call.name}: ${call.error.message}\n`];
  }
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ');
}
