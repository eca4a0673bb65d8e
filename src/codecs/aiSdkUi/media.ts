import type { AnyContentBlock } from '../../events/block.js';
import { isObject, type Json } from '../kit/json.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import { othersIn } from './provided.js';
import type { Fields } from './wire.js';

const DATA_URL = /^data:([^;,]*);base64,/;

/** The block that a file is. */
export function blockOfFile({ url = '', mediaType = '', providerMetadata }: Fields): LooseBlock {
  const begun = DATA_URL.exec(url.slice(0, 200));
  const others = othersIn(providerMetadata);
  return {
    type: mediaType.startsWith('image/') ? 'image' : 'document',
    source: begun
      ? { type: 'base64', media_type: begun[1] || mediaType, data: url.slice(begun[0].length) }
      : { type: 'url', url, media_type: mediaType },
    ...(others && { providerMetadata: others }),
  };
}

/** The file that a block is; `undefined` for one that is none, or that only its provider can get at. */
export function fileOf(block: AnyContentBlock): Json | undefined {
  const { type, source } = block as object as Json;
  if ((type !== 'image' && type !== 'document') || !isObject(source)) return undefined;
  const { type: kind, media_type, data, url } = source;
  const usual = type === 'image' ? 'image/*' : 'application/octet-stream';
  const mediaType = typeof media_type === 'string' && media_type !== '' ? media_type : usual;
  if (kind === 'base64' && typeof data === 'string')
    return { url: `data:${mediaType};base64,${data}`, mediaType };
  return typeof url === 'string' ? { url, mediaType } : undefined;
}
