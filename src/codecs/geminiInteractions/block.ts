import type { AnyContentBlock } from '../../events/block.js';
import { isObject, type Json } from '../kit/json.js';
import type { LooseBlock } from '../kit/writtenBlock.js';

/** The media that a delta, or a content, may be. */
const MEDIA: ReadonlySet<string> = new Set(['image', 'document', 'audio', 'video']);

/** Whether a delta, or a content, is a medium. */
export function isMedium(type: string): boolean {
  return MEDIA.has(type);
}

/** The block that a medium is: a picture or a document as other protocols have them too, a sound as it came. */
export function blockOfMedium(medium: { readonly type: string }): LooseBlock {
  const { type, data, uri: url, mime_type: media_type, ...members } = medium as LooseBlock;
  if (type !== 'image' && type !== 'document') return medium;
  const media = media_type === undefined ? {} : { media_type };
  const where =
    typeof data === 'string' ? { type: 'base64', ...media, data } : { type: 'url', url, ...media };
  return { ...members, type, source: where };
}

/** @returns the delta that a medium is; `undefined` for a block that is none */
export function mediumOf(block: AnyContentBlock): object | undefined {
  const { type, source, ...members } = block as object as LooseBlock;
  if (!MEDIA.has(type)) return undefined;
  if (type !== 'image' && type !== 'document') return block;
  const { data, url, media_type }: Json = isObject(source) ? source : {};
  if (typeof data === 'string') return { ...members, type, data, mime_type: media_type };
  return typeof url === 'string' ? { ...members, type, uri: url, mime_type: media_type } : undefined;
}
