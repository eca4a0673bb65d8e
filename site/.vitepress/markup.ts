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

/** What stands in code is text: `{{ call.input }}` of a template is not for the page to read. */
export function plainCode(md: MarkdownRenderer): void {
  const render = md.renderer.rules.code_inline;
  if (render === undefined) throw new Error('The renderer has no rule for code in a line');
  md.renderer.rules.code_inline = (tokens, index, options, env, self) => {
    tokens[index]?.attrSet('v-pre', '');
    return render(tokens, index, options, env, self);
  };
}

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
