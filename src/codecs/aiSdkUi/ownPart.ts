import { isObject, type Json } from '../kit/json.js';
import { metadataIn } from './metadata.js';
import { unwrapped } from './output.js';
import { isRefused } from './refused.js';
import { isDataName, membersOf } from './wire.js';

/**
 * A part that the client reads and no event is for, as it came.
 *
 * @param name - what the event is called
 * @returns `undefined` for what the client would fail at, or what would be read as something else
 */
export function ownPart(name: string, data: unknown, version: 6 | 7): Json | undefined {
  if (!isObject(data) || data['type'] !== name || isRefused(data, JSON.stringify(data))) return undefined;
  return isRead(name, data, version) && hasProvider(data) ? data : undefined;
}

function isRead(name: string, data: Json, version: 6 | 7): boolean {
  if (isDataName(name)) {
    const { id = '', transient = false } = data;
    return isText(id) && typeof transient === 'boolean' && unwrapped(data) === undefined;
  }
  if (name === 'message-metadata') {
    const { facts, others } = metadataIn(data['messageMetadata']);
    const isOther = Object.values(facts).every((fact) => fact === undefined);
    return isOther && others !== undefined && Object.keys(data).length === 2;
  }
  if (version === 6) return false;
  if (name === 'custom') return isText(data['kind']);
  if (name === 'reasoning-file') return isFile(data);
  return name === 'steering-message' && isText(data['id']) && areParts(data['parts']);
}

function areParts(parts: unknown): boolean {
  if (!Array.isArray(parts)) return false;
  return parts.map(membersOf).every((part) => {
    const isText_ = part['type'] === 'text' && isText(part['text']);
    return (isText_ || (part['type'] === 'file' && isFile(part))) && hasProvider(part);
  });
}

function isFile({ url, mediaType, filename = '' }: Json): boolean {
  return isText(url) && isText(mediaType) && isText(filename);
}

/** Whether what a provider says is an object of objects, if it says anything. */
function hasProvider({ providerMetadata = {} }: Json): boolean {
  return isObject(providerMetadata) && Object.values(providerMetadata).every(isObject);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
