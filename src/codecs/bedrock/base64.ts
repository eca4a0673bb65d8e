/** Text that is its own UTF-8, as nearly all of JSON is. */
const ASCII = /^[\0-\x7f]*$/;

const WHOLE = /^[a-z\d+/]*={0,2}$/i;

/** Whether this is base64, as AWS writes bytes in JSON. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && WHOLE.test(text);
}

/** One base64 text of two, where the first may end with padding. */
export function joinedBase64(one: string, other: string): string {
  return one.endsWith('=') && isBase64(one) && isBase64(other) ? btoa(atob(one) + atob(other)) : one + other;
}

/** @returns `undefined` where it is no base64, or its bytes are no UTF-8 */
export function textOfBase64(base64: string): string | undefined {
  try {
    const binary = atob(base64);
    if (ASCII.test(binary)) return binary;
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @returns the base64 of its UTF-8 */
export function base64OfText(text: string): string {
  if (ASCII.test(text)) return btoa(text);
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
