import { isObject } from '../kit/json.js';

/** What a tool gave, as the protocol has it: a text, parts of a message, or the JSON of anything else. */
export function toolContentOf(content: unknown): unknown {
  if (typeof content === 'string') return content;
  const isParts = Array.isArray(content) && content.length > 0 && content.every(isPart);
  return isParts ? content : (JSON.stringify(content) ?? 'null');
}

/** Readers refuse a result with a part of another shape. */
function isPart(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { type, text, source, id, metadata } = part;
  if (id === null || metadata === null || (id !== undefined && typeof id !== 'string')) return false;
  if (type === 'text') return typeof text === 'string';
  return /^(?:image|audio|video|document)$/.test(String(type)) && isObject(source) && isSource(source);
}

function isSource({ type, value, mimeType }: { readonly [member: string]: unknown }): boolean {
  if (typeof value !== 'string' || !/^(?:data|url)$/.test(String(type))) return false;
  return typeof mimeType === 'string' || (type === 'url' && mimeType === undefined);
}
