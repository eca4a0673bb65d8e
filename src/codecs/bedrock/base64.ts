const WHOLE = /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/;

/** Whether this is base64, as AWS writes bytes in JSON. */
export function isBase64(text: string): boolean {
  return WHOLE.test(text) && !text.includes('_');
}

/** One base64 text of two, where the first may end with padding. */
export function joinedBase64(one: string, other: string): string {
  return one.endsWith('=') && isBase64(one) && isBase64(other) ? btoa(atob(one) + atob(other)) : one + other;
}
