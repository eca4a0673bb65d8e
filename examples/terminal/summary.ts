import { styleText } from 'node:util';
import type { Block } from '../../src/index.js';
import { bold, colourOf } from './colours.js';
import { speedOf } from './pace.js';
import { counted, titleOf } from './screen.js';
import type { View } from './view.js';
import { clip, printable, wrap } from './width.js';

const LABEL = 10;

const MEANINGS: Readonly<Record<string, string>> = {
  end_turn: 'the model has said what it wanted to say',
  max_tokens: 'the answer was cut off at the most tokens allowed',
  stop_sequence: 'it wrote a stop sequence',
  tool_use: 'the model waits for the result of a tool',
  pause_turn: 'the answer goes on when it is sent back',
  refusal: 'the model refused',
};

/**
 * What the whole message was.
 *
 * @param view - the last one
 * @param elapsed - from the request to its end, in ms; `undefined` where times mean nothing
 */
export function summaryLines(view: View, elapsed: number | undefined, width: number): string[] {
  const { message, pace, end } = view;
  const rows = [
    ...(message
      ? [row('message', [message.id, message.model].filter(Boolean).join(', ') || 'without a name', width)]
      : []),
    ...(view.finished.length > 0 ? [row('blocks', view.finished.map(blockWords).join(', '), width)] : []),
    ...(message
      ? [row('tokens', `${message.usage.input_tokens} in, ${message.usage.output_tokens} out`, width)]
      : []),
    row('stream', `${counted(pace.events, 'event')}, ${counted(pace.characters, 'character')}`, width),
    ...(elapsed === undefined ? [] : [row('time', timeWords(view, elapsed), width)]),
  ].flat();
  return [headline(message?.stop_reason ?? undefined, end?.failure !== undefined, width), ...rows, ''];
}

function headline(reason: string | undefined, failed: boolean, width: number): string {
  if (failed) return bold('✗ the stream failed; this is what had arrived', 'red');
  const meaning = MEANINGS[reason ?? ''];
  const text = printable(reason ?? 'no stop reason');
  return bold(clip(`● ${text}${meaning ? `: ${meaning}` : ''}`, width));
}

function row(label: string, text: string, width: number): string[] {
  return wrap(printable(text), width - LABEL - 2).map(
    (line, nth) => `  ${styleText('dim', (nth === 0 ? label : '').padEnd(LABEL))}${line}`,
  );
}

function blockWords(block: Block): string {
  return `${titleOf(block)}${block.status === 'complete' ? '' : ` (${block.status})`}`;
}

function timeWords({ pace }: View, elapsed: number): string {
  const speed = speedOf(pace);
  return [
    `${seconds(elapsed)} in all`,
    ...(pace.first === undefined ? [] : [`first token after ${seconds(pace.first)}`]),
    ...(speed === undefined ? [] : [`then ${speed} characters/s`]),
  ].join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
}

/** One request; what comes of it is seen in two ways. */
const PIPELINE = [
  '  .pipe(dropPings(), untilTerminal())',
  '  ├─ accumulateBlocks()',
  '  └─ accumulateToolInput()',
];

/** The first lines: what was asked, who answers, and the code that runs. */
export function headLines(
  { prompt, origin, code }: { readonly prompt: string; readonly origin: string; readonly code: string },
  width: number,
): string[] {
  return [
    '',
    ...wrap(printable(prompt), width - 2).map((line) => `${bold('›')} ${line}`),
    ...wrap(origin, width - 2).map((line) => `  ${styleText('dim', line)}`),
    '',
    ...[code, ...PIPELINE]
      .flatMap((line) => wrap(line, width - 2))
      .map((line) => `  ${styleText(colourOf('value'), line)}`),
    '',
  ];
}
