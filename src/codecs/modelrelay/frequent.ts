import { isObject } from '../kit/policy.js';
import type { CallPiece } from '../kit/calls.js';

/**
 * The records that make up nearly all of a stream, checked by hand: without generated code, zod takes several times
 * as long for one as `JSON.parse`. Whatever is not exactly one of them goes the long way.
 */

type Json = Readonly<Record<string, unknown>>;

/** @returns the text of a v2 `update` or a `message_delta` that holds nothing else */
export function plainText(record: Json): string | undefined {
  const { length } = Object.keys(record);
  const piece = record['event'] === 'message_delta' ? record['text_delta'] : record['delta'];
  if (typeof piece !== 'string') return undefined;
  if (length === 2) {
    return record['type'] === 'update' || record['event'] === 'message_delta' ? piece : undefined;
  }
  const fields = record['complete_fields'];
  const isBare = length === 3 && Array.isArray(fields) && fields.length === 0;
  return isBare && record['type'] === 'update' ? piece : undefined;
}

/** @returns the piece of an input, with the number of its call, of a `tool_use_delta` that holds nothing else */
export function plainInput(record: Json): CallPiece | undefined {
  const delta = record['tool_call_delta'];
  if ((record['type'] ?? record['event']) !== 'tool_use_delta' || !hasTwoFields(record)) return undefined;
  if (!isObject(delta) || !hasTwoFields(delta) || !isPlace(delta['index'])) return undefined;
  const named = delta['function'];
  if (!isObject(named) || Object.keys(named).length !== 1) return undefined;
  const { arguments: input } = named;
  return typeof input === 'string' ? { index: delta['index'] as number, input } : undefined;
}

function hasTwoFields(value: Json): boolean {
  return Object.keys(value).length === 2;
}

function isPlace(index: unknown): boolean {
  return Number.isSafeInteger(index) && (index as number) >= 0;
}
