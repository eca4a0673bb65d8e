import type { AnyContentBlock } from '../../events/block.js';
import { isObject, type Json } from '../kit/json.js';
import { PART_KINDS, type GeminiPart } from './wire.js';

/** What a part may have besides what it is. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['text', 'thought', 'thoughtSignature', 'functionCall', 'inlineData', 'fileData', ...PART_KINDS],
  ...['videoMetadata', 'mediaResolution', 'mediaProcessing', 'partMetadata', 'speechMetadata'],
]);

/** A block of a type that only some providers have. */
interface OwnBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** @returns the block that a part is, which comes whole; `undefined` for a text, a call, and a part of another kind */
export function blockOfPart(part: GeminiPart): OwnBlock | undefined {
  const { inlineData, fileData, thought, thoughtSignature: signature } = part;
  const own = { ...(thought && { thought }), ...(signature && { signature }) };
  for (const kind of PART_KINDS) {
    const members = part[kind];
    if (members) return { ...members, type: kind, ...own };
  }
  if (inlineData) {
    const { mimeType: media_type, data } = inlineData;
    return { type: kindOf(media_type), source: { type: 'base64', media_type, data }, ...own };
  }
  if (!fileData) return undefined;
  const { mimeType: media_type, fileUri: url } = fileData;
  return {
    type: kindOf(media_type),
    source: { type: 'url', url, ...(media_type && { media_type }) },
    ...own,
  };
}

/** Whether a part is a block that comes whole. */
export function isBlock(part: GeminiPart): boolean {
  return Boolean(part.inlineData ?? part.fileData) || PART_KINDS.some((kind) => part[kind]);
}

/** @returns the part that a block is; `undefined` for a block that is none of a kind that {@link blockOfPart} reads */
export function partOfBlock(block: AnyContentBlock | { readonly type: string }): object | undefined {
  const { type, signature, thought, source, ...members } = block as OwnBlock;
  const own = { thought, thoughtSignature: signature };
  if ((PART_KINDS as readonly string[]).includes(type)) {
    // A member may be called `source` here too.
    return { [type]: source === undefined ? members : { ...members, source }, ...own };
  }
  if ((type !== 'image' && type !== 'document') || !isObject(source)) return undefined;
  const { type: kind, media_type: mimeType, data, url }: Json = source;
  if (kind === 'base64' && typeof data === 'string') return { inlineData: { mimeType, data }, ...own };
  return typeof url === 'string' ? { fileData: { mimeType, fileUri: url }, ...own } : undefined;
}

/** @returns the name of what a part of an unknown kind holds; `undefined` for one that holds nothing */
export function unknownKindIn(part: GeminiPart): string | undefined {
  return Object.entries(part).find(([name, value]) => !ATTRIBUTES.has(name) && value !== null)?.[0];
}

function kindOf(mimeType: string | null | undefined): 'image' | 'document' {
  return mimeType?.startsWith('image/') ? 'image' : 'document';
}
