import { SIZE, textWidth } from '../../src/pictures/measure.js';

/** A box of a picture, in px. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A text of a picture and the box it takes at most. */
export interface Text extends Box {
  readonly content: string;
}

/** Every text that a picture shows. */
export function textsIn(svg: string): Text[] {
  return [...svg.matchAll(/<text(?: class="([^"]*)")? x="([^"]+)" y="([^"]+)">([^<]*)<\/text>/g)].map(
    ([, classes = '', x, y, escaped = '']) => {
      const kinds = classes.split(' ');
      const size = kinds.includes('s') || kinds.includes('word') ? SIZE.small : SIZE.font;
      const content = unescaped(escaped);
      const width = textWidth(content, size);
      const before = kinds.includes('l') ? 0 : kinds.includes('r') ? width : width / 2;
      const left = Number(x) - before;
      // What letters reach above and below their line, in any usual font.
      return {
        content,
        left,
        right: left + width,
        top: Number(y) - 0.9 * size,
        bottom: Number(y) + 0.25 * size,
      };
    },
  );
}

/** Every pill of a picture. */
export function pillsIn(svg: string): Box[] {
  const pattern =
    /<g class="\S+ (?:outline|tint|solid|dashed)">(?:<title>[^<]*<\/title>)?<rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"/g;
  return [...svg.matchAll(pattern)].map(([, x, y, width, height]) => ({
    left: Number(x),
    right: Number(x) + Number(width),
    top: Number(y),
    bottom: Number(y) + Number(height),
  }));
}

/** The pairs of boxes that share some place. */
export function overlaps<B extends Box>(boxes: readonly B[]): (readonly [B, B])[] {
  return boxes.flatMap((a, nth) =>
    boxes
      .slice(nth + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => [a, b] as const),
  );
}

/** The size that a picture says it has. */
export function sizeIn(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
