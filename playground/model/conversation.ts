import type { StreamState } from '../../src/fold/turn/streamState.js';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { linksOf } from './chain.js';
import { lastMessageOf } from './findings.js';
import { run } from './run.js';
import type { Turns } from './slices.js';

/** A piece of a conversation, as a person reads it. */
export interface Piece {
  readonly kind: 'text' | 'thinking' | 'call' | 'other';
  readonly title: string;
  readonly text: string;
  /** What is to be known of it: cut off, not JSON, denied. */
  readonly note?: string | undefined;
  /** What a tool gave. */
  readonly result?: string | undefined;
}

/** A reply. */
export interface Said {
  readonly title: string;
  readonly pieces: readonly Piece[];
  /** Why it ended. */
  readonly end: string;
}

/** A conversation as far as it goes, read by `accumulateState()`. */
export async function conversationOf(recording: Recording, turns: Turns): Promise<readonly Said[]> {
  const [row] = await run(recording, linksOf([{ name: 'accumulateState', options: {} }]), turns);
  const state = row?.values.at(-1) as StreamState | undefined;
  if (!state) return [];
  const { messages, calls } = state;
  const blocks = await lastBlocksOf(recording, turns);
  return messages.map((message, nth): Said => {
    const { model, stop_reason: reason, content } = message;
    const title = [`Reply${messages.length > 1 ? ` ${nth + 1}` : ''}`, model].filter(Boolean).join(' · ');
    const pieces = content.map((block, at) => {
      const known = nth === messages.length - 1 ? blocks[at] : undefined;
      return pieceOf({ ...(block as unknown as Fields), ...known }, calls as unknown as readonly Fields[]);
    });
    return {
      title,
      pieces,
      end: reason === null ? 'It has no stop reason.' : `It stopped: ${reason}`,
    };
  });
}

/** The blocks of the last message, which say how far each has come. */
async function lastBlocksOf(recording: Recording, turns: Turns): Promise<readonly Fields[]> {
  const entries = recording.entries.slice(Math.max(0, lastMessageOf(recording)));
  const [row] = await run(
    { ...recording, entries },
    linksOf([{ name: 'accumulateBlocks', options: {} }]),
    turns,
  );
  return (row?.values.at(-1) ?? []) as readonly Fields[];
}

type Fields = Readonly<Record<string, unknown>>;

function pieceOf(block: Fields, calls: readonly Fields[]): Piece {
  const note = noteOf(block);
  switch (block['type']) {
    case 'text':
      return { kind: 'text', title: 'Text', text: words(block['text']), note };
    case 'thinking':
      return { kind: 'thinking', title: 'Thinking', text: words(block['thinking']), note };
    case 'redacted_thinking':
      return { kind: 'thinking', title: 'Thinking, which the provider hides', text: '', note };
    default:
      return 'input' in block ? callOf(block, calls, note) : other(block, note);
  }
}

function callOf(block: Fields, calls: readonly Fields[], note: string | undefined): Piece {
  const call = calls.find(({ id }) => id === block['id']);
  const result = call && 'result' in call && call['result'] !== undefined ? words(call['result']) : undefined;
  const status = typeof call?.['status'] === 'string' ? ` · ${call['status']}` : '';
  return {
    kind: 'call',
    title: `Call of ${words(block['name'])}${status}`,
    text: words(block['input']),
    note,
    result,
  };
}

function other({ type, index: _index, status: _status, ...rest }: Fields, note: string | undefined): Piece {
  return { kind: 'other', title: String(type), text: words(rest), note };
}

function noteOf({ status, reason, raw }: Fields): string | undefined {
  if (status === 'streaming') return 'It was never finished.';
  if (status === 'aborted') return `It was cut off: ${words(reason)}`;
  if (status === 'invalid')
    return `Its input cannot be read: ${words(reason)}${typeof raw === 'string' ? ` (${raw.slice(0, 120)})` : ''}`;
  return undefined;
}

function words(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}
