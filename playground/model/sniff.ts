/** The beginning of bytes that come in pieces. */
export function beginningOf(chunks: readonly Uint8Array[], most: number): Uint8Array {
  const [first = new Uint8Array()] = chunks;
  if (chunks.length <= 1 || first.length >= most) return first.subarray(0, most);
  const head = new Uint8Array(
    Math.min(
      most,
      chunks.reduce((length, chunk) => length + chunk.length, 0),
    ),
  );
  let at = 0;
  for (const chunk of chunks) {
    if (at >= head.length) break;
    const piece = chunk.subarray(0, head.length - at);
    head.set(piece, at);
    at += piece.length;
  }
  return head;
}

/** Whether bytes are no text: a NUL, or too much that is no UTF-8. */
export function isBinary(head: Uint8Array): boolean {
  const begun = head.subarray(0, 4_096);
  if (begun.includes(0)) return true;
  const text = new TextDecoder().decode(begun);
  const broken = text.split('\uFFFD').length - 1;
  return broken > 4 && broken > text.length / 20;
}

/** A text as far as that many of its lines go. */
export function firstLines(text: string, most: number): string {
  let end = -1;
  for (let line = 0; line < most; line++) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) return text;
  }
  return text.slice(0, end + 1);
}

/** Bytes as text, invalid ones replaced, without a byte order mark. */
export function textIn(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
