/** Which part of which document is which page. */
import { readdirSync } from 'node:fs';
import { raised, sectionsOf } from '../../scripts/markdown.js';
import { ROOT } from '../../scripts/repository.js';
import { read, type Page } from './places.js';

interface Plan {
  readonly path: string;
  /** Default: the first heading. */
  readonly title?: string;
  /** Whether its tables need the room of the list of headings. */
  readonly isWide?: boolean;
  /** By title, the empty one for what stands before the first. Default: all that no other plan of the document names. */
  readonly sections?: readonly string[];
}

/** Sections of README.md that have a better page: see {@link ELSEWHERE}. */
const NO_PAGE = ['Angular', 'Operators', 'How fast, how large', 'Runs'];

const README: readonly Plan[] = [
  { path: 'guide/index', title: 'Getting started', sections: ['', 'What you can rely on', 'What it is not'] },
  { path: 'guide/sources', sections: ['Sources'] },
  { path: 'guide/events', sections: ['Events'] },
  { path: 'guide/protocols', sections: ['Protocols'] },
  { path: 'guide/turns', sections: ['Whole turns'] },
  { path: 'guide/measuring', sections: ['Measuring'] },
  { path: 'guide/errors', sections: ['Errors'] },
  { path: 'guide/examples', sections: ['Examples'] },
  { path: 'guide/structure', sections: ['How it is built'] },
];

const SERVERS = [
  'A server: the handler',
  'Nest',
  'Express',
  'Fastify',
  'Hono',
  'Next',
  'A server for `useChat`',
  'A server for AG-UI',
  'Two instances with Redis',
];

const DOCUMENTS: readonly (readonly [file: string, plans: readonly Plan[]])[] = [
  ['README.md', README],
  ['docs/angular.md', [{ path: 'guide/angular' }]],
  [
    'docs/recipes.md',
    [{ path: 'guide/recipes' }, { path: 'back-end/index', title: 'Back end', sections: SERVERS }],
  ],
  ['docs/runs.md', [{ path: 'back-end/runs' }]],
  ['docs/protocols.md', [{ path: 'protocols/index' }]],
  ['docs/codecs.md', [{ path: 'protocols/codecs' }]],
  ['docs/testing.md', [{ path: 'testing/index' }]],
  ['docs/reliability.md', [{ path: 'reliability/index' }]],
  ['docs/incremental-json.md', [{ path: 'guide/incremental-json' }]],
  ['docs/playground.md', [{ path: 'guide/playground' }]],
  ['docs/operators.md', [{ path: 'operators/your-own' }]],
  ['docs/benchmarks.md', [{ path: 'why/benchmarks' }]],
  ['docs/latency.md', [{ path: 'why/latency' }]],
  ['docs/sizes.md', [{ path: 'why/sizes' }]],
  ['docs/others.md', [{ path: 'why/others', isWide: true }]],
  ['docs/upgrade.md', [{ path: 'upgrade' }]],
  ['CHANGELOG.md', [{ path: 'changelog' }]],
  ...decisions(),
];

/** Pages that stand for what is a file or a section in the repository. */
export const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['README.md', 'guide/'],
  ['README.md#operators', 'operators/'],
  ['README.md#angular', 'guide/angular'],
  ['README.md#runs', 'back-end/runs'],
  ['marbles/gallery.html', 'operators/'],
  ['docs/decisions', 'decisions/'],
  ['docs/decisions/', 'decisions/'],
]);

/** @returns a page for each part of the documents, with the links as they are there */
export function documentPages(): readonly Page[] {
  return DOCUMENTS.flatMap(([file, plans]) => {
    const sections = sectionsOf(read(file));
    const named = new Set([
      ...plans.flatMap((plan) => plan.sections ?? []),
      ...(file === 'README.md' ? NO_PAGE : []),
    ]);
    const rest = sections.map(({ title }) => title).filter((title) => !named.has(title));
    if (rest.length > 0 && plans.every((plan) => plan.sections !== undefined)) {
      throw new Error(
        `${file} has sections that no page of site/build/documents.ts shows: ${rest.join(', ')}`,
      );
    }
    return plans.map((plan) => pageOf(file, plan, plan.sections ?? rest));
  });
}

function pageOf(source: string, { path, title, isWide = false }: Plan, wanted: readonly string[]): Page {
  const sections = sectionsOf(read(source));
  const texts = wanted.map((name) => {
    const found = sections.find((section) => section.title === name);
    if (found === undefined) throw new Error(`${source} has no section ${name}, which /${path} shows`);
    return found.text;
  });
  const [first = ''] = wanted;
  if (title === undefined) {
    const text = first === '' ? texts.join('\n\n') : raised(texts.join('\n\n'));
    return { path, title: headingOf(text), text, source, isWide };
  }
  return { path, title, text: `# ${title}\n\n${withoutHeading(texts).join('\n\n')}`, source };
}

/** What stands before the first section has a heading of its own, which the page replaces. */
function withoutHeading(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.replace(/^# .+\n/, '').trim());
}

function headingOf(text: string): string {
  return (/^# (.+)$/m.exec(text)?.[1] ?? '').replaceAll('`', '');
}

function decisions(): (readonly [string, readonly Plan[]])[] {
  return readdirSync(new URL('docs/decisions/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => [`docs/decisions/${name}`, [{ path: `decisions/${name.slice(0, -'.md'.length)}` }]]);
}
