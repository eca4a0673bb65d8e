import type { Sheet } from '../kit/sheet.js';
import { dedent, type DocComment } from './docComment.js';

/** What the gallery shows of one operator. */
export interface Exhibit {
  readonly sheet: Sheet;
  readonly doc: DocComment;
}

/** The gallery as a page of its own: pictures, sentences, examples, and every drawing that is tested. */
export function galleryPage(exhibits: readonly Exhibit[]): string {
  const links = exhibits.map(({ sheet: { operator } }) => `<a href="#${operator}">${operator}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>rxjs-llm-stream: the operators, drawn</title>
<style>${STYLE}</style>
<header>
<h1>rxjs-llm-stream</h1>
<p>Every operator, drawn. Time runs from left to right; what stands above a box goes in, what stands below comes out.
A pill is an event: an outline begins or ends something, a tint lets it grow, a solid one is whole. Each block of a
message has a colour of its own. A bar completes, a cross is an error. Each drawing is also a test.</p>
<nav>${links.join('\n')}</nav>
</header>
<main>
<section>
<h2>All together</h2>
<figure><img src="pictures/pipeline.svg" alt="A pipeline of several operators"></figure>
</section>
${exhibits.map(section).join('\n')}
</main>
</html>
`;
}

function section({ sheet: { operator, cases, checks = {} }, doc }: Exhibit): string {
  const drawings = Object.entries(cases).map(([sentence, drawn]) => {
    const drawing = typeof drawn === 'string' ? drawn : drawn.drawing;
    return `<dt>${prose(sentence)}</dt><dd><pre>${escape(dedent(drawing))}</pre></dd>`;
  });
  const others = Object.keys(checks).map((sentence) => `<dt>${prose(sentence)}</dt>`);
  const example = doc.example === undefined ? '' : `<pre><code>${escape(doc.example)}</code></pre>`;
  return `<section id="${operator}">
<h2>${operator}</h2>
<p>${prose(doc.sentence)}</p>
<figure><img src="pictures/${operator}.svg" alt="${operator}" loading="lazy"></figure>
${example}
<details><summary>${drawings.length + others.length} more that it keeps</summary>
<dl>
${[...drawings, ...others].join('\n')}
</dl>
</details>
</section>`;
}

/** The little Markdown that a sentence has: code, and links to other operators. */
function prose(markdown: string): string {
  return escape(markdown)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\{@link (\w+)\}/g, '<a href="#$1">$1</a>');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--paper:#f6f8fa;--edge:#d1d9e0;--link:#0969da}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--paper:#010409;--edge:#3d444d;--link:#4493f8}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,sans-serif}
h1{font-size:1.6rem;margin:.5rem 0}h2{font:600 1.25rem ui-monospace,Menlo,Consolas,monospace;margin:3rem 0 .25rem}
p{max-width:46rem;margin:.5rem 0}a{color:var(--link)}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;font:.9rem ui-monospace,Menlo,Consolas,monospace;margin-top:1rem}
figure{margin:1rem 0;overflow-x:auto}img{display:block;max-width:none}
pre{margin:.5rem 0;padding:.75rem 1rem;overflow-x:auto;border:1px solid var(--edge);border-radius:8px;
font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
p code{font:.9em ui-monospace,Menlo,Consolas,monospace}
summary{cursor:pointer;color:var(--soft)}dt{margin-top:1rem}dd{margin:0}
`;
