import { StreamError } from './streamError.js';

/**
 * Requires a piece of text, for who forgot to take the text out of events.
 *
 * @throws StreamError `source` naming the operator, and what it was given
 */
export function requireText(operator: string, piece: unknown): string {
  if (typeof piece === 'string') return piece;
  const { type } = Object(piece) as { readonly type?: unknown };
  const kind = piece === null ? 'null' : typeof piece;
  const given = typeof type === 'string' ? `an event ${type}` : kind;
  throw new StreamError(
    'source',
    `${operator} reads pieces of a text and got ${given}: put textDeltas() in front of it`,
  );
}
