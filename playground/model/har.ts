import { bytesOfBase64 } from './base64.js';

/** A body of a HAR that may be a stream. */
export interface HarBody {
  readonly title: string;
  readonly bytes: Uint8Array;
}

type Json = Readonly<Record<string, unknown>>;

const STREAMS = /event-stream|ndjson|jsonl|json-seq|stream\+json|amazon\.eventstream/i;

/** Whether a value is an HTTP archive, as the network panel of a browser exports one. */
export function isHar(value: unknown): value is { readonly log: { readonly entries: readonly unknown[] } } {
  return isObject(value) && isObject(value['log']) && Array.isArray(value['log']['entries']);
}

/** The bodies of an archive that are streams, in the order in which they were asked for. */
export function bodiesOf(har: {
  readonly log: { readonly entries: readonly unknown[] };
}): readonly HarBody[] {
  return har.log.entries.flatMap((entry): HarBody[] => {
    const { request, response } = isObject(entry) ? entry : {};
    const content = isObject(response) ? response['content'] : undefined;
    if (!isObject(content) || typeof content['text'] !== 'string' || content['text'] === '') return [];
    const { mimeType = '', encoding } = content;
    const { text } = content;
    if (!STREAMS.test(String(mimeType)) && !/^\s*(?:data:|event:|\{"|AAA)/.test(text)) return [];
    const bytes = encoding === 'base64' ? bytesOfBase64(text) : new TextEncoder().encode(text);
    if (bytes === undefined) return [];
    const { method = 'GET', url = '' } = isObject(request) ? request : {};
    return [{ title: `${String(method)} ${String(url).replace(/\?.*/, '')}`, bytes }];
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
