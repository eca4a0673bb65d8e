/** Classes in place of styles in the markup, which a strict policy forbids. */
import type { MarkdownRenderer } from 'vitepress';

interface Element {
  readonly properties: Record<string, unknown>;
}

/** Colours of code: `color:var(--code-token-keyword)` becomes `class="token-keyword"`. */
export const classesForColours = {
  name: 'classes for colours',
  span({ properties }: Element): void {
    const [, token] = /--code-([\w-]+)\)/.exec(String(properties['style'] ?? '')) ?? [];
    delete properties['style'];
    if (token !== undefined) properties['class'] = token;
  },
  pre({ properties }: Element): void {
    delete properties['style'];
  },
};

/** Columns of numbers: `text-align:right` becomes `class="align-right"`. A cell with nothing in it heads nothing. */
export function tables(md: MarkdownRenderer): void {
  for (const rule of ['th_open', 'td_open']) {
    md.renderer.rules[rule] = (tokens, index, options, _env, self) => {
      const token = tokens[index];
      const end = tokens[index + 2];
      if (token && end && tokens[index + 1]?.content === '') token.tag = end.tag = 'td';
      const [, side] = /text-align:\s*(\w+)/.exec(token?.attrGet('style') ?? '') ?? [];
      if (token && side !== undefined) {
        token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
        token.attrJoin('class', `align-${side}`);
      }
      return self.renderToken(tokens, index, options);
    };
  }
}
